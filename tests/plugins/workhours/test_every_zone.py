"""Opening hours against a slow reference: around every change of clocks in every zone, and at
random minutes between, with special dates of all kinds, calendars, nights and overrides."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.workhours.dates import (
    LAST,
    AroundEaster,
    Church,
    DateRange,
    OneDate,
    WeekdayOfMonth,
    next_dates,
)
from plugins.workhours.days import AllDay, Event, SpecialDay
from plugins.workhours.hours import DAY, Interval
from plugins.workhours.overrides import Override
from tests.plugins.workhours.reference import (
    MINUTE,
    ONE_DAY,
    ZONES,
    World,
    agrees,
    changes,
    falls_on,
)

SOME_CHANGES = [
    ("Australia/Lord_Howe", 4, 30),
    ("Antarctica/Troll", 3, 120),
    ("Europe/Dublin", 3, 60),
    ("America/St_Johns", 3, 60),
]


def test_the_reference_knows_the_odd_zones():
    """Half an hour, two hours, a winter that is the saving; a day that does not exist."""
    for name, month, minutes in SOME_CHANGES:
        found = [
            abs(after - before) // MINUTE
            for at, before, after in changes(name)
            if at.year == 2026 and at.month == month
        ]
        assert found == [minutes], name
    apia = [after - before for at, before, after in changes("Pacific/Apia") if at.year == 2011]
    assert ONE_DAY in apia
    assert len(ZONES) > 400


def beside(zone: ZoneInfo, change: datetime, number: int) -> World:
    """Open, every day, for a while on both sides of what the wall shows before and after; and one
    more thing that changes there, another each time."""
    walls = (change - MINUTE).astimezone(zone), change.astimezone(zone)
    early, late = sorted(wall.hour * 60 + wall.minute for wall in walls)
    begin = (early - 20) % DAY
    hours = [Interval(begin, begin + 35)]
    if late - early > 30:
        hours.append(Interval(late - 10, late + 20))
    night = Interval(22 * 60, DAY + 6 * 60)
    day, hour = walls[1].date(), 60 * MINUTE
    extras = (
        {},
        {"dates": ((OneDate(day), (night,)),)},
        {"events": (Event(change - hour, change + 25 * MINUTE, "Meeting"),)},
        {"overrides": (Override(number % 2 == 0, change - hour, change + 40 * MINUTE, "a", "b"),)},
        {"all_day": (AllDay(day, day, "Fair", opens=True),)},
        {"week": ((night,),) * 7},
        {"events": (Event(change - 9 * MINUTE, change + 3 * hour, "Sale", True),)},
    )
    return World(**{"zone": zone, "week": (tuple(hours),) * 7, **extras[number % len(extras)]})


def test_around_every_change_of_clocks_in_every_zone():
    """fusionpbx#1587 and #1055: each zone's own clock decides, on both sides of every change.

    Zones that share a change (the same instant, the same offsets) show the same clocks around it:
    each such change is walked once, with seven worlds in turn.
    """
    seen = set()
    for name in ZONES:
        zone = ZoneInfo(name)
        for place in changes(name):
            if place in seen or place[0].second:
                continue
            seen.add(place)
            world = beside(zone, place[0], len(seen))
            starts = [place[0] + minutes * MINUTE for minutes in (-75, -21, -1, 0, 1, 31, 61)]
            agrees(world, world.schedule(SpecialDay), starts, hours=7)
    assert len(seen) > 300


# --- Random worlds ----------------------------------------------------------------------------


def intervals(minute: int) -> st.SearchStrategy:
    """Begins and ends anywhere, but often near a time on the wall; nights among them."""
    near = st.integers(-90, 90).map(lambda minutes: (minute + minutes) % DAY)
    times = st.one_of(near, near, st.integers(0, DAY - 1))
    return st.builds(
        lambda start, end: Interval(start, end if end > start else end + DAY), times, times
    )


def whens(day: date) -> st.SearchStrategy:
    """Special dates of every kind, most of them on or beside a day."""
    dates = st.integers(-3, 3).map(lambda days: day + timedelta(days=days))
    easter = next_dates(AroundEaster(0), date(day.year, 1, 1), 1)[0]
    return st.one_of(
        st.builds(OneDate, dates, st.booleans()),
        st.builds(
            lambda first, days, yearly: DateRange(first, first + timedelta(days=days), yearly),
            dates,
            st.integers(0, 60),
            st.booleans(),
        ).filter(lambda one: (29, 2) not in {(d.day, d.month) for d in (one.first, one.last)}),
        st.builds(
            WeekdayOfMonth,
            st.sampled_from([(day.day - 1) // 7 % 4 + 1, LAST]),
            st.sampled_from([day.weekday(), (day.weekday() + 1) % 7]),
            st.sampled_from([0, day.month]),
        ),
        st.builds(
            lambda days, church: AroundEaster(days, church),
            st.integers(-1, 1).map(lambda days: (day - easter).days + days),
            st.sampled_from(Church),
        ),
    )


@st.composite
def worlds(draw, zone: ZoneInfo, at: datetime) -> World:
    """A world whose edges lie around an instant."""
    local = at.astimezone(zone)
    hours = st.lists(intervals(local.hour * 60 + local.minute), max_size=3).map(tuple)
    edge = st.integers(-600, 600).map(lambda minutes: at + minutes * MINUTE)
    span = st.tuples(edge, edge).filter(lambda pair: pair[0] < pair[1])
    days = st.integers(-2, 2).map(lambda number: local.date() + number * ONE_DAY)
    event = st.builds(lambda pair, opens: Event(*pair, "E", opens), span, st.booleans())
    all_day = st.builds(
        lambda first, more, opens: AllDay(first, first + more * ONE_DAY, "A", opens),
        days,
        st.integers(0, 2),
        st.booleans(),
    )
    override = st.builds(
        lambda opened, pair, endless: Override(
            opened, pair[0], None if endless else pair[1], "who", "why"
        ),
        st.booleans(),
        span,
        st.booleans(),
    )
    return World(
        zone,
        draw(st.tuples(*[hours] * 7)),
        draw(st.lists(st.tuples(whens(local.date()), hours), max_size=3).map(tuple)),
        draw(st.lists(all_day, max_size=1).map(tuple)),
        draw(st.lists(event, max_size=2).map(tuple)),
        draw(st.lists(override, max_size=2).map(tuple)),
    )


@given(
    data=st.data(),
    name=st.sampled_from(ZONES),
    at=st.datetimes(datetime(1995, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
)
@settings(max_examples=50)
def test_at_any_minute_in_any_zone(data, name, at):
    zone, at = ZoneInfo(name), at.replace(second=0, microsecond=0)
    world = data.draw(worlds(zone, at))
    agrees(world, world.schedule(SpecialDay), [at, at + 13 * MINUTE, at + 200 * MINUTE])


@given(data=st.data(), name=st.sampled_from([one for one in ZONES if "/" in one]))
@settings(max_examples=50)
def test_random_worlds_around_changes_of_clocks(data, name):
    known = [at for at, _, _ in changes(name) if not at.second]
    change = data.draw(st.sampled_from(known or [datetime(2026, 3, 29, 1, tzinfo=UTC)]))
    at = change + data.draw(st.integers(-120, 120)) * MINUTE
    world = data.draw(worlds(ZoneInfo(name), at))
    agrees(world, world.schedule(SpecialDay), [at, at + 30 * MINUTE])


@given(data=st.data(), day=st.dates(date(1995, 1, 1), date(2090, 1, 1)))
@settings(max_examples=80)
def test_dates_of_every_kind_fall_where_each_day_says(data, day):
    when = data.draw(whens(day))
    found = set(when.in_year(day.year))
    first = date(day.year, 1, 1)
    days = [first + number * ONE_DAY for number in range(366)]
    expected = {one for one in days if one.year == day.year and falls_on(when, one)}
    assert found == expected
