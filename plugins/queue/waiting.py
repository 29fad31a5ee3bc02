"""Hold and wait (R6): a caller whom nobody answered hears a melody, and the group is asked again
every few seconds. First come, first served: who becomes free is kept for who waits longest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from core import api
from core.api import N_, phrase
from plugins.queue.groups import Group
from plugins.queue.picking import REFUSED, TRIED, Picked
from plugins.queue.rules import place_of
from plugins.queue.visit import History, Visit

PAUSE = 10
"""Seconds after which a waiting call asks the group again."""

MAX_PAUSES = 380
"""So many pauses one call may have, in all groups; the engine stops at 400."""

LATE = timedelta(seconds=20)
"""A caller whose pause has been over for longer is gone, even if nobody has told us yet."""

MELODY = api.Tone("waiting", "All our colleagues are talking. Please hold the line.")


def hold(
    call: api.Call, group: Group, visit: Visit, picked: Picked, history: History
) -> api.Step | None:
    """Let the caller wait for the next pause; None when the waiting is over, or makes no sense.

    Args:
        call: the call, at this instant.
        group: where nobody could be rung.
        visit: the call's visit there.
        picked: why nobody could be.
        history: of the call.
    """
    if not group.waits:
        return None
    visit = visit.waiting(call.at, picked)
    left = seconds_left(call, group, visit)
    why = _why_not(group, picked, history, left)
    if why:
        call.note(why)
        return None
    seconds = min(PAUSE, left)
    waiting = {
        "group": group.id,
        "since": visit.waits_since,
        "until": (call.at + timedelta(seconds=seconds)).isoformat(),
        "barred": list(picked.skipped_as(REFUSED, TRIED)),
    }
    heard = history.waited
    waits, waited = history.waits + 1, history.waited + seconds
    history = replace(history, waits=waits, waited=waited, waiting=waiting)
    words = N_("group %(group)s: the caller waits, %(left)s at most; %(why)s")
    return api.Wait(
        prompts=(MELODY,),
        seconds=seconds,
        heard=heard,
        state=visit.as_state(),
        facts=history.as_facts(),
        reason=phrase(words, group=group.name, left=_clock(left), why=picked.why()),
        place=place_of(group),
    )


def ahead(call: api.Call, group: Group, visit: Visit) -> Iterator[tuple[str, ...]]:
    """Of each caller who waits longer in this group, the first first, the keys of the members who
    cannot be rung for them."""
    if not group.waits:
        return
    mine = (_instant(visit.waits_since) if visit.waits_since else call.at, call.id or 0)
    for since, call_id, waiting in sorted(_others(call, group), key=lambda one: one[:2]):
        if (since, call_id) < mine or (since == mine[0] and not call.id):
            yield tuple(waiting["barred"])


def seconds_left(call: api.Call, group: Group, visit: Visit) -> int:
    """How long a caller who waits may go on waiting (R6); never below 0."""
    end = _instant(visit.waits_since) + timedelta(minutes=group.wait_minutes)
    return max(0, ceil((end - call.at).total_seconds()))


def _others(call: api.Call, group: Group) -> Iterable[tuple[datetime, int, Any]]:
    for other in call.waiting_calls():
        waiting = other.facts.get("queue", {}).get("waiting")
        if waiting and waiting["group"] == group.id and call.at - _instant(waiting["until"]) < LATE:
            yield _instant(waiting["since"]), other.id, waiting


def _why_not(group: Group, picked: Picked, history: History, left: int) -> str:
    if picked.hopeless:
        return N_("nobody can be rung for this call any more: it does not wait")
    if not left:
        return phrase(N_("the caller waited %(minutes)s min in vain"), minutes=group.wait_minutes)
    if history.waits >= MAX_PAUSES:
        return phrase(N_("the caller waited %(count)s times"), count=MAX_PAUSES)
    return ""


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02} min"
