"""The hours of one day, as people type them and as minutes that can be compared.

An interval belongs to the day on which it starts; one that ends after midnight has an end beyond
1440 (W1).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from core.api import BadInput, gettext

DAY = 24 * 60
"""Minutes of a day on the wall clock."""

_INTERVAL = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d\d))?")


class Interval(NamedTuple):
    """Open from ``start`` until just before ``end``, in minutes after the day's own midnight."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{clock(self.start)}-{clock(self.end if self.end <= DAY else self.end - DAY)}"


Hours = tuple[Interval, ...]


def clock(minutes: int) -> str:
    """Minutes after midnight as ``09:00``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def read_hours(text: str) -> Hours:
    """Read ``09:00-13:00, 14:00-18:00``; nothing means closed all day.

    ``22:00-06:00`` ends on the next day; ``24:00`` is the end of the day (W1).

    Raises:
        BadInput: an interval cannot be read, has no length, or overlaps another.
    """
    words = [word.strip() for word in re.split("[,;]", text)]
    hours = tuple(sorted(_interval(word) for word in words if word))
    for one, following in pairwise(hours):
        if following.start < one.end:
            sentence = gettext(
                "%(one)s and %(other)s overlap; make one interval of them.",
                one=one,
                other=following,
            )
            raise BadInput(sentence)
    return hours


def write_hours(hours: Hours) -> str:
    """The hours as ``read_hours`` takes them."""
    return ", ".join(str(interval) for interval in hours)


def _interval(word: str) -> Interval:
    found = _INTERVAL.fullmatch(word)
    if not found:
        sentence = gettext(
            "'%(typed)s' is no interval; write 09:00-13:00, and several with commas between them.",
            typed=word,
        )
        raise BadInput(sentence)
    hour, minute, to_hour, to_minute = (int(part or 0) for part in found.groups())
    start, end = hour * 60 + minute, to_hour * 60 + to_minute
    if minute > 59 or to_minute > 59 or start >= DAY or end > DAY:
        sentence = gettext(
            "'%(typed)s' has no such time; a day goes from 00:00 to 24:00.", typed=word
        )
        raise BadInput(sentence)
    if start == end:
        sentence = gettext(
            "'%(typed)s' has no length; for the whole day write 00:00-24:00.", typed=word
        )
        raise BadInput(sentence)
    return Interval(start, end if end > start else end + DAY)
