"""Open or closed, why, and until when: the rules, each with its own dates."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from plugins.workhours.dates import OneDate
from plugins.workhours.days import Schedule, SpecialDay
from plugins.workhours.hours import read_hours
from plugins.workhours.opening import opening

ROME = ZoneInfo("Europe/Rome")

OFFICE = "09:00-13:00, 14:00-18:00"
CHRISTMAS = SpecialDay("Christmas", prompt="Merry Christmas")
EVERY_CHRISTMAS = (OneDate(date(2000, 12, 25), yearly=True), CHRISTMAS)


def week(*days: str) -> tuple:
    return tuple(read_hours(day) for day in days) + ((),) * (7 - len(days))


OFFICE_HOURS = Schedule(
    "Office",
    week(*[OFFICE] * 5),
    (
        (OneDate(date(2026, 11, 23)), SpecialDay("Stocktaking")),
        (OneDate(date(2026, 11, 28)), SpecialDay("Open day", read_hours("10:00-12:00"))),
        (OneDate(date(2027, 1, 6)), SpecialDay("Epiphany sale", read_hours("15:00-20:00"))),
        EVERY_CHRISTMAS,
    ),
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
    """fusionpbx#1055: a zone for each tenant, and for each number."""
    instant = at("2026-11-20 09:30")
    assert opening(OFFICE_HOURS, instant, ROME).open
    assert not opening(OFFICE_HOURS, instant, ZoneInfo("Europe/London")).open


def test_a_night_belongs_to_the_day_it_starts():
    """chatwoot#5254: hours that end after midnight."""
    night = Schedule("Night", week("", "", "", "22:00-06:00"), dates=(EVERY_CHRISTMAS,))
    assert opening(night, at("2026-12-25 05:59"), ROME).open  # Thursday's night, on Christmas
    assert opening(night, at("2026-12-25 05:59"), ROME).why.startswith("open: Thursday 22:00-06:00")
    assert not opening(night, at("2026-12-25 06:00"), ROME).open
    assert not opening(night, at("2026-11-19 05:00"), ROME).open  # Wednesday has no night
    holiday_night = Schedule("Night", week(*["22:00-06:00"] * 7), dates=(EVERY_CHRISTMAS,))
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
