"""Open or closed, why, and until when; checked against a minute-by-minute reference."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.workhours.days import Schedule, SpecialDay
from plugins.workhours.hours import DAY, Interval, read_hours
from plugins.workhours.opening import opening

ROME = ZoneInfo("Europe/Rome")
MINUTE = timedelta(minutes=1)

OFFICE = "09:00-13:00, 14:00-18:00"
CHRISTMAS = SpecialDay("Christmas", prompt="Merry Christmas")


def week(*days: str) -> tuple:
    return tuple(read_hours(day) for day in days) + ((),) * (7 - len(days))


OFFICE_HOURS = Schedule(
    "Office",
    week(*[OFFICE] * 5),
    once={
        date(2026, 11, 23): SpecialDay("Stocktaking"),
        date(2026, 11, 28): SpecialDay("Open day", read_hours("10:00-12:00")),
        date(2027, 1, 6): SpecialDay("Epiphany sale", read_hours("15:00-20:00")),
    },
    yearly={(12, 25): CHRISTMAS},
    country="IT",
    language="en",
)


def at(text: str, zone: ZoneInfo = ROME, fold: int = 0) -> datetime:
    """An instant, from a wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def shown(instant: datetime | None, zone: ZoneInfo = ROME) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M") if instant else "never"


@pytest.mark.parametrize(
    ("when", "is_open", "why", "until"),
    [
        (
            "2026-11-20 08:59",
            False,
            "closed: Friday 08:59 is outside 09:00-13:00, 14:00-18:00, Europe/Rome",
            "2026-11-20 09:00",
        ),
        ("2026-11-20 09:00", True, "open: Friday 09:00-13:00, Europe/Rome", "2026-11-20 13:00"),
        ("2026-11-20 12:59", True, "open: Friday 09:00-13:00, Europe/Rome", "2026-11-20 13:00"),
        (
            "2026-11-20 13:00",
            False,
            "closed: Friday 13:00 is outside 09:00-13:00, 14:00-18:00, Europe/Rome",
            "2026-11-20 14:00",
        ),
        (
            "2026-11-22 22:00",
            False,
            "closed: Sunday is not a working day, Europe/Rome",
            "2026-11-24 09:00",  # Monday is stocktaking
        ),
        (
            "2026-11-23 10:00",
            False,
            'closed: holiday "Stocktaking" (23 November), Europe/Rome',
            "2026-11-24 09:00",
        ),
        (
            "2026-11-28 11:00",
            True,
            'open: "Open day" (28 November) 10:00-12:00, Europe/Rome',
            "2026-11-28 12:00",
        ),
        (
            "2026-11-28 12:00",
            False,
            'closed: "Open day" (28 November), 12:00 is outside 10:00-12:00, Europe/Rome',
            "2026-11-30 09:00",
        ),
        (
            "2029-12-25 10:00",
            False,
            'closed: holiday "Christmas" (25 December), Europe/Rome',
            "2029-12-27 09:00",
        ),
        (
            "2026-12-08 10:00",
            False,
            'closed: holiday "Immaculate Conception" (8 December), Europe/Rome',
            "2026-12-09 09:00",
        ),
        (
            "2027-01-06 16:00",
            True,
            'open: "Epiphany sale" (6 January) 15:00-20:00, Europe/Rome',
            "2027-01-06 20:00",
        ),
    ],
)
def test_special_dates_win_over_the_week(when, is_open, why, until):
    found = opening(OFFICE_HOURS, at(when), ROME)
    assert (found.open, found.why, shown(found.until)) == (is_open, why, until)


def test_the_special_date_is_handed_on_with_its_prompt():
    assert opening(OFFICE_HOURS, at("2026-12-25 10:00"), ROME).holiday is CHRISTMAS
    assert opening(OFFICE_HOURS, at("2026-11-20 10:00"), ROME).holiday is None


def test_the_same_instant_is_judged_on_the_clock_of_the_zone():
    instant = at("2026-11-20 09:30")
    assert opening(OFFICE_HOURS, instant, ROME).open
    assert not opening(OFFICE_HOURS, instant, ZoneInfo("Europe/London")).open


def test_a_night_belongs_to_the_day_it_starts():
    night = Schedule("Night", week("", "", "", "22:00-06:00"), yearly={(12, 25): CHRISTMAS})
    assert opening(night, at("2026-12-25 05:59"), ROME).open  # Thursday's night, on Christmas
    assert opening(night, at("2026-12-25 05:59"), ROME).why.startswith("open: Thursday 22:00-06:00")
    assert not opening(night, at("2026-12-25 06:00"), ROME).open
    assert not opening(night, at("2026-11-19 05:00"), ROME).open  # Wednesday has no night
    holiday_night = Schedule("Night", week(*["22:00-06:00"] * 7), yearly={(12, 25): CHRISTMAS})
    assert not opening(holiday_night, at("2026-12-26 05:00"), ROME).open


def test_an_interval_until_24_00_joins_the_next_day():
    whole = Schedule("Weekend", week("", "", "", "", "", "20:00-24:00", "00:00-24:00"))
    assert shown(opening(whole, at("2026-11-21 20:00"), ROME).until) == "2026-11-23 00:00"


def test_a_skipped_time_begins_at_the_first_instant_that_exists():
    spring = Schedule("Night", week(*["02:30-05:00"] * 7))
    found = opening(spring, at("2027-03-28 01:59"), ROME)
    assert (found.open, found.until) == (False, at("2027-03-28 03:00"))
    skipped = Schedule("Night", week(*["02:15-02:45"] * 7))
    assert shown(opening(skipped, at("2027-03-27 03:00"), ROME).until) == "2027-03-29 02:15"


def test_a_time_that_comes_twice_is_open_twice():
    autumn = Schedule("Night", week(*["01:00-02:30"] * 7))
    first = opening(autumn, at("2026-10-25 02:00"), ROME)
    assert (first.open, first.until) == (True, at("2026-10-25 02:30"))
    between = opening(autumn, first.until, ROME)
    assert (between.open, between.until) == (False, at("2026-10-25 02:00", fold=1))
    assert opening(autumn, between.until, ROME).until == at("2026-10-25 02:30", fold=1)


@pytest.mark.parametrize(
    ("schedule", "is_open"),
    [(Schedule("Never", week()), False), (Schedule("Always", week(*["00:00-24:00"] * 7)), True)],
)
def test_what_never_changes_has_no_next_change(schedule, is_open):
    found = opening(schedule, at("2026-11-20 10:00"), ROME)
    assert (found.open, found.until) == (is_open, None)


def test_a_country_closes_on_its_own_days_of_each_year():
    bavaria = Schedule("B", week(*[OFFICE] * 7), country="DE", subdivision="BY", language="it")
    berlin = Schedule("B", week(*[OFFICE] * 7), country="DE", subdivision="BE", language="en")
    epiphany = at("2027-01-06 10:00", ZoneInfo("Europe/Berlin"))
    assert not opening(bavaria, epiphany, ZoneInfo("Europe/Berlin")).open
    assert opening(berlin, epiphany, ZoneInfo("Europe/Berlin")).open
    easter_mondays = [date(2026, 4, 6), date(2027, 3, 29), date(2028, 4, 17)]
    assert all(berlin.special(day).name == "Easter Monday" for day in easter_mondays)
    assert berlin.special(date(2027, 4, 6)) is None


def test_holidays_are_named_in_the_language_of_the_account():
    assert Schedule("", week(), country="IT", language="it").special(date(2026, 12, 25)).name == (
        "Natale"
    )


def test_a_country_that_nobody_knows_has_no_holidays():
    nowhere = Schedule("", week(*[OFFICE] * 7), country="XX", subdivision="1")
    assert nowhere.special(date(2026, 12, 25)) is None


# --- The reference: a wall clock looked at once a minute -------------------------------------

ZONES = (
    "Europe/Rome",
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "America/Santiago",
    "America/Nuuk",
    "America/Scoresbysund",
    "Antarctica/Troll",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",
    "UTC",
)
YEAR = range(0, 366 * DAY, 15)
YEARS = (2006, 2011, 2026, 2027)
"""2006: St John's changed at 00:01; 2011: Apia skipped a day."""


@cache
def clock_changes(zone: ZoneInfo) -> list[datetime]:
    """Every change of the zone's clocks in these years, found by looking four times an hour."""
    minutes = (datetime(year, 1, 1, tzinfo=UTC) + n * MINUTE for year in YEARS for n in YEAR)
    offsets = ((minute, minute.astimezone(zone).utcoffset()) for minute in minutes)
    return [after[0] for before, after in pairwise(offsets) if before[1] != after[1]]


def open_minutes(schedule: Schedule, around: date) -> set[str]:
    """Slow and simple: every minute that a clock on the wall shows while it is open, as text."""
    shown = set()
    for offset in range(-3, 4):
        day = around + timedelta(days=offset)
        hours = schedule.once[day].hours if day in schedule.once else schedule.week[day.weekday()]
        midnight = datetime.combine(day, datetime.min.time())
        for interval in hours:
            for minute in range(interval.start, interval.end):
                shown.add(str(midnight + minute * MINUTE))
    return shown


def schedules(wall: datetime) -> st.SearchStrategy[Schedule]:
    """Weeks with begins and ends anywhere, but often near a time on the wall."""
    minute = wall.hour * 60 + wall.minute
    near = st.integers(-90, 90).map(lambda minutes: (minute + minutes) % DAY)
    times = st.one_of(near, near, st.integers(0, DAY - 1))
    interval = st.builds(
        lambda start, end: Interval(start, end if end > start else end + DAY), times, times
    )
    day = st.lists(interval, max_size=3).map(tuple)
    date_near = st.integers(-2, 2).map(lambda days: wall.date() + timedelta(days=days))
    special = st.builds(SpecialDay, st.just("Special"), day)
    once = st.dictionaries(date_near, special, max_size=2)
    return st.builds(Schedule, st.just("Random"), st.tuples(*[day] * 7), once=once)


def agrees(schedule: Schedule, instant: datetime, zone: ZoneInfo) -> None:
    """Walk from the instant for a day, minute by minute: the decision, and the next change, must
    be those that a clock on the wall shows."""
    shown = open_minutes(schedule, instant.astimezone(zone).date())

    def is_open(at: datetime) -> bool:
        return str(at.astimezone(zone).replace(tzinfo=None, fold=0)) in shown

    walked = instant.replace(second=0, microsecond=0)
    found = opening(schedule, instant, zone)
    assert found.open == is_open(walked)
    for _ in range(DAY):
        walked += MINUTE
        if is_open(walked) != found.open:
            assert found.until == walked
            return
    assert found.until is None or found.until > walked


def beside(change: datetime, zone: ZoneInfo) -> Schedule:
    """Open, every day, for a while on both sides of what the wall shows before and after."""
    walls = (change - MINUTE).astimezone(zone), change.astimezone(zone)
    early, late = sorted(wall.hour * 60 + wall.minute for wall in walls)
    hours = [Interval((early - 20) % DAY, (early - 20) % DAY + 35)]
    if late - early > 30:
        hours.append(Interval(late - 10, late + 20))
    return Schedule("Beside", (tuple(hours),) * 7)


@pytest.mark.parametrize("name", ZONES)
def test_at_every_change_of_clocks_it_agrees_with_a_clock_on_the_wall(name):
    zone = ZoneInfo(name)
    for change in clock_changes(zone):
        for minutes in (-70, -21, -1, 0, 1, 16, 31, 46, 61, 91):
            agrees(beside(change, zone), change + minutes * MINUTE, zone)


@given(
    data=st.data(),
    name=st.sampled_from(ZONES),
    instant=st.datetimes(datetime(2005, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
)
@settings(max_examples=60, deadline=None)
def test_at_any_minute_it_agrees_with_a_clock_on_the_wall(data, name, instant):
    zone = ZoneInfo(name)
    agrees(data.draw(schedules(instant.astimezone(zone))), instant, zone)


@given(data=st.data(), name=st.sampled_from(ZONES[:-1]))
@settings(max_examples=60, deadline=None)
def test_with_random_weeks_it_agrees_around_a_change_of_clocks(data, name):
    zone = ZoneInfo(name)
    change = data.draw(st.sampled_from(clock_changes(zone) or [at("2026-03-29 03:00")]))
    instant = change + timedelta(seconds=data.draw(st.integers(-2 * 3600, 2 * 3600)))
    agrees(data.draw(schedules(instant.astimezone(zone))), instant, zone)
