"""The page of an account's SIP trunks."""

from __future__ import annotations

from typing import Any

import peewee
from flask import url_for
from markupsafe import Markup
from wtforms import StringField
from wtforms.validators import InputRequired

from core import api
from core.api import GatewayRow, LineRow, gettext, lazy_gettext
from plugins.asterisk import service
from plugins.asterisk.changes import by_member, content, note_removed, note_saved
from plugins.asterisk.models import ServerRow, TrunkRow
from plugins.asterisk.secret_field import keep_secret, may_stay, secret_field

SHOWN_NUMBERS = 4
"""So many numbers of a trunk are named in the list."""


class TrunksView(api.AccountView):
    """The SIP trunks of the account; each is a gateway that numbers are connected to."""

    plugin = "asterisk"
    category = "Account"
    can_view_details = False
    column_list = ("gateway", "host", "server", "register", "numbers")
    column_sortable_list = ("host", "register")
    column_default_sort = "gateway"
    column_labels = {
        "gateway": lazy_gettext("Name"),
        "host": lazy_gettext("Provider or PBX"),
        "server": lazy_gettext("Server"),
        "register": lazy_gettext("Registers"),
        "numbers": lazy_gettext("Numbers"),
        "user": lazy_gettext("User name"),
        "match": lazy_gettext("Calls come from"),
        "plus": lazy_gettext("Numbers are written with their +"),
    }
    column_formatters = {
        "numbers": lambda view, context, row, name: numbers(row.numbers),
    }
    form_columns = ("name", "server", "host", "register", "user", "secret", "match", "plus")
    form_extra_fields = {
        "name": StringField(
            lazy_gettext("Name"),
            [InputRequired()],
            description=lazy_gettext("What the trunk is called on the page of a number."),
        ),
        "secret": secret_field(lazy_gettext("Password")),
    }
    form_args = {
        "server": {"description": lazy_gettext("The Asterisk server that the calls go through.")},
        "host": {
            "description": lazy_gettext(
                "Such as sip.provider.example or 192.0.2.10:5060. Calls go out to it."
            )
        },
        "register": {
            "label": lazy_gettext("Sign in there (register)"),
            "description": lazy_gettext(
                "For providers that give you a user name and a password instead of asking for your"
                " address."
            ),
        },
        "user": {"description": lazy_gettext("As the provider gave it; empty when there is none.")},
        "match": {
            "description": lazy_gettext(
                "Addresses, with commas, such as 192.0.2.10, 192.0.2.16/28. Empty: the provider's"
                " own. A trunk that registers needs none. Calls from elsewhere are refused."
            )
        },
        "plus": {"description": lazy_gettext("Off for providers that want 390612345678.")},
    }
    delete_hint = lazy_gettext("Past calls stay.")
    empty_text = lazy_gettext("No SIP trunk yet.")
    empty_hint = lazy_gettext(
        "A trunk connects your SIP provider or your own PBX. Add it, then choose it as the gateway"
        " of your numbers."
    )

    def __init__(self) -> None:
        super().__init__(TrunkRow, lazy_gettext("SIP trunks"), endpoint="asterisk_trunks")

    def choices(self, field: peewee.ForeignKeyField) -> peewee.ModelSelect:
        """Servers are the installation's; everything else is the account's."""
        if field.rel_model is ServerRow:
            return ServerRow.select().order_by(ServerRow.name)
        return super().choices(field)

    def create_form(self, obj: Any = None) -> Any:
        """The form; it says where the server comes from that is missing."""
        form = super().create_form(obj)
        if not ServerRow.select().exists():
            form.server.description = gettext(
                "There is no Asterisk server yet; the operator adds it."
            )
        return form

    def edit_form(self, obj: Any = None) -> Any:
        """The trunk's form; its stored password is not in the page."""
        form = super().edit_form(obj)
        if obj is not None and form.name.data is None:
            form.name.data = obj.gateway.name
        return may_stay(form)

    def on_model_change(self, form: Any, model: TrunkRow, is_created: bool) -> None:
        """Refuse what cannot be, and make the trunk's gateway."""
        stored = None if is_created else TrunkRow.get_by_id(model.id)
        before = stored and content(stored)
        keep_secret(form, model, stored.secret if stored else "")
        for name in ("host", "user", "match"):
            setattr(model, name, (getattr(model, name) or "").strip())
        if model.server_id is None:
            sentence = gettext("Choose a server; the operator of the installation adds them.")
            raise api.BadInput(sentence, {"server": sentence})
        service.check_trunk(model)
        service.make_gateway(model, form.name.data)
        note_saved(by_member(), model, before)

    def on_model_delete(self, model: TrunkRow) -> None:
        """Its gateway goes, and the trunk with it."""
        note_removed(by_member(), model)
        GatewayRow.delete().where(GatewayRow.id == model.gateway_id).execute()

    def get_list(self, *args: Any, **kwargs: Any) -> Any:
        """One page, with the numbers of its trunks in one further query."""
        count, rows = super().get_list(*args, **kwargs)
        lines = LineRow.of(api.current_member().account).order_by(LineRow.number)
        found: dict[int, list[LineRow]] = {row.gateway_id: [] for row in rows}
        for line in lines.where(LineRow.gateway.in_(list(found))):
            found[line.gateway_id].append(line)
        for row in rows:
            row.numbers = found[row.gateway_id]
        return count, rows

    def uses_of(self, row: TrunkRow) -> list[str]:
        """The numbers it brings calls for: without it no call would reach them."""
        lines = LineRow.of(row.account_id).where(LineRow.gateway == row.gateway_id)
        return [one.number for one in lines.order_by(LineRow.number)]


def numbers(of_trunk: list[LineRow]) -> Markup:
    """The way to each number of a trunk; to all numbers where it has none, or has many."""
    link = Markup('<a href="{}">{}</a>')
    cards = [
        link.format(url_for("lines.edit_view", id=line.id), api.spaced(line.number))
        for line in of_trunk[:SHOWN_NUMBERS]
    ]
    more = len(of_trunk) - len(cards)
    if more:
        said = api.ngettext("one more", "%(num)s more", more)
        cards.append(link.format(url_for("lines.index_view"), said))
    none = gettext("none: choose it as the gateway of a number")
    return Markup(", ").join(cards) or link.format(url_for("lines.index_view"), none)
