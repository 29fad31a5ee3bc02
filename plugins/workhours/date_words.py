"""Special dates in words: when they fall, what happens then."""

from __future__ import annotations

from datetime import date

from core.api import gettext, ngettext
from plugins.workhours import schemas
from plugins.workhours.dates import EVERY_MONTH, LAST, Church, next_dates
from plugins.workhours.models import HolidayRow, Kind
from plugins.workhours.overview import day_text, month, weekday_name, yearly_text
from plugins.workhours.schedules import when

SHOWN = 5
"""So many of the next dates are shown."""


def kinds() -> dict[str, str]:
    """The kinds of special dates, as buttons and headings name them."""
    return {
        Kind.DATE: gettext("One date"),
        Kind.RANGE: gettext("Several days"),
        Kind.WEEKDAY: gettext("Weekday of a month"),
        Kind.EASTER: gettext("Around Easter"),
    }


def outsides() -> dict[str, str]:
    """What can happen to calls on a special date, while it is closed."""
    return {
        "": gettext("What the number says"),
        schemas.VOICEMAIL: gettext("Voicemail"),
        schemas.FORWARD: gettext("Forward to a number"),
        schemas.DESTINATION: gettext("Another destination"),
        schemas.HANG_UP: gettext("Prompt, then hang up"),
        schemas.REJECT: gettext("Reject before answering"),
    }


def nths() -> dict[int, str]:
    """Which of its weekday in a month."""
    return {
        1: gettext("first"),
        2: gettext("second"),
        3: gettext("third"),
        4: gettext("fourth"),
        LAST: gettext("last"),
    }


def churches() -> dict[str, str]:
    """Whose Easter."""
    return {Church.WESTERN: gettext("Western"), Church.ORTHODOX: gettext("Orthodox")}


def falls(row: HolidayRow) -> str:
    """When a special date falls, in a few words."""
    match row.kind:
        case Kind.WEEKDAY:
            words = {"nth": nths()[row.nth], "weekday": weekday_name(row.weekday)}
            if row.month == EVERY_MONTH:
                return gettext("%(nth)s %(weekday)s of every month", **words)
            return gettext("%(nth)s %(weekday)s of %(month)s", month=month(row.month), **words)
        case Kind.EASTER:
            church = churches()[row.church]
            if row.days == 0:
                return gettext("Easter Sunday (%(church)s)", church=church)
            return _beside_easter(row.days, church)
    return _of_dates(row)


def _beside_easter(days: int, church: str) -> str:
    if days < 0:
        return ngettext(
            "%(num)s day before Easter (%(church)s)",
            "%(num)s days before Easter (%(church)s)",
            -days,
            church=church,
        )
    return ngettext(
        "%(num)s day after Easter (%(church)s)",
        "%(num)s days after Easter (%(church)s)",
        days,
        church=church,
    )


def _of_dates(row: HolidayRow) -> str:
    text = yearly_text(row.date) if row.yearly else day_text(row.date)
    if row.kind == Kind.RANGE:
        last = yearly_text(row.until) if row.yearly else day_text(row.until)
        text = gettext("%(first)s to %(last)s", first=text, last=last)
    return gettext("%(date)s, every year", date=text) if row.yearly else text


def next_days(row: HolidayRow, today: date) -> list[date]:
    """The next days on which it falls; of several days in a row, the first of each row."""
    if row.kind != Kind.RANGE:
        return next_dates(when(row), today, SHOWN)
    days = next_dates(when(row), today, 366 * 4)
    known = set(days)
    starts = [
        day for day in days if day == today or date.fromordinal(day.toordinal() - 1) not in known
    ]
    return starts[:SHOWN]


def what_happens(row: HolidayRow) -> str:
    """Closed or open at hours, and where calls go."""
    text = gettext("open %(hours)s", hours=row.hours) if row.hours else gettext("closed all day")
    if row.outside:
        way = outsides().get(row.outside, row.outside)
        if row.destination:
            way = f"{way} ({row.destination.partition(':')[2] or row.destination})"
        text = f"{text}; {way}"
    return gettext("%(what)s, with a prompt of its own", what=text) if row.prompt else text
