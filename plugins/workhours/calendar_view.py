"""The form of an imported calendar: from a file or an address, read before it is saved (W2)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from wtforms import FileField, SelectField

from core import api
from core.api import gettext, lazy_gettext
from plugins.workhours.calendars import Entries, read, refresh, store
from plugins.workhours.faults import sentence
from plugins.workhours.fetching import LARGEST_BYTES, Fetched, check_address, fetch
from plugins.workhours.importing import Unreadable
from plugins.workhours.models import CalendarRow, ScheduleRow
from plugins.workhours.schedule_view import form_again


def _closes_or_opens() -> list[tuple[str, str]]:
    return [("", gettext("its entries close")), ("1", gettext("its entries open"))]


class CalendarView(api.AccountView):
    """Calendars; reached from the page of their schedule."""

    plugin = "workhours"
    category = "Routing"
    can_view_details = False
    empty_text = lazy_gettext("No calendars yet.")
    empty_hint = lazy_gettext("They are added on the page of a schedule.")
    delete_hint = lazy_gettext("Its dates go with it, and the hours of the week hold again.")
    column_list = ("name", "schedule", "opens", "fetched_at")
    column_sortable_list = ("name",)
    column_default_sort = "name"
    column_labels = {
        "name": lazy_gettext("Name"),
        "schedule": lazy_gettext("Schedule"),
        "opens": lazy_gettext("What it does"),
        "url": lazy_gettext("Address"),
        "fetched_at": lazy_gettext("Read at"),
    }
    column_formatters = {
        "opens": lambda view, context, row, name: dict(_closes_or_opens())["1" if row.opens else ""]
    }
    form_columns = ("schedule", "name", "opens", "url", "file")
    form_overrides = {"opens": SelectField}
    form_args = {
        "opens": {
            "choices": _closes_or_opens,
            "coerce": lambda value: "1" if value in (True, "1") else "",
            "description": lazy_gettext("Entries without times hold for the whole local day."),
        },
        "url": {
            "description": lazy_gettext(
                "Of an iCal calendar, such as the secret address of a Google calendar; read again"
                " every hour. Empty: the file below."
            )
        },
    }
    form_extra_fields = {
        "file": FileField(
            lazy_gettext("Or a file"),
            description=lazy_gettext("Ends in .ics. Choose it again to replace what it held."),
        )
    }

    def is_visible(self) -> bool:
        """Not in the menu: calendars stand on the page of their schedule."""
        return False

    def create_form(self, obj: Any = None) -> Any:
        """With the schedule from whose page somebody came."""
        form = super().create_form(obj)
        asked = request.args.get("schedule", "")
        if request.method == "GET" and asked.isdecimal():
            form.schedule.data = (
                ScheduleRow.of(_account()).where(ScheduleRow.id == int(asked[:18])).first()
            )
        return form

    def fill(self, row: Any) -> None:
        """A new calendar is due."""
        super().fill(row)
        row.due_at = api.now()

    def create_model(self, form: Any) -> Any:
        """Read the calendar, which may take seconds, before anything is written."""
        taken = self._take(form, None)
        if taken is None:
            return False
        with form_again(), api.rehearsed():
            row = super().create_model(form)
            if row:
                store(row, *taken, api.now())
            return row
        return False

    def update_model(self, form: Any, model: CalendarRow) -> bool:
        """Read it again when the address or the file is another one."""
        typed = (form.url.data or "").strip()
        if typed == model.url and not _uploaded(form):
            return super().update_model(form, model)
        taken = self._take(form, model)
        if taken is None:
            return False
        with form_again(), api.rehearsed():
            saved = super().update_model(form, model)
            if saved:
                store(model, *taken, api.now())
            return saved
        return False

    def on_model_change(self, form: Any, model: CalendarRow, is_created: bool) -> None:
        """The select's word becomes yes or no."""
        model.opens = form.opens.data == "1"

    def get_save_return_url(self, model: CalendarRow, is_created: bool = False) -> str:
        """After saving: the page of its schedule."""
        return url_for("workhours_schedules.details_view", id=model.schedule_id)

    @expose("/refresh/", methods=("POST",))
    def refresh_view(self) -> Any:
        """Read it again now."""
        row = self.get_one(request.form.get("id"))
        refresh(row, api.now())
        row = self.get_one(row.id)
        if row.fault:
            flash(sentence(row.fault, row.fault_detail), "error")
        else:
            flash(gettext("“%(name)s” is up to date.", name=row.name), "success")
        return redirect(self.get_save_return_url(row))

    def _take(self, form: Any, row: CalendarRow | None) -> tuple[Fetched, Entries] | None:
        """The calendar as chosen in the form, read; None: the form says why not."""
        uploaded, url = _uploaded(form), (form.url.data or "").strip()
        field = form.url if url else form.file
        try:
            if url and uploaded:
                raise Unreadable("both")
            if not url and not form.file.data:
                raise Unreadable("neither")
            if url:
                check_address(url)
            fetched = (fetch(url) if url else None) or Fetched(uploaded)
            if len(fetched.text) > LARGEST_BYTES:
                raise Unreadable("too-large", str(LARGEST_BYTES // 1024 // 1024))
            return fetched, read(_account_row(), fetched.text, api.now())
        except Unreadable as error:
            field.errors = [*field.errors, sentence(error.fault, error.detail)]
            return None


def _uploaded(form: Any) -> bytes:
    """The file that was sent; empty for none."""
    file = form.file.data
    if not hasattr(file, "stream"):
        return b""
    file.stream.seek(0)
    return file.stream.read(LARGEST_BYTES + 1)


def _account() -> api.Account:
    return api.current_member().account


def _account_row() -> api.AccountRow:
    return api.AccountRow.get_by_id(_account().id)
