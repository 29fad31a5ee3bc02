"""Compares Asterisk with the database, and mends: after every connect, and now and then."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime
from zlib import crc32

from core.api import OpenCall, StoreUnavailable
from plugins.asterisk.instructions import Instruction
from plugins.asterisk.names import token_of
from plugins.asterisk.performing.call import LiveCall
from plugins.asterisk.running.arriving import Arrival, from_channel
from plugins.asterisk.running.delivery import ADMIT_SECONDS, EngineDown
from plugins.asterisk.running.recovery import Facts, ended, plan
from plugins.asterisk.running.session import Session

log = logging.getLogger("centralino.asterisk")

SWEEP_SECONDS = 60
"""How often it is done while all goes well."""

AGAIN_SECONDS = 3
"""When to look again: a database that does not answer may be back, and of a call without a channel
somebody else may just be writing that it is over."""


TURN_SECONDS = 0.3
"""What lies between two slots that would do the same."""


async def care(session: Session) -> None:
    """Find the calls of a new session, then look after it.

    Args:
        session: connected, and listening.
    """
    await _mend(session, first=True)
    session.found_all()
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        await _mend(session)


async def _mend(session: Session, first: bool = False) -> None:
    """One round."""
    found = await _look(session)
    todo = plan(found, lambda channel: first or _ours(session, channel))
    if first and todo.resume:
        log.info("%s: goes on with %d calls", session.app, len(todo.resume))
    for channel in todo.resume:
        _resume(session, found, found.calls[channel], channel)
    for token, channels in todo.guests.items():
        for call in session.roster.at(token):
            for channel in channels:
                session.follow(channel, call)
    for arrival in todo.arrive:
        session.admit(arrival)
    for channel in todo.strays:
        session.start(session.hang_up(channel))
    for bridge in todo.bridges:
        session.start(session.ask("DELETE", f"bridges/{bridge}"))
    if todo.gone:
        session.start(_end_gone(session, todo.gone, session.quiet_since if first else None))


async def _look(session: Session) -> Facts:
    """What Asterisk and the database say, as soon as both answer. Asterisk first: what it has and
    no open call names, is of a call that is over."""
    while True:
        channels, app, bridges = await asyncio.gather(
            session.read("channels"),
            session.read(f"applications/{session.app}"),
            session.read("bridges"),
        )
        found = Facts(channels, set(app["channel_ids"]), bridges, {}, session.roster.names)
        try:
            async with asyncio.timeout(ADMIT_SECONDS):
                calls = await session.delivery.open_calls(session.server)
            return replace(found, calls=calls, known=session.roster.names)
        except (StoreUnavailable, EngineDown, TimeoutError) as error:
            told = str(error) or "the database does not answer in time"
            log.error("%s: calls are not found yet: %s", session.app, told)
        _let_nobody_wait(session, found)
        await asyncio.sleep(AGAIN_SECONDS)


def _let_nobody_wait(session: Session, found: Facts) -> None:
    """While nobody can say which calls are whose, callers who talk to nobody are brought to the
    engine as new ones are: it knows them again, or they are given to the dialplan."""
    talking = {one for bridge in found.bridges for one in bridge["channels"]}
    for arrival in plan(found).arrive:
        if arrival.channel not in talking:
            session.admit(arrival)


def _ours(session: Session, channel: str) -> bool:
    """Whether our slot ends a call whose channel is gone: all slots see it, one need do it."""
    slots = session.lease.server.slots
    return crc32(channel.encode()) % slots == session.lease.number % slots


def _resume(session: Session, found: Facts, call: OpenCall, channel: str) -> None:
    there = (from_channel(one) for one in found.channels if one["id"] == channel)
    arrival = next(there, None) or Arrival(channel, call.gateway_id, "", "", session.board.now())
    live = session.enter(arrival, Instruction.read(call.answer), call)
    session.start(_see_through(session, live))


async def _see_through(session: Session, live: LiveCall) -> None:
    """Let a call that was found go on to its end; then hang up what it had and did not know of,
    such as a phone that began to ring before."""
    await session.perform(live)
    channels, bridges = await asyncio.gather(session.read("channels"), session.read("bridges"))
    # Whom a consultation has left with another call's caller talks on there.
    talking = {one for bridge in bridges for one in bridge["channels"]}
    for id in [channel["id"] for channel in channels]:
        if token_of(id) == live.token and id not in session.roster and id not in talking:
            session.start(session.hang_up(id))


async def _end_gone(session: Session, channels: list[str], quiet_since: datetime | None) -> None:
    """The callers have hung up while nobody listened: their calls see it, and end themselves. When
    that was nobody knows, so that no second is counted that was not heard."""
    turn = session.lease.number * TURN_SECONDS  # who comes later finds it done
    await asyncio.sleep(AGAIN_SECONDS + turn)
    found = await _look(session)
    for channel in set(channels) & set(plan(found).gone):
        call = found.calls[channel]
        call = replace(call, ended_at=call.ended_at or ended(call, quiet_since))
        _resume(session, found, call, channel)
