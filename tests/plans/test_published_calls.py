"""What a publish means to calls: they keep what they began with, and what was counted stays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.plans.revisions.starting import Start
from core.plans.tables import QuotaCounter, QuotaHold
from core.testing import Company, Kit, LiveCall
from plugins.melodies.texts import TEXTS
from tests.served.conftest import group_of

QUOTA = "recording.monthly_calls"
LIMIT = "recording.monthly_calls: 100 "
RATING = "quality_rating: true"
QUESTION = TEXTS["en"]["rating"]


def publish(kit: Kit, before: str, after: str, start: str = "now") -> None:
    """Change the default matrix, as a biller does."""
    book = kit.app.book
    book.look()
    text = book.settled().text
    assert before in text
    kit.app.publisher.publish(
        text.replace(before, after, 1),
        base=book.settled().number,
        newest=book.newest,
        start=Start.parse(start),
        author="ada@example.com",
        message="for the test",
        source="web",
        at=kit.clock(),
    )


def company_on(kit: Kit, plan: str, number: str = "+390612345678", **columns: Any) -> Company:
    """A company of two that records all calls and asks for a rating, where its plan lets it."""
    company = kit.company(plan, number, **columns)
    for extension in ("101", "102"):
        company.employee(extension)
    company.profile("queue", group=f"queue:{group_of(company).id}")
    company.profile("quality_rating")
    company.profile("recording", record_all=True)
    return company


def talk(call: LiveCall) -> LiveCall:
    """It is answered, and the operator hangs up."""
    call.answered()
    call.talked()
    return call


def is_rated(call: LiveCall) -> bool:
    """Whether the caller was asked for a rating."""
    return call.says == [QUESTION]


def counted(company: Company) -> list[tuple]:
    """All that was ever counted of an account."""
    counters = QuotaCounter.of(company.account).order_by(QuotaCounter.id)
    holds = QuotaHold.of(company.account).order_by(QuotaHold.id)
    return [*counters.tuples(), *holds.tuples()]


def ask(company: Company) -> tuple[Any, ...]:
    """The limit of recordings, how many are used or held, and how many are left."""
    kit = company.kit
    decision = kit.app.gate.ask(company.account.picture(), QUOTA, kit.clock())
    return decision.limit, decision.used + decision.held, decision.remaining


def test_a_call_that_started_before_a_publish_keeps_its_decisions(centralino):
    company = company_on(centralino, "basic")
    before = company.call("+393331111111")
    publish(centralino, RATING, "quality_rating: false")
    after = company.call("+393332222222")
    assert is_rated(talk(before))
    assert not is_rated(talk(after))


@pytest.mark.parametrize("start", ["now", "next-period", "2026-11-25"])
def test_a_plan_change_never_changes_what_was_counted(centralino, start):
    company = company_on(centralino, "free")
    for caller in ("+393331111111", "+393332222222", "+393333333333"):
        assert talk(company.call(caller)).orders[0].record
    before = counted(company)
    assert ask(company) == (100, 3, 97)
    publish(centralino, LIMIT, "recording.monthly_calls: 2 ", start)
    centralino.clock.now = datetime(2026, 11, 27, tzinfo=UTC)
    assert counted(company) == before
    assert ask(company) == ((100, 3, 97) if start == "next-period" else (2, 3, 0))
    publish(centralino, "recording.monthly_calls: ", "# recording.monthly_calls: ")
    assert counted(company) == before
    publish(centralino, "# recording.monthly_calls: ", "recording.monthly_calls: ")
    assert (counted(company), ask(company)[1]) == (before, 3)


def test_an_account_in_auckland_and_one_in_honolulu_have_their_own_months(centralino):
    auckland = company_on(centralino, "free", timezone="Pacific/Auckland")
    honolulu = company_on(centralino, "free", "+390687654321", timezone="Pacific/Honolulu")
    for company in (auckland, honolulu):
        talk(company.call())
    publish(centralino, LIMIT, "recording.monthly_calls: 5 ", "next-period")
    used, fresh = (100, 1, 99), (5, 0, 5)
    for at, there, here in (
        (datetime(2026, 11, 30, 10, 59, tzinfo=UTC), used, used),
        (datetime(2026, 11, 30, 11, 0, tzinfo=UTC), fresh, used),
        (datetime(2026, 12, 1, 9, 59, tzinfo=UTC), fresh, used),
        (datetime(2026, 12, 1, 10, 0, tzinfo=UTC), fresh, fresh),
    ):
        centralino.clock.now = at
        assert (ask(auckland), ask(honolulu)) == (there, here), at


def test_calls_before_and_after_their_own_midnight(centralino):
    auckland = company_on(centralino, "basic", timezone="Pacific/Auckland")
    honolulu = company_on(centralino, "basic", "+390687654321", timezone="Pacific/Honolulu")
    publish(centralino, RATING, "quality_rating: false", "2026-12-01")
    centralino.clock.now = datetime(2026, 11, 30, 10, 59, 30, tzinfo=UTC)
    running = auckland.call("+393331111111")
    centralino.clock.forward(seconds=30)
    assert not is_rated(talk(auckland.call("+393332222222")))
    assert is_rated(talk(honolulu.call("+393333333333")))
    assert is_rated(talk(running)), "it began before its midnight"
