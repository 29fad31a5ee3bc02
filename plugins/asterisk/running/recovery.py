"""What is to be done when a slot is taken or found again: Asterisk compared with the database.

Everything of a call has a name that is made from its token, so that the two lists are enough. A
plain function on plain data: carrying it out may be repeated as often as one likes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.api import OpenCall
from plugins.asterisk.names import token_of
from plugins.asterisk.running.arriving import Arrival, from_channel

_TOKEN = re.compile(r"[A-Za-z0-9_-]{24}")
"""What the engine names calls: Asterisk's own bridges have longer names."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found.

    Args:
        channels: all channels of the server, as Asterisk tells of them.
        ours: the ids of those that our slot hears of.
        bridges: all bridges of the server.
        calls: the server's open calls, by the id of the caller's channel.
        known: ids and tokens that this process has in hand already.
    """

    channels: list[dict[str, Any]]
    ours: Collection[str]
    bridges: list[dict[str, Any]]
    calls: Mapping[str, OpenCall]
    known: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done.

    Args:
        resume: callers' channels whose calls go on with their last instruction.
        gone: callers' channels that are no more, though their calls are open; nobody else is left.
        arrive: channels of which the engine may not know yet.
        guests: channels that came from another call, by the token of the call they talk in now.
        strays: channels of nobody.
        bridges: bridges of nobody.
    """

    resume: list[str]
    gone: list[str]
    arrive: list[Arrival]
    guests: dict[str, list[str]]
    strays: list[str]
    bridges: list[str]


def plan(facts: Facts, mine: Callable[[str], bool] = lambda ref: True) -> Plan:
    """Compare the two lists.

    Args:
        facts: what was found.
        mine: whether our slot sees to an open call whose channel is gone; every slot sees them.
    """
    there = {channel["id"]: channel for channel in facts.channels}
    tokens = {call.token for call in facts.calls.values()} | set(facts.known)
    guests = _guests(facts, tokens)
    unknown = [
        channel
        for channel in facts.channels
        if channel["id"] in facts.ours
        and channel["id"] not in facts.calls
        and not {channel["id"], token_of(channel["id"])} & tokens
        and not any(channel["id"] in ids for ids in guests.values())
    ]
    new = [id for id in facts.calls if _new(facts, id)]
    arrivals = {channel["id"]: from_channel(channel) for channel in unknown}
    return Plan(
        resume=[
            id for id in new if _lives(facts.calls[id].token, id, set(facts.ours) & set(there))
        ],
        gone=[id for id in new if not _lives(facts.calls[id].token, id, there) and mine(id)],
        arrive=[arrival for arrival in arrivals.values() if arrival is not None],
        guests=guests,
        strays=[id for id, arrival in arrivals.items() if arrival is None],
        bridges=[
            bridge["id"]
            for bridge in facts.bridges
            if _TOKEN.fullmatch(bridge["id"])
            and bridge["id"] not in tokens
            and not bridge["channels"]
        ],
    )


def ended(call: OpenCall, quiet_since: datetime | None) -> datetime | None:
    """When a call whose channel is gone has ended, as far as it was heard.

    Args:
        call: as the engine has it.
        quiet_since: since when nobody listened.

    Returns:
        The instant; None: now is as good as any.
    """
    if quiet_since is None or call.answered_at is None:
        return quiet_since
    return max(quiet_since, call.answered_at)


def _new(facts: Facts, channel: str) -> bool:
    """Whether nobody in this process sees to the call yet."""
    return channel not in facts.known and facts.calls[channel].token not in facts.known


def _lives(token: str, channel: str, there: Collection[str]) -> bool:
    """Whether a call has its caller, or, when the caller has handed them over to one another and
    gone, others."""
    return channel in there or any(token_of(id) == token for id in there)


def _guests(facts: Facts, tokens: Collection[str]) -> dict[str, list[str]]:
    """Who talks in a call's bridge without bearing its name: somebody was handed over to it."""
    found = {}
    for bridge in facts.bridges:
        own = {bridge["id"]} | {
            id for id, call in facts.calls.items() if call.token == bridge["id"]
        }
        others = [id for id in bridge["channels"] if id not in own and token_of(id) not in own]
        if bridge["id"] in tokens and others:
            found[bridge["id"]] = others
    return found
