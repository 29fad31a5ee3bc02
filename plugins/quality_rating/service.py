"""Asks for a rating after a talk and keeps what was pressed (Q6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.api import (
    N_,
    Call,
    EmployeeRow,
    Gather,
    Hangup,
    LineRow,
    Prompt,
    Result,
    ResultKind,
    Say,
    Step,
    Talk,
    Tone,
    employees,
    phrase,
    snapshot,
)
from plugins.quality_rating.models import RatingRow
from plugins.quality_rating.schemas import AGAIN, QUESTION, THANKS

ANSWER_SECONDS = 5
"""How long the caller may think about an answer (Q6)."""

RATINGS = frozenset("12345")


def ask(call: Call, talk: Talk, settings: Any) -> Gather | None:
    """Ask for a rating, unless this call is one of those after which nobody is asked."""
    why_not = reason_not_to_ask(call, talk, settings)
    if why_not:
        call.note(phrase(N_("no rating asked: %(why)s"), why=phrase(why_not)))
        return None
    return _question(_prompt(settings.question, "rating", QUESTION), last=False)


def reason_not_to_ask(call: Call, talk: Talk, settings: Any) -> str:
    """Why the caller is not asked; "" when they are.

    Args:
        call: the call; after voicemail and missed calls this is not even considered.
        talk: the conversation that has just ended.
        settings: the least length in seconds and the pause between questions in days.
    """
    if talk.employee is None:
        return N_("an outside number answered, no employee")
    if talk.seconds < settings.min_talk_seconds:
        words = N_("the talk was shorter than %(seconds)s s")
        return phrase(words, seconds=settings.min_talk_seconds)
    if call.caller in own_numbers(call.account):
        return N_("an internal call")
    if _asked_lately(call, settings.repeat_days):
        return phrase(N_("this caller was asked within %(days)s d"), days=settings.repeat_days)
    return ""


def go_on(result: Result, state: Mapping[str, Any], settings: Any) -> Step:
    """The caller pressed a key, or none: thanks, the second question, or the end."""
    if result.kind is ResultKind.DIGITS and result.digits in RATINGS:
        rating = int(result.digits)
        thanks = _prompt(settings.thanks, "thanks", THANKS)
        reason = phrase(N_("rated %(rating)s"), rating=rating)
        return Hangup(prompts=(thanks,), facts={"rating": rating}, reason=reason)
    if state["last"]:
        return Hangup(reason=N_("no rating"))
    return _question(_prompt(settings.again, "rating", AGAIN), last=True)


def _prompt(typed: str, tone: str, text: str) -> Prompt:
    return Say(typed.strip()) if typed.strip() else Tone(tone, text)


def _question(prompt: Prompt, *, last: bool) -> Gather:
    return Gather(
        prompts=(prompt,),
        digits=1,
        first_seconds=ANSWER_SECONDS,
        finish_key="",
        state={"last": last},
        facts={"asked": True},
    )


def keep(call: Call) -> None:
    """The call has ended: store the rating, or that there was none; it belongs to the last
    employee who talked. A call without the question leaves nothing."""
    facts = call.facts.get("quality_rating", {})
    if not facts.get("asked"):
        return
    talked = call.talk.employee if call.talk else None
    RatingRow.create(
        account=call.account.id,
        call=call.id,
        employee=talked if talked in employees(call.account) else None,
        caller=call.caller,
        at=call.started_at,
        rating=facts.get("rating"),
    )


@snapshot
def own_numbers(account_id: int) -> frozenset[str]:
    """The numbers from which a call is internal: the account's own and its employees'."""
    lines = [line.number for line in LineRow.of(account_id)]
    people = EmployeeRow.of(account_id)
    phones = [number for one in people for number in (one.mobile, one.other_number)]
    return frozenset(number for number in (*lines, *phones) if number)


def _asked_lately(call: Call, days: int) -> bool:
    """Whether this caller was asked in the last days; of a withheld number nobody knows."""
    if call.anonymous or not days:
        return False
    database = RatingRow._meta.database
    since = RatingRow.at.db_value(call.at - timedelta(days=days))
    mark = database.param
    found = database.execute_sql(
        "SELECT 1 FROM quality_rating_ratings"
        f" WHERE account_id = {mark} AND caller = {mark} AND at > {mark} LIMIT 1",
        (call.account.id, call.caller, str(since)),
    )
    return found.fetchone() is not None
