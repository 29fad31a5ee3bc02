"""How times, lengths and numbers are written on pages."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import phonenumbers
from flask import Flask
from flask_babel import format_date, format_datetime, format_time, gettext
from markupsafe import Markup

from core.web.language import zone

PATTERNS = {"short": "d MMM y, HH:mm", "medium": "d MMM y, HH:mm:ss"}
"""Phone people read 24 hours, in every language."""

NUMBER = re.compile(r"(?<![\w+])\+[1-9]\d{6,14}(?![\d*?])")
"""A number in E.164, and not the beginning of a pattern."""


def instant(value: datetime | None, style: str = "medium") -> str:
    """An instant on the account's clock; the zone is named beside it by ``zone_name``."""
    return format_datetime(value, PATTERNS[style]) if value else "–"


def clock(value: datetime | None) -> str:
    """The time of day of an instant, to the second."""
    return format_time(value, "HH:mm:ss") if value else "–"


def day(value: date | None) -> str:
    """A date."""
    return format_date(value, "d MMM y") if value else "–"


def duration(seconds: float | timedelta | None) -> str:
    """A length of time as ``1:05`` or ``1:02:03``."""
    if seconds is None:
        return "–"
    whole = int(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def phone(number: str | None) -> str:
    """An E.164 number with the spaces people expect; withheld numbers by name."""
    if not number:
        return gettext("Withheld")
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return written.replace(" ", "\N{NO-BREAK SPACE}")


def spaced(text: Any) -> str:
    """A text, or what reads as one, with the numbers in it as people write them; patterns of
    numbers stay as they were typed."""
    return NUMBER.sub(lambda found: phone(found[0]), str(text))


def amount(value: Any) -> str:
    """The value of a plan's cell."""
    if value is True:
        return gettext("yes")
    if value is False or value is None:
        return "–"
    return gettext("unlimited") if value == "unlimited" else str(value)


def tr(text: Any) -> str:
    """A text that plugins or tables bring, in the reader's language.

    Not the template's own ``_``, which would take a percent sign in it for a format.
    """
    words = str(text)
    return gettext(words) if words else ""


def icon(name: str, label: str = "") -> Markup:
    """A picture from our own sheet; ``label`` is read aloud when it stands alone."""
    title = Markup("<title>{}</title>").format(label) if label else ""
    hidden = Markup("") if label else Markup(' aria-hidden="true"')
    return Markup(
        '<svg class="icon"{}>{}<use href="/static/centralino/icons.svg#{}"></use></svg>'
    ).format(hidden, title, name)


def add(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.filters.update(
        instant=instant,
        clock=clock,
        day=day,
        duration=duration,
        tr=tr,
        phone=phone,
        amount=amount,
        spaced=spaced,
    )
    app.jinja_env.globals.update(icon=icon, zone_name=zone)
