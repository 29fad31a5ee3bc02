"""The page of the block list: entries, a field to try a number, import and export (R8)."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request
from flask_admin import expose
from wtforms import BooleanField, SelectField, StringField, TextAreaField

from core import api
from core.api import gettext, instant, lazy_gettext, ngettext
from plugins.blocklist.automatic import forget_caller
from plugins.blocklist.files import Preview, as_csv, preview, write_rows
from plugins.blocklist.models import EntryRow, Gets
from plugins.blocklist.patterns import WITHHELD, read_pattern
from plugins.blocklist.refusing import refusal, width
from plugins.blocklist.trying import tried

LARGEST_FILE = 2_000_000
GETS = {
    Gets.REJECT: lazy_gettext("is rejected"),
    Gets.BUSY: lazy_gettext("hears the busy tone"),
    Gets.MESSAGE: lazy_gettext("hears a message, then it is hung up"),
    Gets.ALLOW: lazy_gettext("is let through (exception)"),
}


class EntryView(api.AccountView):
    """The entries of the account."""

    plugin = "blocklist"
    category = "Routing"
    roles_view = roles_edit = ("admin", "supervisor")
    list_template = "blocklist/list.html"
    can_view_details = False
    empty_text = lazy_gettext("Nobody is blocked.")
    empty_hint = lazy_gettext("Block a number, a pattern such as +39333*, or withheld numbers.")
    column_list = ("pattern", "line", "gets", "reason", "until", "hits", "last_hit_at", "author")
    column_default_sort = ("created_at", True)
    column_sortable_list = ("pattern", "gets", "until", "hits", "last_hit_at")
    column_searchable_list = ("pattern", "reason")
    column_filters = ("automatic",)
    column_labels = {
        "pattern": lazy_gettext("Caller"),
        "line": lazy_gettext("Number called"),
        "gets": lazy_gettext("The caller"),
        "message": lazy_gettext("Message"),
        "reason": lazy_gettext("Reason"),
        "until": lazy_gettext("Until"),
        "hits": lazy_gettext("Calls refused"),
        "last_hit_at": lazy_gettext("Last refused"),
        "author": lazy_gettext("Made by"),
        "automatic": lazy_gettext("Made automatically"),
    }
    column_formatters = {
        "pattern": lambda view, context, row, name: api.spaced(row),
        "line": lambda view, context, row, name: (
            api.spaced(row.line) if row.line else gettext("all")
        ),
        "gets": lambda view, context, row, name: GETS[row.gets],
        "reason": lambda view, context, row, name: (
            gettext(row.reason) if row.automatic else row.reason
        ),
        "until": lambda view, context, row, name: view.until(row),
        "hits": lambda view, context, row, name: str(row.hits),
        "author": lambda view, context, row, name: (
            gettext("automatically") if row.automatic else row.author
        ),
    }
    form_columns = ("caller", "withheld", "line", "gets", "message", "reason", "until", "wide")
    form_overrides = {"gets": SelectField, "message": TextAreaField}
    form_extra_fields = {
        "caller": StringField(
            lazy_gettext("Caller"),
            description=lazy_gettext(
                "A number, or a pattern: * stands for any digits, ? for one, such as +39333*."
                " Of several entries the most exact one counts."
            ),
        ),
        "withheld": BooleanField(lazy_gettext("Callers who withhold their number")),
        "wide": BooleanField(lazy_gettext("Block so many, I mean it")),
    }
    form_args = {
        "line": {"description": lazy_gettext("Nothing chosen: all numbers of the account.")},
        "gets": {"choices": lambda: [(str(one), title) for one, title in GETS.items()]},
        "message": {
            "description": lazy_gettext(
                "Spoken before hanging up. Empty: “Your call cannot be taken.”"
            )
        },
        "until": {"description": lazy_gettext("On the account's clock. Empty: for good.")},
    }

    def create_form(self, obj: Any = None) -> Any:
        """An empty form, or one for the caller whom the page of a call wants to block."""
        form = super().create_form(obj)
        if request.method == "GET":
            form.caller.data = request.args.get("caller", "")
            form.withheld.data = "withheld" in request.args
        return _asking(form)

    def edit_form(self, obj: Any = None) -> Any:
        """The entry's form."""
        form = super().edit_form(obj)
        if request.method == "GET" and obj is not None:
            form.withheld.data = obj.pattern == WITHHELD
            form.caller.data = "" if form.withheld.data else obj.pattern
        return _asking(form)

    def on_model_change(self, form: Any, model: EntryRow, is_created: bool) -> None:
        """Read the caller; refuse what must not be blocked, and ask about what is very wide."""
        member, now = api.current_member(), api.now()
        try:
            typed = WITHHELD if form.withheld.data else form.caller.data or ""
            model.pattern = read_pattern(typed, member.account.country)
        except api.BadInput as error:
            raise _wrong("caller", error.message) from error
        _check(member.account, model, meant=bool(form.wide and form.wide.data))
        if model.until is not None and model.until <= now:
            raise _wrong("until", gettext("This instant is past: the entry would not block."))
        if is_created:
            model.created_at, model.author = now, str(member.user)
        model.automatic = model.automatic and model.until is not None

    def on_model_delete(self, model: EntryRow) -> None:
        """The caller of an automatic entry starts from zero."""
        if model.automatic:
            forget_caller(model)

    def until(self, row: EntryRow) -> str:
        """When the entry ends, or that it has."""
        if row.until is None:
            return gettext("for good")
        ends = instant(row.until, "short")
        return gettext("ended %(at)s", at=ends) if row.until <= api.now() else ends

    def tried(self) -> str:
        """What would happen to the number that was typed into the field above the list."""
        return tried(request.args, api.current_member().account, api.now())

    def lines(self) -> list[Any]:
        """The account's numbers, to choose from."""
        return list(self.choices(EntryRow.line))

    # --- Files -------------------------------------------------------------------------------

    @expose("/export.csv")
    def export_view(self) -> Response:
        """All entries as a file, which the import takes back."""
        return Response(
            as_csv(api.current_member().account),
            mimetype="text/csv",
            headers={"Content-Disposition": "attachment; filename=block-list.csv"},
        )

    @expose("/import/", methods=("GET", "POST"))
    def import_view(self) -> Any:
        """A file, then a look at its rows, then the entries."""
        member, found = api.current_member(), None
        if request.method == "POST":
            try:
                found = self._preview(member)
                if request.form.get("confirmed") == "yes":
                    return self._write(found, member)
            except api.BadInput as error:
                flash(error.message, "error")
        return self.render("blocklist/import.html", found=found)

    def _preview(self, member: api.Member) -> Preview:
        file = request.files.get("file")
        text = request.form.get("text", "")
        if file:
            data = file.read(LARGEST_FILE + 1)
            if len(data) > LARGEST_FILE:
                raise api.BadInput(gettext("The file is larger than 2 MB: send it in parts."))
            text = data.decode("utf-8-sig", "replace")
        return preview(text, member.account, api.now(), meant=request.form.get("wide") == "1")

    def _write(self, found: Preview, member: api.Member) -> Any:
        with api.rehearsed():
            count = write_rows(found, member.account, str(member.user), api.now())
        flash(ngettext("%(num)s entry added.", "%(num)s entries added.", count), "success")
        return redirect(self.get_url(".index_view"))


def _check(account: api.Account, row: EntryRow, *, meant: bool) -> None:
    """Refuse an entry that must not be, or one that is very wide and not meant."""
    if row.gets == Gets.ALLOW:
        return
    why = refusal(account, row.pattern)
    if why:
        raise _wrong("caller", why)
    wide = width(account, row.pattern)
    if wide and not meant:
        sentence = gettext(
            "“%(pattern)s” blocks %(wide)s. If you mean it, tick the box below and save again.",
            pattern=row.pattern,
            wide=wide,
        )
        raise _wrong("caller", sentence)


def _wrong(field: str, sentence: str) -> api.BadInput:
    return api.BadInput(sentence, {field: sentence})


def _asking(form: Any) -> Any:
    """The box for very wide patterns is there once one was typed, and not before."""
    account = api.current_member().account
    try:
        wide = width(account, read_pattern(form.caller.data or "", account.country))
    except api.BadInput:
        wide = ""
    if not wide:
        del form.wide
        form.wide = None
    return form


def views() -> list[Any]:
    """The pages of this plugin."""
    return [EntryView(EntryRow, lazy_gettext("Block list"), endpoint="blocklist_entries")]
