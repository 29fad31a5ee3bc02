"""The page of a schedule: its week to edit, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from flask import flash, request
from wtforms import SelectField, TextAreaField
from wtforms.validators import ValidationError

from core import api
from core.api import gettext, lazy_gettext
from plugins.workhours import week_form
from plugins.workhours.coming import ComingDay, coming
from plugins.workhours.date_words import falls, kinds, next_days, what_happens
from plugins.workhours.days import Schedule
from plugins.workhours.faults import sentence
from plugins.workhours.models import CalendarRow, HolidayRow, OverrideRow, ScheduleRow
from plugins.workhours.overview import country_name, moment, summary, week_lines
from plugins.workhours.packs import check_part, countries
from plugins.workhours.schedules import KIND, value_of
from plugins.workhours.standing import Standing, of_schedule, overrides
from plugins.workhours.upkeep import running_out


@contextmanager
def form_again() -> Iterator[None]:
    """Shows a form again with what was typed, when somebody goes back from the question whether
    changed outcomes are meant."""
    try:
        yield
    except api.BadInput as error:
        flash(error.message, "info")


def check_subdivision(form: Any, field: Any) -> None:
    """A form validator that leaves the code as it is stored."""
    try:
        field.data = check_part(form.country.data, field.data or "")
    except api.BadInput as error:
        raise ValidationError(error.message) from error


def country_choices() -> list[tuple[str, str]]:
    """The countries whose holidays are known, by their names in the reader's language."""
    known = [(code, country_name(code)) for code in countries()]
    return [("", gettext("none")), *sorted(known, key=lambda one: one[1])]


class ScheduleView(api.AccountView):
    """Schedules: the list, the page of each, and the form of its week."""

    plugin = "workhours"
    category = "Routing"
    destination = KIND
    roles_view = ("admin", "supervisor")
    empty_text = lazy_gettext("No schedules yet.")
    empty_hint = lazy_gettext(
        "Make one, then choose it on the card of a number, under working hours."
    )
    create_template = edit_template = "workhours/form.html"
    details_template = "workhours/schedule.html"
    column_list = ("name", "now", "week", "country", "used", "running_out")
    column_details_list = ("week", "country", "used")
    column_sortable_list = ("name",)
    column_default_sort = "name"
    column_labels = {
        "name": lazy_gettext("Name"),
        "now": lazy_gettext("Now"),
        "week": lazy_gettext("Week"),
        "country": lazy_gettext("Public holidays of"),
        "subdivision": lazy_gettext("State, province or canton"),
        "used": lazy_gettext("Used by"),
        "running_out": lazy_gettext("To do"),
    }
    column_formatters = {
        "now": lambda view, context, row, name: view.now(row),
        "week": lambda view, context, row, name: view.week(row),
        "country": lambda view, context, row, name: (
            f"{country_name(row.country)} {row.subdivision}".strip()
        ),
        "used": lambda view, context, row, name: (
            ", ".join(view.uses_of(row)) or gettext("nothing yet")
        ),
        "running_out": lambda view, context, row, name: " ".join(view.warnings(row)),
    }
    form_columns = ("name", *week_form.FIELDS, "country", "subdivision", "holiday_prompt")
    form_extra_fields = week_form.FIELDS
    form_overrides = {"country": SelectField, "holiday_prompt": TextAreaField}
    form_args = {
        "country": {"choices": country_choices},
        "subdivision": {
            "validators": [check_subdivision],
            "description": lazy_gettext(
                "Its code, such as BY for Bavaria; empty for the whole country."
            ),
        },
        "holiday_prompt": {
            "label": lazy_gettext("Prompt on holidays"),
            "description": lazy_gettext(
                "For dates without a prompt of their own. Empty: the number's prompt."
            ),
        },
    }

    def get_one(self, id: Any) -> ScheduleRow:
        """The schedule, with the hours of each day as text."""
        row = super().get_one(id)
        week_form.fill(row, self.schedule(row).week)
        return row

    def create_model(self, form: Any) -> Any:
        """Write a new schedule and its week."""
        if _filled_in(form):
            return False
        with form_again(), api.rehearsed():
            row = super().create_model(form)
            if row:
                self._write_week(row, form)
            return row
        return False

    def update_model(self, form: Any, model: ScheduleRow) -> bool:
        """Write a schedule and its week."""
        if _filled_in(form):
            return False
        with form_again(), api.rehearsed():
            saved = super().update_model(form, model)
            if saved:
                self._write_week(model, form)
            return saved
        return False

    def row_address(self, row: ScheduleRow) -> str:
        """Its page, from which all else is reached."""
        return self.get_url(".details_view", id=row.id)

    def get_save_return_url(self, model: ScheduleRow, is_created: bool = False) -> str:
        """After saving: the page."""
        return self.get_url(".details_view", id=model.id)

    def standing(self, row: ScheduleRow) -> Standing:
        """What decides, on the account's clock."""
        return of_schedule(_account(), value_of(row.id))

    def schedule(self, row: ScheduleRow) -> Schedule:
        """The row as plain data."""
        return self.standing(row).schedule

    def now(self, row: ScheduleRow) -> str:
        """Whether it is open on the account's clock."""
        return summary(self.standing(row), api.now())

    def week(self, row: ScheduleRow) -> str:
        """The hours of the week in one line."""
        return "; ".join(week_lines(self.schedule(row))) or gettext("never open")

    def warnings(self, row: ScheduleRow) -> list[str]:
        """What an admin should do soon."""
        return list(running_out(_account(), value_of(row.id), self.today()))

    def coming(self, row: ScheduleRow) -> list[ComingDay]:
        """The coming days on the account's clock."""
        return coming(self.standing(row), api.now())

    def by_hand(self, row: ScheduleRow) -> OverrideRow | None:
        """What was said of it by hand, while it holds."""
        standing = self.standing(row)
        holds = standing.overrides and standing.overrides[0].holds(api.now())
        return overrides(_account())[value_of(row.id)] if holds else None

    def dates(self, row: ScheduleRow) -> list[dict[str, Any]]:
        """Its special dates, in the order in which they come next."""
        found = [
            {
                "row": one,
                "falls": falls(one),
                "next": next_days(one, self.today()),
                "what": what_happens(one),
            }
            for one in HolidayRow.of(_account()).where(HolidayRow.schedule == row)
        ]
        return sorted(found, key=lambda one: (not one["next"], one["next"], one["row"].name))

    def calendars(self, row: ScheduleRow) -> list[dict[str, Any]]:
        """Its calendars, with what is wrong with their newest copies."""
        rows = CalendarRow.of(_account()).where(CalendarRow.schedule == row)
        return [
            {
                "row": one,
                "entries": one.entries.count(),
                "fault": sentence(one.fault, one.fault_detail) if one.fault else "",
            }
            for one in rows.order_by(CalendarRow.name)
        ]

    def kinds(self) -> dict[str, str]:
        """The kinds of special dates."""
        return kinds()

    def moment(self, value: Any) -> str:
        """An instant on the account's clock."""
        return moment(value, api.now(), _account().zone)

    def today(self) -> date:
        """The date on the account's clock."""
        return api.now().astimezone(_account().zone).date()

    def zone(self) -> str:
        """The zone of all times on the page."""
        return _account().timezone

    def _write_week(self, row: ScheduleRow, form: Any) -> None:
        week_form.write(row, form)
        opens = any(form[f"day_{day}"].data for day in week_form.WEEK)
        if (
            not opens
            and not HolidayRow.of(row.account_id).where(HolidayRow.schedule == row).exists()
        ):
            flash(gettext("This schedule never opens: it has no hours in its week."), "warning")


def _filled_in(form: Any) -> bool:
    """Whether a button was pressed that only fills days in."""
    if "copy" in request.form:
        week_form.copy_monday(form)
    elif "fill" in request.form:
        week_form.paste(form)
    else:
        return False
    flash(gettext("The days are filled in; nothing is saved yet."), "info")
    return True


def _account() -> api.Account:
    return api.current_member().account
