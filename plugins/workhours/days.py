"""A schedule as plain data: the hours of the week, the special dates, the country's holidays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import holidays

from plugins.workhours.hours import Hours

CLOSED: Hours = ()


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """What holds on a date instead of the weekly hours.

    Args:
        name: what the admin calls it, or the country's name of the holiday.
        hours: when it is open all the same; nothing: closed all day.
        prompt: spoken to callers instead of the number's own; "": the schedule's or the number's.
    """

    name: str
    hours: Hours = CLOSED
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Everything that decides when a number is open, except its time zone.

    Args:
        name: as the admin calls it.
        week: the hours of Monday to Sunday.
        once: special days by date.
        yearly: special days by (month, day).
        country: ISO code of the country whose public holidays close it, "" for none.
        subdivision: code of the state, province or canton within it, "" for the whole country.
        language: in which the country's holidays are named.
        holiday_prompt: spoken on holidays that have no prompt of their own.
    """

    name: str
    week: tuple[Hours, ...]
    once: Mapping[date, SpecialDay] = field(default_factory=dict)
    yearly: Mapping[tuple[int, int], SpecialDay] = field(default_factory=dict)
    country: str = ""
    subdivision: str = ""
    language: str = ""
    holiday_prompt: str = ""

    def special(self, day: date) -> SpecialDay | None:
        """What is special about a date: a single date wins over a yearly one, and that over the
        country's holidays, so that an admin can open on one of them (W2)."""
        return (
            self.once.get(day) or self.yearly.get((day.month, day.day)) or self._public_holiday(day)
        )

    def hours_on(self, day: date) -> Hours:
        """The hours that begin on a date: of the special day, else of the weekday."""
        special = self.special(day)
        return self.week[day.weekday()] if special is None else special.hours

    @property
    def ever_opens(self) -> bool:
        """Whether there is any day on which it is open."""
        specials = (*self.once.values(), *self.yearly.values())
        return any(self.week) or any(special.hours for special in specials)

    def _public_holiday(self, day: date) -> SpecialDay | None:
        if not self.country:
            return None
        pack = public_holidays(self.country, self.subdivision, day.year, self.language)
        return pack.get(day)


@lru_cache(maxsize=512)
def public_holidays(
    country: str, subdivision: str, year: int, language: str
) -> dict[date, SpecialDay]:
    """The public holidays of one year, which differ from year to year (W2).

    A country or subdivision that the library no longer knows has none.
    """
    try:
        known = holidays.country_holidays(
            country, subdiv=subdivision or None, years=year, language=_spoken(country, language)
        )
    except NotImplementedError:
        return {}
    return {day: SpecialDay(name) for day, name in known.items() if day.year == year}


def _spoken(country: str, language: str) -> str | None:
    """The pack's own language nearest to ours; None: the country's first language."""
    spoken = holidays.country_holidays(country).supported_languages
    near = [one for one in spoken if one.split("_")[0] == language]
    english = [one for one in spoken if one.startswith("en")]
    return next(iter(near + english), None)
