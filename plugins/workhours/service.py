"""What happens to a call outside working hours (W3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import (
    N_,
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
    phrase,
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
        words = N_("open: %(schedule)s does not exist any more")
        call.note(phrase(words, schedule=settings.schedule))
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
    goodbye = (own or settings.prompt).strip()
    outside, to = way(now.holiday, settings)
    match outside:
        case schemas.REJECT:
            return Reject(outcome=Outcome.CLOSED, **told)
        case schemas.HANG_UP:
            return Hangup((_closed(goodbye),), Outcome.CLOSED, **told)
        case schemas.VOICEMAIL:
            return _message(_closed(goodbye), to, settings.message_prompt.strip(), told)
    if own:
        return Play((Say(own),), state={"connect": str(to)}, **told)
    return Connect(to, state={"goodbye": goodbye, "told": False}, **told)


def _message(closed: Prompt, to: Destination, prompt: str, told: Mapping[str, Any]) -> Step:
    """Send the caller to voicemail, which has its own prompt, longest message and thanks; a prompt
    for the hours outside takes the place of its own, so that the message is taken here."""
    if prompt:
        prompts = (closed, Say(prompt))
        return TakeMessage(prompts, to.id, otherwise=Outcome.CLOSED, place=str(to), **told)
    return Play((closed,), state={"connect": str(to)}, otherwise=Outcome.CLOSED, **told)


def own_prompt(now: Opening, schedule: Schedule) -> str:
    """The prompt of the special date, or of the schedule's holidays; "" on an ordinary day."""
    return "" if now.holiday is None else now.holiday.prompt or schedule.holiday_prompt


def go_on(result: Result, state: Mapping[str, Any]) -> Step:
    """After a prompt: connect. After a message: thanks. After a destination where nobody was
    reached: say that it is closed, hang up."""
    match result.kind:
        case ResultKind.PLAYED:
            to = Destination.parse(state["connect"])
            return Connect(
                to, state={"goodbye": "", "told": True}, reason=N_("outside working hours")
            )
        case ResultKind.MESSAGE:
            thanks = (Tone("message-thanks", schemas.THANKS),) if result.seconds else ()
            reason = phrase(N_("a message of %(seconds)s s"), seconds=result.seconds)
            return Hangup(thanks, Outcome.CLOSED, reason=reason)
    rang = result.ring not in (None, RingOutcome.FAILED)
    return Hangup(
        () if state["told"] else (_closed(state["goodbye"]),),
        # A call that rang somebody is missed; one that only heard "closed" is closed (R9).
        outcome=None if rang else Outcome.CLOSED,
        reason=N_("closed, and nobody was reached"),
    )


def way(special: SpecialDay | None, settings: Any) -> tuple[str, Destination]:
    """What happens to calls, and where they go: as the special date says, else the number."""
    if special is None or not special.outside:
        return settings.outside, target(settings)
    if special.outside == schemas.VOICEMAIL:
        return special.outside, _voicemail(settings)
    return special.outside, Destination.parse(special.destination)


def target(settings: Any) -> Destination:
    """Where calls go that are not ended."""
    match settings.outside:
        case schemas.VOICEMAIL:
            return _voicemail(settings)
        case schemas.FORWARD:
            return Destination("number", settings.number)
    return Destination.parse(settings.destination)


def _voicemail(settings: Any) -> Destination:
    """The chosen recipient's, else the company's."""
    return Destination.parse(settings.recipient or "voicemail")


def _closed(text: str) -> Prompt:
    return Say(text) if text else Tone("outside-hours", schemas.CLOSED_PROMPT)
