"""The pages on which an admin makes schedules, a line of text for each day of the week."""

from __future__ import annotations

from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel.speaklater import LazyString
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from core import api
from core.api import gettext, lazy_gettext
from plugins.workhours.days import Schedule
from plugins.workhours.hours import read_hours, write_hours
from plugins.workhours.models import HolidayRow, HoursRow, ScheduleRow
from plugins.workhours.overview import ComingDay, coming, summary, weekday
from plugins.workhours.packs import check_part, countries
from plugins.workhours.schedules import KIND, chosen, value_of

WEEK = range(7)


def check_hours(form: Any, field: Any) -> None:
    """A form validator for ``09:00-13:00, 14:00-18:00``."""
    try:
        read_hours(field.data or "")
    except api.BadInput as error:
        raise ValidationError(error.message) from error


def check_subdivision(form: Any, field: Any) -> None:
    """A form validator that leaves the code as it is stored."""
    try:
        field.data = check_part(form.country.data, field.data or "")
    except api.BadInput as error:
        raise ValidationError(error.message) from error


def country_choices() -> list[tuple[str, str]]:
    """The countries whose holidays are known, by their names in the reader's language."""
    names = Locale.parse(str(get_locale() or "en")).territories
    known = [(code, names.get(code, code)) for code in countries()]
    return [("", gettext("none")), *sorted(known, key=lambda one: one[1])]


class ScheduleView(api.AccountView):
    """Schedules with their weeks and special dates."""

    plugin = "workhours"
    category = "Routing"
    destination = KIND
    empty_text = lazy_gettext("No schedules yet.")
    empty_hint = lazy_gettext(
        "Make one, then choose it on the card of a number, under working hours."
    )
    edit_template = "workhours/edit.html"
    details_template = "workhours/details.html"
    column_list = ("name", "now", "week", "country", "used")
    column_details_list = column_list
    column_sortable_list = ("name",)
    column_default_sort = "name"
    column_labels = {
        "name": lazy_gettext("Name"),
        "now": lazy_gettext("Now"),
        "week": lazy_gettext("Week"),
        "country": lazy_gettext("Public holidays of"),
        "subdivision": lazy_gettext("State, province or canton"),
        "used": lazy_gettext("Used by"),
    }
    column_formatters = {
        "now": lambda view, context, row, name: view.now(row),
        "week": lambda view, context, row, name: view.week(row),
        "country": lambda view, context, row, name: f"{row.country} {row.subdivision}".strip(),
        "used": lambda view, context, row, name: (
            ", ".join(view.uses_of(row)) or gettext("nothing yet")
        ),
    }
    form_columns = (
        "name",
        *(f"day_{day}" for day in WEEK),
        "country",
        "subdivision",
        "holiday_prompt",
    )
    form_extra_fields = {
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
    }
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
    inline_models = (
        (
            HolidayRow,
            {
                "form_label": lazy_gettext("Special dates"),
                "form_columns": ("name", "date", "yearly", "hours", "prompt"),
                "form_args": {
                    "name": {"label": lazy_gettext("Name")},
                    "date": {"label": lazy_gettext("Date")},
                    "yearly": {"label": lazy_gettext("Every year")},
                    "hours": {
                        "label": lazy_gettext("Open all the same"),
                        "validators": [check_hours],
                        "description": lazy_gettext("Such as 10:00-12:00. Empty: closed all day."),
                    },
                    "prompt": {"label": lazy_gettext("Its own prompt")},
                },
            },
        ),
    )

    def get_one(self, id: Any) -> ScheduleRow:
        """The schedule, with the hours of each day as text."""
        row = super().get_one(id)
        for day, hours in enumerate(self.schedule(row).week):
            setattr(row, f"day_{day}", write_hours(hours))
        row.holidays = list(row.holidays.order_by(HolidayRow.date))
        return row

    def create_model(self, form: Any) -> Any:
        """Write a new schedule and its week."""
        with HoursRow._meta.database.atomic():
            row = super().create_model(form)
            if row:
                _write_week(row, form)
            return row

    def update_model(self, form: Any, model: ScheduleRow) -> bool:
        """Write a schedule and its week."""
        with HoursRow._meta.database.atomic():
            saved = super().update_model(form, model)
            if saved:
                _write_week(model, form)
            return saved

    def on_model_change(self, form: Any, model: ScheduleRow, is_created: bool) -> None:
        """A date is special once; of a yearly one the year does not count."""
        seen = set()
        for entry in (one for one in form["holidays"] if not form["holidays"].should_delete(one)):
            day, yearly = entry.form.date, entry.form.yearly.data
            key = (yearly, day.data.month, day.data.day, not yearly and day.data.year)
            if key in seen:
                sentence = gettext("%(date)s is there twice.", date=day.data)
                day.errors = [*day.errors, sentence]
                raise api.BadInput(gettext("Nothing is saved yet. %(sentence)s", sentence=sentence))
            seen.add(key)

    def schedule(self, row: ScheduleRow) -> Schedule:
        """The row as plain data."""
        return chosen(_account(), value_of(row))

    def now(self, row: ScheduleRow) -> str:
        """Whether it is open on the account's clock."""
        return summary(self.schedule(row), api.now(), _account().zone)

    def week(self, row: ScheduleRow) -> str:
        """The hours of the week in one line."""
        week = enumerate(self.schedule(row).week)
        found = [
            f"{weekday(day, 'abbreviated')} {write_hours(hours)}" for day, hours in week if hours
        ]
        return "; ".join(found) or gettext("never open")

    def coming(self, row: ScheduleRow) -> list[ComingDay]:
        """The coming days on the account's clock."""
        return coming(self.schedule(row), api.now().astimezone(_account().zone).date())

    def zone(self) -> str:
        """The zone of all times on the page."""
        return _account().timezone


def _write_week(row: ScheduleRow, form: Any) -> None:
    for one in row.hours:
        one.delete_instance()
    for day in WEEK:
        for start, end in read_hours(form[f"day_{day}"].data or ""):
            HoursRow.create(account=row.account_id, schedule=row, weekday=day, start=start, end=end)


def _account() -> api.Account:
    return api.current_member().account


def views() -> list[ScheduleView]:
    """The pages of this plugin."""
    return [ScheduleView(ScheduleRow, lazy_gettext("Schedules"), endpoint="workhours_schedules")]
