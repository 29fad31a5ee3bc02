"""A thousand calls, and a hundred on PostgreSQL: one record for each, right to the second, and
nothing is left behind."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from core.calls.tables import CallRow, LegRow, RecordingRow
from plugins.workhours.models import ScheduleRow
from tests.live import sipp
from tests.live.office import Office
from tests.live.sound import PROMPT
from tests.live.stack import Stack
from tests.live.waiting import until

PER_SECOND = 12
OUTSIDE = "+393487770003"
SHORTEST, LONGEST = 1000, 3000
"""Milliseconds of a talk."""

SLOWEST = 10
"""Seconds by which telephone and Asterisk may see an instant apart, on a machine that is busy."""


@pytest.mark.slow
def test_a_thousand_calls(stack: Stack, busy_office: Office) -> None:
    take(1000, stack, busy_office)


@pytest.fixture
def on_postgres(stacks: Callable[..., Stack], postgres_url: str) -> Iterator[tuple[Stack, Office]]:
    """An installation on PostgreSQL, running, and its company."""
    stack = stacks(postgres_url)
    office = stack.office("enterprise", "+390112345690")
    stack.configure()
    stack.pbx.start()
    stack.installation.start("jobs")
    stack.run()
    with stack.test():
        office.dials_freely()
        yield stack, office
    stack.stop()


@pytest.mark.slow
def test_a_hundred_calls_on_postgresql(on_postgres: tuple[Stack, Office]) -> None:
    take(100, *on_postgres)


def take(count: int, stack: Stack, office: Office) -> None:
    """Place so many calls, and look at what is known of them when all are over."""
    never, _ = ScheduleRow.get_or_create(account=office.account, name="Never")
    forwarded = {"schedule": f"schedule:{never.id}", "outside": "forward", "number": OUTSIDE}
    for line in (office.pbx_line, office.spare):
        office.profile("workhours", line=line, **forwarded)
    office.profile("recording", line=office.spare, record_all=True, consent="off")
    office.menu(PROMPT)
    placed = plan(office, count)
    listed = stack.folder / "thousand.csv"
    lines = [f"{caller};{number};{length}" for caller, (number, length) in placed.items()]
    listed.write_text("\n".join(["SEQUENTIAL", *lines, ""]))

    stack.scripted_outside(office, sipp.answers(0.1, once=False))
    more = ("-inf", str(listed), "-r", str(PER_SECOND))
    callers = stack.scripted_caller(office, sipp.calls_of_a_list(), count, more)
    callers.wait(count / PER_SECOND + 60)

    def ended() -> bool:
        mine = CallRow.account == office.account
        return CallRow.select().where(mine, CallRow.ended_at.is_null()).count() == 0

    until(ended, "every call is over")
    rows = list(CallRow.select().where(CallRow.account == office.account))
    assert Counter(row.caller for row in rows) == Counter(list(placed)), "one record for each call"
    lengths = callers.lengths()
    off = []
    for row in rows:
        menu = placed[row.caller][0] == office.number
        whole, talk = lengths[row.caller]
        assert row.outcome == ("abandoned" if menu else "forwarded"), row.ref
        lasted = (row.ended_at - row.started_at).total_seconds()
        # Whole seconds, begun ones not counted: half a second less in the middle.
        said = 0 if menu else talk - 0.5
        off += [abs(lasted - whole), abs(row.talk_seconds - said)]
    assert sorted(off)[len(off) * 98 // 100] < 1, "right to the second"
    assert max(off) < SLOWEST, "Asterisk or the telephone was asleep, the record is not wrong"
    assert not LegRow.select().where(LegRow.ended_at.is_null()).count(), "no leg is live"
    recorded = sum(number == office.spare.number for number, _ in placed.values())

    def stored() -> bool:
        mine = (RecordingRow.account == office.account) & (RecordingRow.status == "stored")
        return RecordingRow.select().where(mine).count() == recorded

    until(stored, f"{recorded} recordings are stored", 60)
    stack.pbx.wait_empty()


def plan(office: Office, count: int) -> dict[str, tuple[str, int]]:
    """Who calls which number and talks how long: half in the menu, a tenth recorded."""
    choose = random.Random(5)
    menu, talk, recorded = office.number, office.pbx_line.number, office.spare.number
    numbers = [menu] * 5 + [talk] * 4 + [recorded]
    return {
        f"+39320{place:07d}": (numbers[place % 10], choose.randint(SHORTEST, LONGEST))
        for place in range(count)
    }
