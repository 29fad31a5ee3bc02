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
    Prompt,
    Reject,
    Result,
    ResultKind,
    RingOutcome,
    Say,
    Step,
    TakeMessage,
    Tone,
)
from plugins.workhours import schemas
from plugins.workhours.days import Schedule, SpecialDay
from plugins.workhours.opening import Opening
from plugins.workhours.schedules import chosen
from plugins.workhours.standing import of_line


def route(call: Call, settings: Any) -> Step | None:
    """Let an open number's calls pass, and send those of a closed one where its settings say."""
    standing = of_line(call.account, call.line, settings.schedule)
    if settings.schedule and chosen(call.account, settings.schedule) is None:
        call.note(f"open: {settings.schedule} does not exist any more")
    if standing is None:
        return None
    now = standing.glance(call.at)
    if now.open:
        call.note(now.why)
        return None
    return outside_hours(standing.opening(call.at), standing.schedule, settings)


def outside_hours(now: Opening, schedule: Schedule, settings: Any) -> Step:
    """The first step of a call that finds the number closed."""
    facts = {"why": now.why, "opens": now.until.isoformat() if now.until else None}
    told = {"facts": facts, "reason": now.why}
    own = own_prompt(now, schedule)
    goodbye = own or settings.prompt.strip()
    outside, to = way(now.holiday, settings)
    match outside:
        case schemas.REJECT:
            return Reject(outcome=Outcome.CLOSED, **told)
        case schemas.HANG_UP:
            return Hangup((_closed(goodbye),), Outcome.CLOSED, **told)
        case schemas.VOICEMAIL:
            prompts = (
                _closed(goodbye),
                _prompt(settings.message_prompt, "voicemail", schemas.MESSAGE_PROMPT),
            )
            return TakeMessage(prompts, to.id, otherwise=Outcome.CLOSED, **told)
    if own:
        return Play((Say(own),), state={"connect": str(to)}, **told)
    return Connect(to, state={"goodbye": goodbye, "told": False}, **told)


def own_prompt(now: Opening, schedule: Schedule) -> str:
    """The prompt of the special date, or of the schedule's holidays; "" on an ordinary day."""
    return "" if now.holiday is None else now.holiday.prompt or schedule.holiday_prompt


def go_on(result: Result, state: Mapping[str, Any]) -> Step:
    """After a date's prompt: connect. After a message: hang up. After a destination where nobody
    was reached: say that it is closed, hang up."""
    match result.kind:
        case ResultKind.PLAYED:
            to = Destination.parse(state["connect"])
            return Connect(to, state={"goodbye": "", "told": True}, reason="outside working hours")
        case ResultKind.MESSAGE:
            return Hangup((), Outcome.CLOSED, reason=f"a message of {result.seconds} s")
    rang = result.ring not in (None, RingOutcome.FAILED)
    return Hangup(
        () if state["told"] else (_closed(state["goodbye"]),),
        # A call that rang somebody is missed; one that only heard "closed" is closed (R9).
        outcome=None if rang else Outcome.CLOSED,
        reason="closed, and nobody was reached",
    )


def way(special: SpecialDay | None, settings: Any) -> tuple[str, Destination]:
    """What happens to calls, and where they go: as the special date says, else the number."""
    if special is not None and special.outside:
        to = Destination.parse(special.destination)
        if special.outside == schemas.VOICEMAIL and not special.destination:
            to = Destination.parse(settings.recipient)
        return special.outside, to
    if settings.outside == schemas.VOICEMAIL:
        return settings.outside, Destination.parse(settings.recipient)
    return settings.outside, target(settings)


def target(settings: Any) -> Destination:
    """Where calls that are forwarded or sent elsewhere go."""
    if settings.outside == schemas.FORWARD:
        return Destination("number", settings.number)
    return Destination.parse(settings.destination)


def _closed(text: str) -> Prompt:
    return _prompt(text, "outside-hours", schemas.CLOSED_PROMPT)


def _prompt(typed: str, tone: str, text: str) -> Prompt:
    return Say(typed.strip()) if typed.strip() else Tone(tone, text)
