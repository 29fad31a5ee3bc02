"""Numbers: the list (N1), the form of a number, and its settings card."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.contract.call import LineKind
from core.contract.errors import BadInput
from core.store.lines import GatewayRow, LineProfile, LineRow
from core.web import choices
from core.web.base_view import AccountView
from core.web.card import Card
from core.web.card.depending import depending
from core.web.format import phone
from core.web.host import host
from core.web.line_badges import show_badges
from core.web.line_way import show_way
from core.web.member import ADMIN, SUPERVISOR, current_member
from core.web.menu import ROUTING
from core.web.phones import PhoneNumber
from core.web.views.accounts import refuse_own
from core.web.words import say

KINDS = [
    (LineKind.RENTED.value, lazy_gettext("Rented number")),
    (LineKind.SIP_PBX.value, lazy_gettext("SIP PBX, cloud or office")),
    (LineKind.CALLER_ID.value, lazy_gettext("Caller ID only (outgoing)")),
    (LineKind.APPLICATION.value, lazy_gettext("Partner application")),
]


class LinesView(AccountView):
    """The account's numbers, each with its settings card."""

    roles_view = (ADMIN, SUPERVISOR)
    category = ROUTING
    column_list = ("number", "name", "kind", "gateway", "now", "way", "plugins_on")
    column_labels = {
        "number": lazy_gettext("Number"),
        "name": lazy_gettext("Name"),
        "kind": lazy_gettext("Kind"),
        "gateway": lazy_gettext("Gateway"),
        "timezone": lazy_gettext("Time zone"),
        "backup_number": lazy_gettext("Backup number"),
        "backup_line": lazy_gettext("Backup calls go out through"),
        "now": lazy_gettext("Now"),
        "plugins_on": lazy_gettext("Switched on"),
        "way": lazy_gettext("Way"),
    }
    delete_hint = lazy_gettext(
        "Its settings go with it, and calls to it are not taken any more. Past calls stay."
    )
    column_sortable_list = ("number", "name", "kind")
    column_default_sort = "number"
    column_searchable_list = ("number", "name")
    column_choices = {"kind": KINDS}
    column_formatters = {
        "number": lambda view, context, row, name: phone(row.number),
        "now": lambda view, context, row, name: show_badges(row),
        "way": lambda view, context, row, name: show_way(row),
        "plugins_on": lambda view, context, row, name: view.plugins_on(row),
    }
    form_columns = (
        "number", "name", "kind", "gateway", "timezone", "backup_number", "backup_line",
    )  # fmt: skip
    form_args = {
        "number": {"validators": [PhoneNumber()]},
        "kind": {"choices": KINDS},
        "gateway": {"description": lazy_gettext("Where its calls come from.")},
        "timezone": {
            "choices": lambda: [("", gettext("The account's")), *choices.zones()],
            "description": lazy_gettext("In which the number keeps its hours."),
        },
        "backup_number": {
            "validators": [PhoneNumber()],
            "description": lazy_gettext(
                "Rung when no plugin has an answer. Empty: the account's. Not an own number."
            ),
        },
    }
    list_template = "web/lines.html"
    empty_text = lazy_gettext("No number yet.")
    empty_hint = lazy_gettext("Add the gateway first, then the numbers that it brings calls for.")
    can_view_details = False

    def __init__(self) -> None:
        super().__init__(LineRow, lazy_gettext("Numbers"), endpoint="lines")

    def create_form(self, obj: Any = None) -> Any:
        """The account's only gateway is chosen already."""
        form = super().create_form(obj)
        gateways = list(GatewayRow.of(current_member().account).limit(2))
        if request.method == "GET" and len(gateways) == 1:
            form.gateway.data = gateways[0]
        return form

    def plugins_on(self, line: LineRow) -> str:
        """The titles of the optional plugins that are on for a number."""
        said = line.said
        plugins = [one.plugin for one in host().registry.plugins.values() if one.plugin.optional]
        on = [one for one in plugins if said.get(one.name, one.on_by_default)]
        return ", ".join(gettext(one.title) for one in on)

    def get_list(self, *args: Any, **kwargs: Any) -> Any:
        """One page, with the profiles of its numbers in one further query."""
        count, rows = super().get_list(*args, **kwargs)
        for row in rows:
            row.said = {}
        lines = {row.id: row for row in rows}
        for profile in LineProfile.select().where(LineProfile.line.in_(list(lines))):
            lines[profile.line_id].said[profile.plugin] = profile.on
        return count, rows

    def on_model_change(self, form: Any, model: LineRow, is_created: bool) -> None:
        """An own number is no backup (O5)."""
        try:
            if model.backup_number == model.number and model.number:
                raise BadInput(gettext("A number cannot be its own backup; give another."))
            refuse_own(model.backup_number, model.account_id)
            if is_created:
                self._refuse_backups(model)
        except BadInput as error:
            raise BadInput(
                error.message, error.fields or {"backup_number": error.message}
            ) from error

    def _refuse_backups(self, model: LineRow) -> None:
        """A new number to which backup calls go already would send them in a circle (O5)."""
        sentence = ""
        if model.account.backup_number == model.number:
            sentence = gettext("This is the account's backup number; change that first.")
        others = LineRow.of(model.account_id).where(LineRow.backup_number == model.number)
        for one in others.limit(1):
            sentence = gettext(
                "This is the backup number of %(number)s; change that first.",
                number=phone(one.number),
            )
        if sentence:
            raise BadInput(sentence, {"number": sentence})

    def row_address(self, row: LineRow) -> str:
        """The card is what one comes for."""
        return self.get_url(".card", id=row.id)

    def get_save_return_url(self, model: LineRow, is_created: bool = False) -> str:
        """After saving: the card."""
        return self.get_url(".card", id=model.id)

    @expose("/<int:id>/", methods=("GET", "POST"))
    def card(self, id: int) -> Any:
        """The settings card."""
        line = self.get_one(id)
        card = Card(line)
        if request.method == "POST":
            try:
                for warning in card.save(request.form):
                    flash(warning, "warning")
                flash(gettext("Saved. The next call follows it."), "success")
                return redirect(url_for(".card", id=line.id))
            except BadInput as error:
                flash(say(error.message), "error")
        return self.render(
            "web/card.html",
            line=line,
            card=card,
            kinds=dict(KINDS),
            outgoing=card.kind is LineKind.CALLER_ID,
            uses=depending(card.account, line),
        )
