"""The names of everything a call has in Asterisk, all computed from its token.

Because nothing has a name that only the process knows, another process finds all of it again after
a restart. Tokens are the engine's: letters, digits, ``-`` and ``_``, never a dot.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

FOLDER = "centralino"
"""Where Asterisk keeps our recordings, below its own folder of recordings."""

SIDES = ("in", "out")
"""What the caller says, and what the caller hears."""

_EMPLOYEE = re.compile(r"PJSIP/employee-([0-9]+)(?:-|$)")
_RECORDING = re.compile(r"([a-z0-9-]+)/(centralino/[A-Za-z0-9_-]+\.[0-9]+)(\?sides=2)?")


def call_ref(server: str, channel: str) -> str:
    """How the engine names the call of a caller's channel."""
    return f"{server}/{channel}"


def caller_channel(ref: str) -> str:
    """The caller's channel of a call that the engine names so."""
    return ref.partition("/")[2]


def leg_channel(token: str, leg: int) -> str:
    """The channel of a rung phone."""
    return f"{token}.{leg}"


def leg_of(token: str, channel: str) -> int:
    """The number of the leg whose channel this is; 0: it is no leg of this call."""
    own, _, leg = channel.partition(".")
    return int(leg) if own == token and leg.isdecimal() else 0


def bridge(token: str) -> str:
    """Where caller and operator talk."""
    return token


def playback(token: str, step: int, number: int = 0) -> str:
    """What a step plays: 0 to the caller, n to the phone of leg n."""
    return f"{token}.{step}.{number}"


def snoop(token: str, step: int, side: str) -> str:
    """The channel that listens to one of ``SIDES`` of the caller's channel."""
    return f"{token}.{step}.{side}"


def account_music(account: int) -> str:
    """Asterisk's class of hold music of an account."""
    return f"account-{account}"


def number_music(line: int) -> str:
    """Asterisk's class of hold music of a number."""
    return f"number-{line}"


def recording(token: str, step: int, side: str = "") -> str:
    """What Asterisk calls a step's recording, or one side of it. No folder of the call's own: ARI
    removes files, and would leave it behind empty."""
    return f"{FOLDER}/{token}.{step}" + (f"-{side}" if side else "")


def quoted(name: str) -> str:
    """A name as part of a path: recordings have slashes."""
    return quote(name, safe="")


def recording_url(server: str, token: str, step: int, *, dual: bool) -> str:
    """The address under which the engine keeps a recording until it has been fetched."""
    return f"{server}/{recording(token, step)}" + ("?sides=2" if dual else "")


def read_recording_url(url: str) -> tuple[str, list[str]] | None:
    """The server and the names of a recording's files there, one or the two ``SIDES``; None when
    it is no address of ours."""
    found = _RECORDING.fullmatch(url)
    if found is None:
        return None
    server, name, dual = found.groups()
    return server, [f"{name}-{side}" for side in SIDES] if dual else [name]


def token_of(name: str) -> str:
    """The token in the name of a channel, bridge, playback or recording of ours; of any other
    name, something that is no token."""
    return name.removeprefix(f"{FOLDER}/").partition(".")[0]


def employee_of(channel_name: str) -> int | None:
    """Whose phone a channel such as ``PJSIP/employee-17-0000002a`` is; None: nobody's."""
    found = _EMPLOYEE.match(channel_name)
    return int(found[1]) if found else None


def things_of(event: dict[str, Any]) -> set[str]:
    """The ids of all channels, bridges, playbacks and recordings that an event is about.

    A transfer is about the channel of whoever transfers: the consultation is told apart.
    """
    if event.get("type") == "ChannelTransfer":
        return {event.get("referred_by", {}).get("source_channel", {}).get("id", "")} - {""}
    found = {
        event[kind]["id"]
        for kind in ("channel", "peer", "bridge", "playback")
        if event.get(kind, {}).get("id")
    }
    playback_of = event.get("playback", {}).get("target_uri", "")
    recording_name = event.get("recording", {}).get("name", "")
    if playback_of.startswith("channel:"):
        found.add(playback_of.removeprefix("channel:"))
    return found | ({recording_name} - {""})
