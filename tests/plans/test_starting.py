"""From when a revision holds: on each account's own clock, whatever is published in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.contract.errors import BadInput
from core.plans.file.changes import SetCell
from core.plans.file.editing import apply_changes
from core.plans.file.written import Written
from core.plans.periods import month_of
from core.plans.revisions.book import PlanBook, Revision
from core.plans.revisions.entering import Enterer, Publication
from core.plans.revisions.revisions import Revisions
from core.plans.revisions.starting import (
    NOW,
    Start,
    comes_before,
    require_to_come,
    settles_at,
    starts_at,
)
from core.store.database import Store
from tests.plans.conftest import FEATURES, catalogue_of
from tests.plans.test_periods import ZONES

EDGES = ("Pacific/Auckland", "Pacific/Honolulu", "America/St_Johns", "Pacific/Kiritimati")
zones = (st.sampled_from(EDGES) | st.sampled_from(ZONES)).map(ZoneInfo)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))
days = st.dates(date(2026, 1, 1), date(2036, 1, 1)).map(lambda day: Start.parse(str(day)))
starts = st.just(NOW) | st.just(Start.parse("next-period")) | days


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("word", ["now", "next-period", "2027-01-01"])
def test_a_start_is_written_as_it_is_read(word):
    assert str(Start.parse(f" {word} ")) == word


@pytest.mark.parametrize(
    "word",
    ["", "later", "NOW", "1.1.2027", "2027-02-30", "2027-1-1", "20270101", "1999-01-01"],
)
def test_another_word_is_refused_with_what_was_typed(word):
    with pytest.raises(BadInput) as refused:
        Start.parse(word)
    assert str(refused.value) == (
        f"“{word}” is no start; give now, next-period, or a day such as 2027-01-01."
    )


def test_a_month_and_a_day_begin_on_each_accounts_own_clock():
    at = utc("2026-11-30T18:00")  # in Auckland December has begun, in Honolulu it has not
    month, day = Start.parse("next-period"), Start.parse("2027-01-01")
    auckland, honolulu = ZoneInfo("Pacific/Auckland"), ZoneInfo("Pacific/Honolulu")
    assert starts_at(month, at, auckland) == utc("2026-12-31T11:00")
    assert starts_at(month, at, honolulu) == utc("2026-12-01T10:00")
    assert starts_at(day, at, auckland) == utc("2026-12-31T11:00")
    assert starts_at(day, at, honolulu) == utc("2027-01-01T10:00")
    assert settles_at(day, at) == utc("2027-01-01T12:00")


@given(starts, instants, zones)
def test_a_revision_is_settled_when_it_has_started_everywhere(start, counted_from, zone):
    begin, settles = starts_at(start, counted_from, zone), settles_at(start, counted_from)
    if begin is None:
        assert settles is None
        return
    assert counted_from < begin or start.day
    assert begin <= settles
    local = (begin - timedelta(microseconds=1)).astimezone(zone).date()
    assert begin == month_of(begin, zone)[0] or start.day
    assert start.day is None or local < start.day <= begin.astimezone(zone).date()


@given(starts, instants, starts, instants, zones)
def test_of_two_starts_one_comes_first_for_every_account_or_it_depends(a, at_a, b, at_b, zone):
    first, second = starts_at(a, at_a, zone), starts_at(b, at_b, zone)
    before = comes_before((a, at_a), (b, at_b))
    if before is None:
        assert {a.kind, b.kind} == {"next-period", "date"}
    elif before:
        assert first is None or (second is not None and first <= second)
    else:
        assert second is None or (first is not None and second <= first)


def test_it_depends_where_a_month_had_not_begun_everywhere():
    month = Start.parse("next-period"), utc("2026-11-30T18:00")
    for day, before in (("2026-12-01", False), ("2026-12-02", None), ("2026-12-31", None),
                        ("2027-01-01", True)):  # fmt: skip
        assert comes_before(month, (Start.parse(day), month[1])) is before


@given(days, instants, zones)
def test_a_day_that_is_taken_has_begun_nowhere(start, at, zone):
    if starts_at(start, at, ZoneInfo("Pacific/Kiritimati")) > at:
        require_to_come(start, at)
        assert starts_at(start, at, zone) > at
    else:
        with pytest.raises(BadInput, match="or a later day, or now"):
            require_to_come(start, at)


class NoFile:
    """A mirror of nothing: only the database matters here."""

    path = Path("plans.yaml")
    faults = ()

    def changed(self) -> bool:
        return False

    def look(self, at: datetime, wait: float = 0) -> bool:
        return True


@dataclass
class World:
    """Publishers, and accounts that look at what they have, beside a slow reference."""

    store: Store
    now: datetime
    line: list[tuple[Start, datetime, str, int]] = field(default_factory=list)
    """The reference: every change ever published, in the order in which they lie on each other."""
    seen: list[tuple[ZoneInfo, datetime, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.catalogue = catalogue_of(*FEATURES)
        self.revisions = Revisions(self.store)
        self.enterer = Enterer(self.store, self.revisions, self.catalogue, "plans.yaml")
        self.book = PlanBook(NoFile(), self.store, self.catalogue, lambda: self.now)
        for table in ("plan_revisions", "audit_entries"):
            self.store.execute(f"DELETE FROM {table}")
        text = "schema: 1\nplans: \n  free: {title: Free, features: {queue.max_groups: 0}}\n"
        self.enterer.enter(text, Publication("a", "first", "web", self.now), 0)

    def publish(self, start: Start, feature: str) -> None:
        """Set a feature to a value that was never used before, from the settled revision on."""
        self.book.look()
        value = self.revisions.newest()
        change = SetCell("free", feature, Written(value))
        text = apply_changes(self.book.settled().text, [change], self.catalogue)
        place = self._place(start)
        publication = Publication("a", f"change {value}", "web", self.now, start)
        if place is None:
            with pytest.raises(BadInput, match="in one part of the world before"):
                self.enterer.enter(text, publication, self.revisions.newest())
        else:
            self.enterer.enter(text, publication, self.revisions.newest())
            self.line.insert(place, (start, self.now, feature, value))

    def cancel(self) -> None:
        """Take the first scheduled change back."""
        self.book.look()
        for one in self.book.scheduled()[:1]:
            publication = Publication("a", "cancelled", "web", self.now)
            self.enterer.cancel(one.entry.number, publication, self.revisions.newest())
            value = int(one.entry.message.removeprefix("change "))
            self.line = [change for change in self.line if change[-1] != value]

    def _place(self, start: Start) -> int | None:
        """Behind all that has settled, and behind what is scheduled before it."""
        for place, (other, counted_from, *_) in enumerate(self.line):
            settles = settles_at(other, counted_from)
            if settles is not None and settles > self.now:
                before = comes_before((other, counted_from), (start, self.now))
                if not before:
                    return None if before is None else place
        return len(self.line)

    def expected(self, zone: ZoneInfo) -> dict[str, int]:
        """What an account has now, worked out from the changes alone."""
        values = {"queue.max_groups": 0}
        for start, counted_from, feature, value in self.line:
            begin = starts_at(start, counted_from, zone)
            if begin is None or begin <= self.now:
                values[feature] = value
        return values

    def check(self, zone: ZoneInfo) -> None:
        """What an account has now is what was published for now, and younger than before."""
        self.book.look()
        revision = self.book.in_force(zone, self.now)
        assert values(revision) == self.expected(zone)
        earlier = [number for other, _, number in self.seen if other is zone]
        assert revision.number >= max(earlier, default=0)
        self.seen.append((zone, self.now, revision.number))


def values(revision: Revision) -> dict[str, Any]:
    return {key: cell.value for key, cell in revision.document.plans["free"].cells.items()}


GROUPS, MEMBERS = "queue.max_groups", "queue.max_members"
MONTH = Start.parse("next-period")
YEARS_END = utc("2026-12-29T18:00")
SOON, LATER = timedelta(days=16), timedelta(days=33)

publishings = st.tuples(
    st.just(NOW)
    | st.just(MONTH)
    | st.sampled_from([timedelta(days=2), timedelta(days=3), SOON, LATER]),
    st.sampled_from([GROUPS, MEMBERS]),
)
gaps = st.sampled_from([0, 1, 7, 13, 24, 48]) | st.integers(0, 24 * 12)
events = st.lists(
    st.tuples(gaps, publishings | st.sampled_from([None, "cancel"])), min_size=2, max_size=14
)


@settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    begin=st.sampled_from([YEARS_END, utc("2027-03-12T00:00")]) | instants,
    events=events,
    others=st.lists(zones, max_size=2),
)
@example(
    begin=YEARS_END,
    events=[(0, (MONTH, GROUPS)), (1, (MONTH, MEMBERS)), (48, None)],
    others=[],
)
@example(
    begin=YEARS_END,
    events=[(0, (LATER, GROUPS)), (1, (SOON, MEMBERS)), (1, (NOW, GROUPS)), (24 * 18, None)],
    others=[],
)
def test_a_scheduled_change_is_never_lost_nor_early_whatever_is_published(
    sqlite_store, begin, events, others
):
    with sqlite_store.connection():
        world = World(sqlite_store, begin)
        places = [*map(ZoneInfo, EDGES), *others]
        for hours, publishing in [*events, (24 * 70, None)]:
            world.now += timedelta(hours=hours)
            if publishing == "cancel":
                world.cancel()
            elif publishing:
                start, feature = publishing
                if isinstance(start, timedelta):
                    start = Start.parse(str((world.now + start).date()))
                world.publish(start, feature)
            for zone in places:
                world.check(zone)
        assert world.book.scheduled() == ()
        for zone, at, number in world.seen:
            later = [other for place, when, other in world.seen if (place, when) == (zone, at)]
            assert world.book.as_of(zone, at).number == later[-1] >= number
        numbers = [one.number for one in reversed(world.revisions.page(most=1000))]
        assert numbers == list(range(1, len(numbers) + 1))
