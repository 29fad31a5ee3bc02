"""The forms of special dates: a clear one for each kind, with the days on which it falls (W2)."""

from __future__ import annotations

from typing import Any

from flask import flash, g, request, url_for
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from core import api
from core.api import gettext, lazy_gettext
from plugins.workhours import schemas
from plugins.workhours.date_words import churches, falls, kinds, next_days, nths, outsides
from plugins.workhours.dates import LONGEST_RANGE
from plugins.workhours.models import HolidayRow, Kind, ScheduleRow
from plugins.workhours.overview import day_text, month, weekday
from plugins.workhours.week_form import WEEK, check_hours

OF_KIND = {
    Kind.DATE: ("date", "yearly"),
    Kind.RANGE: ("date", "until", "yearly"),
    Kind.WEEKDAY: ("nth", "weekday", "month"),
    Kind.EASTER: ("days", "church"),
}
"""The fields by which each kind names its days."""

SOME = {name for names in OF_KIND.values() for name in names}


def _destinations() -> list[tuple[str, str]]:
    known = [(one.value, one.title) for one in api.offers() if not one.value.startswith("schedule")]
    return [("", "–"), *known]


def _months() -> list[tuple[int, str]]:
    return [(0, gettext("every month")), *((one, month(one)) for one in range(1, 13))]


class DateView(api.AccountView):
    """Special dates; reached from the page of their schedule."""

    plugin = "workhours"
    category = "Routing"
    create_template = edit_template = "workhours/date.html"
    can_view_details = False
    empty_text = lazy_gettext("No special dates yet.")
    empty_hint = lazy_gettext("They are added on the page of a schedule.")
    column_list = ("name", "schedule", "falls", "hours")
    column_sortable_list = ("name",)
    column_default_sort = "name"
    column_labels = {
        "schedule": lazy_gettext("Schedule"),
        "name": lazy_gettext("Name"),
        "falls": lazy_gettext("Falls on"),
        "date": lazy_gettext("Date"),
        "until": lazy_gettext("Last day"),
        "yearly": lazy_gettext("Every year"),
        "nth": lazy_gettext("Which one"),
        "weekday": lazy_gettext("Weekday"),
        "month": lazy_gettext("Month"),
        "days": lazy_gettext("Days after Easter Sunday"),
        "church": lazy_gettext("Easter"),
        "hours": lazy_gettext("Open all the same"),
        "outside": lazy_gettext("While it is closed"),
        "destination": lazy_gettext("Destination"),
        "prompt": lazy_gettext("Its own prompt"),
    }
    column_formatters = {"falls": lambda view, context, row, name: falls(row)}
    form_columns = (
        "schedule",
        "name",
        "date",
        "until",
        "yearly",
        "nth",
        "weekday",
        "month",
        "days",
        "church",
        "hours",
        "outside",
        "number",
        "destination",
        "prompt",
    )
    form_extra_fields = {
        "number": StringField(
            lazy_gettext("Forward to"),
            validators=[api.PhoneNumber()],
            description=lazy_gettext("When calls are forwarded; such as +390612345678."),
        )
    }
    form_overrides = {
        "nth": SelectField,
        "weekday": SelectField,
        "month": SelectField,
        "days": IntegerField,
        "church": SelectField,
        "outside": SelectField,
        "destination": SelectField,
        "prompt": TextAreaField,
    }
    form_args = {
        "nth": {"choices": lambda: list(nths().items()), "coerce": int},
        "weekday": {
            "choices": lambda: [(day, weekday(day, "wide")) for day in WEEK],
            "coerce": int,
        },
        "month": {"choices": _months, "coerce": int},
        "days": {
            "validators": [InputRequired(), NumberRange(-100, 250)],
            "description": lazy_gettext(
                "−2 Good Friday, 0 Easter Sunday, 1 Easter Monday, 39 Ascension Day,"
                " 50 Whit Monday, 60 Corpus Christi."
            ),
        },
        "church": {"choices": lambda: list(churches().items())},
        "hours": {
            "validators": [check_hours],
            "description": lazy_gettext(
                "Such as 10:00-12:00, instead of the hours of the week. Empty: closed all day."
            ),
        },
        "outside": {"choices": lambda: list(outsides().items())},
        "destination": {
            "choices": _destinations,
            "description": lazy_gettext("When calls go to another destination."),
        },
        "prompt": {
            "description": lazy_gettext(
                "Spoken to callers instead of the number's own. Empty: the schedule's on holidays."
            )
        },
    }

    def is_visible(self) -> bool:
        """Not in the menu: dates stand on the page of their schedule."""
        return False

    def kind(self, row: HolidayRow | None = None) -> Kind:
        """Of the row, else as the address says."""
        asked = row.kind if row is not None else request.args.get("kind", "")
        return Kind(asked) if asked in set(Kind) else Kind.DATE

    def kinds(self) -> dict[str, str]:
        """All kinds, by name."""
        return kinds()

    def fill(self, row: Any) -> None:
        """A new row is of the kind whose form was sent."""
        super().fill(row)
        row.kind = self.kind()

    def create_form(self, obj: Any = None) -> Any:
        """The form of one kind, with the schedule from whose page somebody came."""
        form = self._of_kind(super().create_form(obj), self.kind())
        asked = request.args.get("schedule", "")
        if request.method == "GET" and asked.isdecimal():
            form.schedule.data = (
                ScheduleRow.of(_account()).where(ScheduleRow.id == int(asked[:18])).first()
            )
        return form

    def edit_form(self, obj: Any = None) -> Any:
        """The form of the row's kind."""
        form = self._of_kind(super().edit_form(obj), self.kind(obj))
        if request.method == "GET" and obj.outside == schemas.FORWARD:
            form.number.data = obj.destination.partition(":")[2]
        return form

    def create_model(self, form: Any) -> Any:
        """Write a new date, unless only the next days were asked for."""
        return False if self._previewed(form) else super().create_model(form)

    def update_model(self, form: Any, model: HolidayRow) -> bool:
        """Write a date, unless only the next days were asked for."""
        return False if self._previewed(form) else super().update_model(form, model)

    def preview(self, row: HolidayRow | None) -> list[str] | None:
        """The next days as typed, else as stored; None: nothing to show yet."""
        if "next_days" in g:
            return g.next_days
        return [day_text(day) for day in next_days(row, self._today())] if row else None

    def on_model_change(self, form: Any, model: HolidayRow, is_created: bool) -> None:
        """The days exist, calls have somewhere to go, and no date is special twice."""
        _check(form, model)
        _refuse_twin(model)
        if not next_days(model, self._today()):
            flash(gettext("This date is in the past: it changes nothing any more."), "warning")

    def get_save_return_url(self, model: HolidayRow, is_created: bool = False) -> str:
        """After saving: the page of its schedule."""
        return url_for("workhours_schedules.details_view", id=model.schedule_id)

    def _previewed(self, form: Any) -> bool:
        if "preview" not in request.form:
            return False
        draft = HolidayRow(kind=self._kind_of(form))
        form.populate_obj(draft)
        try:
            _check(form, draft)
            g.next_days = [day_text(day) for day in next_days(draft, self._today())]
        except api.BadInput as error:
            for name, sentence in error.fields.items():
                form[name].errors = [*form[name].errors, sentence]
        return True

    def _of_kind(self, form: Any, kind: Kind) -> Any:
        for name in SOME - set(OF_KIND[kind]):
            del form[name]
        if kind is Kind.RANGE:
            form.date.label.text = lazy_gettext("First day")
        return form

    def _kind_of(self, form: Any) -> Kind:
        return next(kind for kind, names in OF_KIND.items() if SOME & set(form._fields) == {*names})

    def _today(self) -> Any:
        return api.now().astimezone(_account().zone).date()


def _check(form: Any, row: HolidayRow) -> None:
    wrong = dict(_wrong_days(row))
    if row.outside == schemas.FORWARD:
        row.destination = f"number:{form.number.data or ''}"
        refusal = _refusal(form.number.data)
        wrong |= {"number": refusal} if refusal else {}
    elif row.outside != schemas.DESTINATION:
        row.destination = ""
    elif not row.destination:
        wrong["destination"] = gettext("Choose the destination to which calls go.")
    if wrong:
        raise api.BadInput(gettext("Nothing is saved yet: see the fields below."), wrong)


def _refusal(number: str | None) -> str:
    if not number:
        return gettext("Type the number to which calls are forwarded.")
    return api.say(api.dial_refusal(_account(), api.Phone(number)))


def _wrong_days(row: HolidayRow) -> dict[str, str]:
    if row.kind in (Kind.DATE, Kind.RANGE) and row.date is None:
        return {"date": gettext("Choose the date.")}
    if row.kind != Kind.RANGE:
        return {}
    if row.until is None or row.until < row.date:
        sentence = gettext("Choose a last day that is not before the first, the year included.")
        return {"until": sentence}
    if (row.until - row.date).days >= LONGEST_RANGE:
        return {"until": gettext("At most %(days)s days in a row.", days=LONGEST_RANGE)}
    return {}


def _refuse_twin(row: HolidayRow) -> None:
    """A date is special once; of a yearly one the year does not count."""
    if row.kind != Kind.DATE:
        return
    same = HolidayRow.of(row.account_id).where(
        HolidayRow.schedule == row.schedule,
        HolidayRow.kind == Kind.DATE,
        HolidayRow.yearly == row.yearly,
        HolidayRow.id != (row.id or 0),
    )
    for one in same:
        years = row.yearly or one.date.year == row.date.year
        if years and (one.date.month, one.date.day) == (row.date.month, row.date.day):
            sentence = gettext("“%(name)s” is on this date already; change that.", name=one.name)
            raise api.BadInput(sentence, {"date": sentence})


def _account() -> api.Account:
    return api.current_member().account
