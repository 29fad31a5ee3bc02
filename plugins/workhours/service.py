"""What happens to a call outside working hours (W3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import (
    Call,
    Connect,
    Destination,
    Hangup,
    Outcome,
    Play,
    Reject,
    Result,
    ResultKind,
    RingOutcome,
    Say,
    Step,
    TakeMessage,
)
from plugins.workhours import schemas
from plugins.workhours.days import Schedule
from plugins.workhours.opening import Opening, glance, opening
from plugins.workhours.schedules import chosen


def route(call: Call, settings: Any) -> Step | None:
    """Let an open number's calls pass, and send those of a closed one where its settings say."""
    if not settings.schedule:
        return None
    schedule = chosen(call.account, settings.schedule)
    if schedule is None:
        call.note(f"open: {settings.schedule} does not exist any more")
        return None
    now = glance(schedule, call.at, call.line.zone)
    if now.open:
        call.note(now.why)
        return None
    now = opening(schedule, call.at, call.line.zone)
    return outside_hours(now, schedule, settings)


def outside_hours(now: Opening, schedule: Schedule, settings: Any) -> Step:
    """The first step of a call that finds the number closed."""
    facts = {"why": now.why, "opens": now.until.isoformat() if now.until else None}
    told = {"facts": facts, "reason": now.why}
    own = own_prompt(now, schedule)
    goodbye = own or settings.prompt
    match settings.outside:
        case schemas.REJECT:
            return Reject(outcome=Outcome.CLOSED, **told)
        case schemas.HANG_UP:
            return Hangup(_said(goodbye), Outcome.CLOSED, **told)
        case schemas.VOICEMAIL:
            recipient = Destination.parse(settings.recipient).id
            prompts = _said(goodbye, settings.message_prompt)
            return TakeMessage(prompts, recipient, otherwise=Outcome.CLOSED, **told)
    to = target(settings)
    if own:
        return Play(_said(own), state={"connect": str(to)}, **told)
    return Connect(to, state={"goodbye": goodbye}, **told)


def own_prompt(now: Opening, schedule: Schedule) -> str:
    """The prompt of the special date, or of the schedule's holidays; "" on an ordinary day."""
    return "" if now.holiday is None else now.holiday.prompt or schedule.holiday_prompt


def go_on(result: Result, state: Mapping[str, Any]) -> Step:
    """After a date's prompt: connect. After a message: hang up. After a destination where nobody
    was reached: say that it is closed, hang up."""
    match result.kind:
        case ResultKind.PLAYED:
            to = Destination.parse(state["connect"])
            return Connect(to, state={"goodbye": ""}, reason="outside working hours")
        case ResultKind.MESSAGE:
            return Hangup((), Outcome.CLOSED, reason=f"a message of {result.seconds} s")
    rang = result.ring not in (None, RingOutcome.FAILED)
    return Hangup(
        _said(state["goodbye"]),
        # A call that rang somebody is missed; one that only heard "closed" is closed (R9).
        outcome=None if rang else Outcome.CLOSED,
        reason="closed, and nobody was reached",
    )


def target(settings: Any) -> Destination:
    """Where calls that are forwarded or sent elsewhere go."""
    if settings.outside == schemas.FORWARD:
        return Destination("number", settings.number)
    return Destination.parse(settings.destination)


def _said(*texts: str) -> tuple[Say, ...]:
    return tuple(Say(text) for text in texts if text)
