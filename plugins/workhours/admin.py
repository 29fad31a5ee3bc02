"""The pages of working hours."""

from __future__ import annotations

from typing import Any

from core.api import lazy_gettext
from plugins.workhours.calendar_view import CalendarView
from plugins.workhours.date_view import DateView
from plugins.workhours.models import CalendarRow, HolidayRow, ScheduleRow
from plugins.workhours.override_page import OverridePage
from plugins.workhours.schedule_view import ScheduleView


def views() -> list[Any]:
    """The schedules with their dates and calendars, and what is said by hand."""
    return [
        ScheduleView(ScheduleRow, lazy_gettext("Schedules"), endpoint="workhours_schedules"),
        DateView(HolidayRow, lazy_gettext("Special dates"), endpoint="workhours_dates"),
        CalendarView(CalendarRow, lazy_gettext("Calendars"), endpoint="workhours_calendars"),
        OverridePage(
            lazy_gettext("Open or close by hand"),
            endpoint="workhours_overrides",
            url="/workhours/overrides",
        ),
    ]
