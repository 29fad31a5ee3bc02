"""A schedule as plain data: the hours of the week, the special dates, calendars, the country."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

import holidays

from plugins.workhours.dates import When
from plugins.workhours.hours import DAY, Hours, Interval

CLOSED: Hours = ()
WHOLE_DAY: Hours = (Interval(0, DAY),)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """What holds on a date instead of the weekly hours.

    Args:
        name: what the admin calls it, or the country's name of the holiday.
        hours: when it is open all the same; nothing: closed all day.
        prompt: spoken to callers instead of the number's own; "": the schedule's or the number's.
        outside: what happens to calls while it is closed, as the settings of a number name it;
            "": what the number says.
        destination: where they go, when that is what happens.
    """

    name: str
    hours: Hours = CLOSED
    prompt: str = ""
    outside: str = ""
    destination: str = ""


class Event(NamedTuple):
    """An entry of a calendar with times: from ``start`` until just before ``end``, in UTC."""

    start: datetime
    end: datetime
    name: str
    opens: bool = False


class AllDay(NamedTuple):
    """An entry of a calendar without times: local dates, wherever the number is."""

    first: date
    last: date
    name: str
    opens: bool = False


class Span(NamedTuple):
    """From here until the next span, ``event`` is what a calendar says; None: nothing."""

    start: datetime
    event: Event | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Everything that decides when a number is open, except its time zone.

    Args:
        name: as the admin calls it.
        week: the hours of Monday to Sunday.
        dates: the admin's special dates, in the order in which they were entered.
        all_day: entries of calendars without times.
        spans: entries of calendars with times, as ``timeline`` makes them.
        country: ISO code of the country whose public holidays close it, "" for none.
        subdivision: code of the state, province or canton within it, "" for the whole country.
        language: in which the country's holidays are named.
        holiday_prompt: spoken on holidays that have no prompt of their own.
    """

    name: str
    week: tuple[Hours, ...]
    dates: tuple[tuple[When, SpecialDay], ...] = ()
    all_day: tuple[AllDay, ...] = ()
    spans: tuple[Span, ...] = ()
    country: str = ""
    subdivision: str = ""
    language: str = ""
    holiday_prompt: str = ""
    _years: dict[int, dict[date, SpecialDay]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _others: dict[int, dict[date, SpecialDay]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def own(self, day: date) -> SpecialDay | None:
        """The admin's own special date on a day."""
        known = self._years.get(day.year)
        if known is None:
            known = self._years[day.year] = self._own_dates(day.year)
        return known.get(day)

    def special(self, day: date) -> SpecialDay | None:
        """What is special about a day: the admin's own date wins over a calendar's, and that over
        the country's holidays, so that an admin can open on one of them (W2)."""
        own = self.own(day)
        if own is not None or not (self.country or self.all_day):
            return own
        known = self._others.get(day.year)
        if known is None:
            known = self._others[day.year] = self._other_dates(day.year)
        return known.get(day)

    def hours_on(self, day: date) -> Hours:
        """The hours that begin on a date: of the special day, else of the weekday."""
        special = self.special(day)
        return self.week[day.weekday()] if special is None else special.hours

    def event(self, instant: datetime) -> Event | None:
        """What a calendar's entry with times says of an instant."""
        place = bisect_right(self.spans, instant, key=_start) - 1
        return self.spans[place].event if place >= 0 else None

    def span_starts(self, after: datetime, until: datetime) -> list[datetime]:
        """The instants in between at which a calendar's entry begins or ends."""
        first = bisect_right(self.spans, after, key=_start)
        last = bisect_right(self.spans, until, key=_start)
        return [span.start for span in self.spans[first:last]]

    def events_between(self, begin: datetime, end: datetime) -> list[Event]:
        """The calendars' entries with times in between, in their order."""
        found = [self.event(begin), *(self.event(one) for one in self.span_starts(begin, end))]
        return [one for one in found if one is not None and one.start < end]

    @property
    def ever_opens(self) -> bool:
        """Whether there is any day on which it is open."""
        calendars = (*self.all_day, *(span.event for span in self.spans if span.event))
        return (
            any(self.week)
            or any(special.hours for _, special in self.dates)
            or any(entry.opens for entry in calendars)
        )

    def _own_dates(self, year: int) -> dict[date, SpecialDay]:
        by_rank = sorted(self.dates, key=lambda one: one[0].rank)
        return {day: special for when, special in by_rank for day in when.in_year(year)}

    def _other_dates(self, year: int) -> dict[date, SpecialDay]:
        found: dict[date, SpecialDay] = {}
        if self.country:
            found |= public_holidays(self.country, self.subdivision, year, self.language)
        first, last = date(year, 1, 1), date(year, 12, 31)
        for entry in sorted(self.all_day, key=lambda one: one.opens):
            special = SpecialDay(entry.name, WHOLE_DAY if entry.opens else CLOSED)
            days = range(max(entry.first, first).toordinal(), min(entry.last, last).toordinal() + 1)
            found.update((date.fromordinal(day), special) for day in days)
        return found


def timeline(events: Iterable[Event]) -> tuple[Span, ...]:
    """Events that may overlap as spans that do not: of two at the same time, the one that opens
    wins, then the one that began first."""
    events = sorted(events, key=lambda one: (not one.opens, one.start))
    ends = [(one.end, 0, place) for place, one in enumerate(events)]
    begins = [(one.start, 1, place) for place, one in enumerate(events)]
    running: set[int] = set()
    spans: list[Span] = []
    for instant, begin, place in sorted(ends + begins):
        (running.add if begin else running.discard)(place)
        event = events[min(running)] if running else None
        if spans and spans[-1].start == instant:
            spans.pop()
        if event is not (spans[-1].event if spans else None):
            spans.append(Span(instant, event))
    return tuple(spans)


def _start(span: Span) -> datetime:
    return span.start


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
