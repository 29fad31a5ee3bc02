"""The pages: SIP trunks of an account (``phones_page`` has its phones), servers of the
installation."""

from __future__ import annotations

from typing import Any

import peewee
from flask import request, url_for
from markupsafe import Markup
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from core import api
from core.api import GatewayRow, LineRow, gettext, lazy_gettext
from plugins.asterisk import service
from plugins.asterisk.models import PhoneRow, ServerRow, SlotRow, TrunkRow
from plugins.asterisk.phones_page import PhonesPage


def _secret(label: Any) -> PasswordField:
    help = lazy_gettext("Never shown again.")
    return PasswordField(label, description=help, render_kw={"autocomplete": "off"})


def _keep_secret(form: Any, model: Any, stored: str) -> None:
    """What was typed, without spaces around it; nothing typed: what is stored."""
    model.secret = (form.secret.data or "").strip() or stored


class TrunksView(api.AccountView):
    """The SIP trunks of the account; each is a gateway that numbers are connected to."""

    plugin = "asterisk"
    category = "Account"
    can_view_details = False
    column_list = ("name", "host", "server", "register", "numbers")
    column_sortable_list = ("host", "register")
    column_default_sort = "gateway"
    column_labels = {
        "name": lazy_gettext("Name"),
        "host": lazy_gettext("Provider or PBX"),
        "server": lazy_gettext("Server"),
        "register": lazy_gettext("Registers"),
        "numbers": lazy_gettext("Numbers"),
        "user": lazy_gettext("User name"),
        "match": lazy_gettext("Calls come from"),
        "plus": lazy_gettext("Numbers are written with their +"),
    }
    column_formatters = {
        "name": lambda view, context, row, name: row.gateway.name,
        "numbers": lambda view, context, row, name: numbers(view.uses_of(row)),
    }
    form_columns = ("name", "server", "host", "register", "user", "secret", "match", "plus")
    form_extra_fields = {
        "name": StringField(
            lazy_gettext("Name"),
            [InputRequired()],
            description=lazy_gettext("What the trunk is called on the page of a number."),
        ),
        "secret": _secret(lazy_gettext("Password")),
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

    def edit_form(self, obj: Any = None) -> Any:
        """The trunk's form; its stored password is not in the page."""
        form = super().edit_form(obj)
        if obj is not None and form.name.data is None:
            form.name.data = obj.gateway.name
        form.secret.description = gettext(
            "Never shown again. Leave it empty to keep the one that is stored."
        )
        return form

    def on_model_change(self, form: Any, model: TrunkRow, is_created: bool) -> None:
        """Refuse what cannot be, and make the trunk's gateway."""
        stored = None if is_created else TrunkRow.get_by_id(model.id)
        _keep_secret(form, model, stored.secret if stored else "")
        for name in ("host", "user", "match"):
            setattr(model, name, (getattr(model, name) or "").strip())
        if model.server_id is None:
            sentence = gettext("Choose a server; the operator of the installation adds them.")
            raise api.BadInput(sentence, {"server": sentence})
        service.check_trunk(model)
        service.make_gateway(model, form.name.data)

    def on_model_delete(self, model: TrunkRow) -> None:
        """Its gateway goes, and the trunk with it."""
        GatewayRow.delete().where(GatewayRow.id == model.gateway_id).execute()

    def uses_of(self, row: TrunkRow) -> list[str]:
        """The numbers it brings calls for: without it no call would reach them."""
        lines = LineRow.of(row.account_id).where(LineRow.gateway == row.gateway_id)
        return [one.number for one in lines.order_by(LineRow.number)]


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
        "used": lambda view, context, row, name: used(row),
        "served": lambda view, context, row, name: served(row),
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
        "secret": _secret(lazy_gettext("Password of ARI")),
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

    def edit_form(self, obj: Any = None) -> Any:
        """The server's form; its stored password is not in the page."""
        form = super().edit_form(obj)
        if request.method == "GET":
            form.ari.data = obj.url
        form.secret.description = gettext(
            "Never shown again. Leave it empty to keep the one that is stored."
        )
        return form

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
        _keep_secret(form, model, stored.secret if stored else service.new_password())
        service.check_server(model)

    def uses_of(self, row: ServerRow) -> list[str]:
        """The trunks and phones it has."""
        return [used(row)] if _trunks(row) or _phones(row) else []


def numbers(of_trunk: list[str]) -> Markup:
    """The numbers of a trunk; where it has none, the way to them."""
    said = ", ".join(of_trunk) or gettext("none: choose it as the gateway of a number")
    return Markup('<a href="{}">{}</a>').format(url_for("lines.index_view"), said)


def used(row: ServerRow) -> str:
    """How many trunks and phones a server has."""
    trunks = api.ngettext("%(num)s trunk", "%(num)s trunks", _trunks(row))
    phones = api.ngettext("%(num)s phone", "%(num)s phones", _phones(row))
    return f"{trunks}, {phones}"


def served(row: ServerRow) -> str:
    """How many of a server's slots somebody serves now, and which processes."""
    now = api.now()
    slots = SlotRow.select().where((SlotRow.server == row) & (SlotRow.number <= row.slots))
    held = [one for one in slots if one.holder and one.until and one.until > now]
    if not held:
        return gettext("nobody: start “centralino asterisk run”")
    holders = ", ".join(sorted({process(one.holder) for one in held}))
    counted = gettext("%(held)s of %(slots)s slots", held=len(held), slots=row.slots)
    return f"{counted}: {holders}"


def process(holder: str) -> str:
    """A process as people know it: its machine and its id there."""
    host, _, rest = holder.partition(":")
    return f"{host.partition('/')[0]} ({rest.partition(':')[0]})"


def _trunks(row: ServerRow) -> int:
    return TrunkRow.select().where(TrunkRow.server == row).count()


def _phones(row: ServerRow) -> int:
    return PhoneRow.select().where(PhoneRow.server == row).count()


def views() -> list[Any]:
    """The pages of this plugin."""
    return [
        TrunksView(),
        PhonesPage(lazy_gettext("SIP phones"), endpoint="asterisk_phones"),
        ServersView(),
    ]
