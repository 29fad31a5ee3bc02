"""The page of the installation's Asterisk servers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import peewee
from flask import flash, request
from wtforms import StringField
from wtforms.validators import InputRequired

from core import api
from core.api import gettext, lazy_gettext
from plugins.asterisk import service
from plugins.asterisk.changes import by_member, content, note_removed, note_saved
from plugins.asterisk.models import PhoneRow, ServerRow, SlotRow, TrunkRow
from plugins.asterisk.secret_field import keep_secret, may_stay, secret_field


class ServersView(api.AccountView):
    """The Asterisk servers of the installation, and who serves their slots now."""

    roles_view = roles_edit = ("operator",)
    needs_account = False
    category = "Installation"
    can_view_details = False
    column_list = ("name", "url", "sip_host", "used", "served")
    column_sortable_list = ("name", "url", "sip_host")
    column_default_sort = "name"
    column_labels = {
        "name": lazy_gettext("Name"),
        "url": lazy_gettext("Address of ARI"),
        "user": lazy_gettext("User of ARI"),
        "sip_host": lazy_gettext("Where phones register"),
        "slots": lazy_gettext("Slots"),
        "used": lazy_gettext("Has"),
        "served": lazy_gettext("Served by"),
    }
    column_formatters = {
        "used": lambda view, context, row, name: row.used,
        "served": lambda view, context, row, name: row.served,
    }
    form_columns = ("name", "ari", "user", "secret", "sip_host", "slots")
    form_extra_fields = {
        # Not "url": Flask-Admin would take what was typed for the page to return to.
        "ari": StringField(
            lazy_gettext("Address of ARI"),
            [InputRequired()],
            default="http://127.0.0.1:8088",
            description=lazy_gettext("Let nobody but Centralino reach it: on loopback at best."),
        ),
        "secret": secret_field(lazy_gettext("Password of ARI")),
    }
    form_args = {
        "name": {"description": lazy_gettext("Letters a-z, digits and -, such as pbx.")},
        "user": {"default": "centralino"},
        "sip_host": {"description": lazy_gettext("Host or host:port, such as pbx.example.com.")},
        "slots": {"description": lazy_gettext("How many processes can share its calls.")},
    }
    empty_text = lazy_gettext("No Asterisk server yet.")
    empty_hint = lazy_gettext(
        "Add the server, then write its configuration on its machine:"
        " centralino asterisk config --server NAME"
    )

    def __init__(self) -> None:
        super().__init__(ServerRow, lazy_gettext("Asterisk servers"), endpoint="asterisk_servers")

    def rows(self) -> peewee.ModelSelect:
        """Every server: this page is the operator's."""
        return ServerRow.select()

    def fill(self, row: ServerRow) -> None:
        """A server has no account."""

    def create_form(self, obj: Any = None) -> Any:
        """The form of a new server, whose password nobody needs to know."""
        form = super().create_form(obj)
        form.secret.description = gettext(
            "Leave it empty: one is made, and `config` writes it where Asterisk reads it."
        )
        return form

    def edit_form(self, obj: Any = None) -> Any:
        """The server's form; its stored password is not in the page."""
        form = super().edit_form(obj)
        if request.method == "GET":
            form.ari.data = obj.url
        return may_stay(form)

    def on_model_change(self, form: Any, model: ServerRow, is_created: bool) -> None:
        """Refuse what cannot be; calls, recordings and phones know a server by its name."""
        stored = None if is_created else ServerRow.get_by_id(model.id)
        if stored is not None and stored.name != model.name:
            sentence = gettext(
                "A server keeps its name, %(name)s: calls and recordings know it by it.",
                name=stored.name,
            )
            raise api.BadInput(sentence, {"name": sentence})
        model.url = form.ari.data.strip().rstrip("/")
        keep_secret(form, model, stored.secret if stored else service.new_password())
        service.check_server(model)
        note_saved(by_member(), model, stored and content(stored))

    def after_model_change(self, form: Any, model: ServerRow, is_created: bool) -> None:
        """Nothing works before its configuration is written: say how."""
        command = f"centralino asterisk config --server {model.name}"
        if is_created:
            told = gettext(
                "Now write its configuration, on its machine: %(command)s", command=command
            )
        else:
            again = f"{command} --reload"
            told = gettext(
                "Write its configuration again, on its machine: %(command)s", command=again
            )
        flash(told, "message")

    def on_model_delete(self, model: ServerRow) -> None:
        """It goes when no trunk or phone is left there."""
        note_removed(by_member(), model)

    def get_list(self, *args: Any, **kwargs: Any) -> Any:
        """One page, with what its servers have and who serves them in three further queries."""
        count, rows = super().get_list(*args, **kwargs)
        trunks, phones = counted(TrunkRow, rows), counted(PhoneRow, rows)
        here = SlotRow.server.in_(list(rows))
        slots = list(SlotRow.select().where(here, SlotRow.held(api.now())))
        for row in rows:
            row.used = used(trunks[row.id], phones[row.id])
            row.served = served(row, [one for one in slots if one.server_id == row.id])
        return count, rows

    def uses_of(self, row: ServerRow) -> list[str]:
        """The trunks and phones it has."""
        trunks, phones = counted(TrunkRow, [row])[row.id], counted(PhoneRow, [row])[row.id]
        return [used(trunks, phones)] if trunks or phones else []


def counted(table: Any, servers: Iterable[ServerRow]) -> Counter[int]:
    """How many rows of a table each server has, by its id."""
    here = table.select(table.server, peewee.fn.COUNT(table.id)).group_by(table.server)
    return Counter(dict(here.where(table.server.in_(list(servers))).tuples()))


def used(trunks: int, phones: int) -> str:
    """How many trunks and phones a server has, in words."""
    said = (
        api.ngettext("%(num)s trunk", "%(num)s trunks", trunks),
        api.ngettext("%(num)s phone", "%(num)s phones", phones),
    )
    return ", ".join(said)


def served(row: ServerRow, slots: Iterable[SlotRow]) -> str:
    """How many of a server's slots somebody serves, and which processes.

    Args:
        row: the server.
        slots: those that are held now; a server may have fewer slots than it once had.
    """
    held = [one for one in slots if one.number <= row.slots]
    if not held:
        return gettext("nobody: start “centralino asterisk run”")
    holders = ", ".join(sorted({one.process for one in held}))
    share = gettext("%(held)s of %(slots)s slots", held=len(held), slots=row.slots)
    return f"{share}: {holders}"
