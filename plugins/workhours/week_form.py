"""The week in the form of a schedule: a line of text for each day, copied and pasted as a whole."""

from __future__ import annotations

import re
from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel.speaklater import LazyString
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from core.api import BadInput, gettext, lazy_gettext
from plugins.workhours.hours import Hours, read_hours, write_hours
from plugins.workhours.models import HoursRow, ScheduleRow
from plugins.workhours.overview import weekday

WEEK = range(7)
WORKING_DAYS = range(1, 5)
"""The days that get Monday's hours."""

LINE = re.compile(r"\s*(\w+)\.?\s*(?:[-–]\s*([^\W\d]\w*)\.?)?\s*[:\s]\s*(.*?)\s*")


def check_hours(form: Any, field: Any) -> None:
    """A form validator for ``09:00-13:00, 14:00-18:00``."""
    try:
        read_hours(field.data or "")
    except BadInput as error:
        raise ValidationError(error.message) from error


def check_week(form: Any, field: Any) -> None:
    """A form validator for a pasted week."""
    try:
        read_week(field.data or "")
    except BadInput as error:
        raise ValidationError(error.message) from error


FIELDS = {
    f"day_{day}": StringField(
        LazyString(weekday, day, "wide"),
        validators=[check_hours],
        description=""
        if day
        else lazy_gettext(
            "Such as 09:00-13:00, 14:00-18:00. Empty: closed."
            " 22:00-06:00 ends on the next day; 24:00 is the end of the day."
        ),
    )
    for day in WEEK
} | {
    "pasted": TextAreaField(
        lazy_gettext("Days with their hours"),
        validators=[check_week],
        description=lazy_gettext(
            "A line for each day or days: Mon-Fri 09:00-13:00, 14:00-18:00. Days that it does not"
            " name stay as they are above."
        ),
    )
}


def read_week(text: str) -> dict[int, Hours]:
    """Read ``Mon-Fri 09:00-18:00`` and ``Sat 10-13``, a line for each; days as the reader's
    language or English names them, in full or shortened.

    Raises:
        BadInput: a line names no day, or hours that cannot be read.
    """
    names, found = _names(), {}
    for line in re.split(r"[\n/|]", text):
        if not line.strip():
            continue
        parts = LINE.fullmatch(line)
        first = _day(parts[1], names) if parts else None
        last = _day(parts[2], names) if parts and parts[2] else first
        if first is None or last is None:
            sentence = gettext(
                "“%(line)s” begins with no day; write Mon-Fri 09:00-18:00.", line=line.strip()
            )
            raise BadInput(sentence)
        hours = read_hours(parts[3])
        found |= {day % 7: hours for day in range(first, last + (8 if last < first else 1))}
    return found


def copy_monday(form: Any) -> None:
    """Give Tuesday to Friday the hours of Monday, in the form."""
    for day in WORKING_DAYS:
        form[f"day_{day}"].data = form["day_0"].data


def paste(form: Any) -> None:
    """Put the pasted week into the days, in the form."""
    for day, hours in read_week(form["pasted"].data or "").items():
        form[f"day_{day}"].data = write_hours(hours)
    form["pasted"].data = ""


def fill(row: ScheduleRow, week: tuple[Hours, ...]) -> None:
    """Show what is stored."""
    for day, hours in enumerate(week):
        setattr(row, f"day_{day}", write_hours(hours))


def write(row: ScheduleRow, form: Any) -> None:
    """Store what was typed."""
    for one in row.hours:
        one.delete_instance()
    for day in WEEK:
        for start, end in read_hours(form[f"day_{day}"].data or ""):
            HoursRow.create(account=row.account_id, schedule=row, weekday=day, start=start, end=end)


def _names() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {day: set() for day in WEEK}
    for locale in (get_locale() or Locale("en"), Locale("en")):
        for width in ("wide", "abbreviated"):
            for day, name in locale.days["stand-alone"][width].items():
                found[day].add(name.casefold().rstrip("."))
    return found


def _day(word: str, names: dict[int, set[str]]) -> int | None:
    typed = word.casefold().rstrip(".")
    return next((day for day, known in names.items() if typed in known), None)
