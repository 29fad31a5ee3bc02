"""Reads what the dialplan says of a new call: plain functions from words to numbers.

The words are written by our own dialplan (see ``setup``), but parts of them are the caller's: what
has no sensible shape is no number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from phonenumbers import is_valid_number, parse

from core.api import BadInput, e164
from plugins.asterisk.ari.events import happened_at

IN = "in"
"""First word of a call that comes over a trunk."""

OUT = "out"
"""First word of a call that an employee's phone makes."""

LONGEST_USER = 64
"""Characters of the user part of a To header that are kept."""

LONGEST_ID = 9
"""Digits of an id: longer ones are none of ours."""

_DIALLED = re.compile(r"\+?[0-9*#]{1,20}")
_NUMBER = re.compile(r"\+?[0-9]{2,20}")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A channel that has come to us, as the dialplan tells of it.

    Args:
        channel: its id.
        gateway: the id of the trunk's gateway.
        dialled: as it was dialled.
        caller: the number it shows, "" when it is withheld.
        at: when it came.
        sip_to: the user part of its To header (R1).
        employee: whose phone it is, 0 for a call from outside.
    """

    channel: str
    gateway: int
    dialled: str
    caller: str
    at: datetime
    sip_to: str = ""
    employee: int = 0

    @property
    def refuge(self) -> str:
        """The context of the dialplan that knows where the call goes while we cannot say it: to
        the backup number (O5), or, from a phone, where lives are saved."""
        return f"centralino-{'alone' if self.employee else 'backup'}-{self.gateway}"


def read_arrival(words: list[str], channel: dict[str, Any], at: datetime) -> Arrival | None:
    """What a new channel wants; None when it is none of ours.

    Args:
        words: the arguments of Stasis.
        channel: as Asterisk describes it.
        at: when it came.
    """
    match words:
        case ["in", gateway, dialled, *more] if _ids(gateway) and _DIALLED.fullmatch(dialled):
            to, presentation = (*more, "", "")[:2]
            to = _user(to)
            shown = channel.get("caller", {}).get("number", "")
            withheld = presentation.startswith("prohib") or presentation == "unavailable"
            return Arrival(
                channel["id"],
                int(gateway),
                dialled,
                "" if withheld else shown,
                at,
                "" if to == dialled else to,
            )
        case ["out", gateway, employee, dialled] if _ids(gateway, employee) and _DIALLED.fullmatch(
            dialled
        ):
            return Arrival(channel["id"], int(gateway), dialled, "", at, employee=int(employee))
    return None


def from_event(event: dict[str, Any]) -> Arrival | None:
    """What a ``StasisStart`` brings."""
    return read_arrival(event["args"], event["channel"], happened_at(event))


def from_channel(channel: dict[str, Any]) -> Arrival | None:
    """What a channel wants that stands in the dialplan's Stasis, when its event was missed."""
    dialplan = channel.get("dialplan", {})
    if dialplan.get("app_name") != "Stasis":
        return None
    words = dialplan.get("app_data", "").split(",")[1:]
    return read_arrival(words, channel, datetime.fromisoformat(channel["creationtime"]))


def _user(to: str) -> str:
    """The user part of a To header, of which the dialplan hands over that or the whole address."""
    address = to.partition("@")[0].split(":")
    return address[min(1, len(address) - 1)][:LONGEST_USER]


@lru_cache(maxsize=1000)
def readings(text: str, country: str) -> tuple[str, ...]:
    """What a number on a trunk may mean, in E.164, the likeliest first.

    Providers write ``+390612345678``, ``390612345678``, ``00390612345678`` or ``0612345678``.

    Args:
        text: as the trunk writes it.
        country: the account's.
    """
    if not _NUMBER.fullmatch(text):
        return ()
    if text.startswith("+"):
        whole = _e164(text, country)
        return (whole,) if whole else ()
    found = (_e164(text, country), _e164(f"+{text}", ""))
    possible = dict.fromkeys(one for one in found if one)
    return tuple(sorted(possible, key=lambda one: not is_valid_number(parse(one))))


def _e164(text: str, country: str) -> str:
    try:
        return e164(text, country)
    except BadInput:
        return ""


def _ids(*words: str) -> bool:
    return all(word.isdecimal() and word.isascii() and len(word) <= LONGEST_ID for word in words)
