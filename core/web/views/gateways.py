"""Gateways: where an account's calls come from. Secrets go in and never come out."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask_babel import gettext, lazy_gettext
from wtforms import PasswordField, SelectField
from wtforms.validators import InputRequired

from core.contract.errors import BadInput
from core.store.lines import GatewayRow, LineRow
from core.web.base_view import AccountView
from core.web.host import host
from core.web.member import OPERATOR, current_member
from core.web.menu import ACCOUNT

SECRETS = ("secret", "api_secret")


def providers() -> list[tuple[str, str]]:
    """Every provider of every installed protocol, as ``kind/provider``."""
    return [
        (f"{kind.name}/{key}", f"{title} ({gettext(kind.title)})")
        for kind in host().registry.gateways.values()
        for key, title in kind.providers
    ]


def _title(row: GatewayRow) -> str:
    """The provider's name, or the protocol's where it has none; of a protocol that is not
    installed any more, the provider's key."""
    kind = host().registry.gateways.get(row.kind)
    if kind is None:
        return row.provider
    return dict(kind.providers).get(row.provider, row.provider) or gettext(kind.title)


def _secret(label: Any) -> PasswordField:
    help = lazy_gettext("Never shown again.")
    return PasswordField(label, description=help, render_kw={"autocomplete": "off"})


class GatewaysView(AccountView):
    """The account's gateways, with the addresses to paste at the provider."""

    category = ACCOUNT
    column_list = ("name", "provider", "ref", "public_url")
    column_details_list = ("name", "provider", "ref", "public_url", "api_url")
    column_labels = {
        "name": lazy_gettext("Name"),
        "provider": lazy_gettext("Provider"),
        "ref": lazy_gettext("Account or project id at the provider"),
        "public_url": lazy_gettext("Public address of Centralino"),
        "api_url": lazy_gettext("Provider's API address"),
    }
    form_columns = ("name", "which", "ref", "secret", "public_url", "api_url", "api_secret")
    column_formatters = {"provider": lambda view, context, row, name: _title(row)}
    form_args = {
        "ref": {
            "validators": [InputRequired()],
            "description": lazy_gettext("Every webhook names it; others are refused."),
        },
        "public_url": {
            "description": lazy_gettext(
                "Under which the provider reaches this installation, such as"
                " https://voice.example.com"
            )
        },
        "api_url": {
            "description": lazy_gettext(
                "Where recordings are fetched; empty: the provider's usual."
                " Only the operator sets it."
            )
        },
    }
    form_extra_fields = {
        "which": SelectField(lazy_gettext("Provider"), [InputRequired()], choices=providers),
        "secret": _secret(lazy_gettext("Token or signing key (checks that webhooks are genuine)")),
        "api_secret": _secret(lazy_gettext("API token (fetches recordings)")),
    }
    details_template = "web/gateway.html"
    empty_text = lazy_gettext("No gateway yet.")
    empty_hint = lazy_gettext(
        "A gateway connects your provider's project. Add it, then paste the addresses it shows you"
        " at the provider."
    )

    def __init__(self) -> None:
        super().__init__(GatewayRow, lazy_gettext("Gateways"), endpoint="gateways")

    def create_form(self, obj: Any = None) -> Any:
        """The form; it says where the kinds are made that it does not offer."""
        form = super().create_form(obj)
        elsewhere = [gettext(kind.title) for kind in host().registry.gateways.values() if kind.page]
        if elsewhere:
            told = gettext("On a page of its own")
            form.which.description = f"{told}: {', '.join(elsewhere)}"
        return form

    def edit_form(self, obj: Any = None) -> Any:
        """The stored secrets are not in the page."""
        form = super().edit_form(obj)
        if form.which.data is None:
            form.which.data = f"{obj.kind}/{obj.provider}"
        for name in SECRETS:
            form[name].description = gettext(
                "Never shown again. Leave it empty to keep the one that is stored."
            )
        return form

    def on_model_change(self, form: Any, model: GatewayRow, is_created: bool) -> None:
        """Take the provider apart, keep secrets that were left empty."""
        model.kind, _, model.provider = form.which.data.partition("/")
        stored = None if is_created else GatewayRow.get_by_id(model.id)
        for name in SECRETS:
            typed = (form[name].data or "").strip()
            setattr(model, name, typed or (getattr(stored, name) if stored else ""))
        if not model.secret:
            sentence = gettext("Without it nobody could tell a genuine webhook from a forged one.")
            raise BadInput(sentence, {"secret": sentence})
        self._keep_api_url(model, stored)
        if model.public_url and not model.public_url.startswith(("https://", "http://")):
            sentence = gettext(
                "“%(typed)s” is no address; begin with https://", typed=model.public_url
            )
            raise BadInput(sentence, {"public_url": sentence})

    def _keep_api_url(self, model: GatewayRow, stored: GatewayRow | None) -> None:
        """An account's admin must not make this machine fetch from an address of their choice."""
        if model.api_url == (stored.api_url if stored else "") or current_member().role == OPERATOR:
            return
        sentence = gettext("Ask the operator of the installation to set this address.")
        raise BadInput(sentence, {"api_url": sentence})

    def uses_of(self, row: GatewayRow) -> list[str]:
        """The numbers it brings calls for: without it no call would reach them."""
        lines = LineRow.of(row.account_id).where(LineRow.gateway == row)
        return [str(one) for one in lines.order_by(LineRow.number)]

    def row_address(self, row: GatewayRow) -> str:
        """The addresses to paste are what one comes back for."""
        page = self.own_page(row)
        if page:
            return self.get_url(page)
        return self.get_url(".details_view", id=row.id)

    def own_page(self, row: GatewayRow) -> str:
        """The page where gateways of its kind are made and changed; "" for the form here."""
        kind = host().registry.gateways.get(row.kind)
        return kind.page if kind else ""

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        """A gateway that has a page of its own is shown and changed there only."""
        refused = super()._handle_view(name, **kwargs)
        if refused is None and name in ("edit_view", "details_view", "confirm_view"):
            page = self.own_page(self.get_one(request.args.get("id")))
            return redirect(self.get_url(page)) if page else None
        return refused

    def on_model_delete(self, model: GatewayRow) -> None:
        """What its own page made with it is deleted there with it."""
        if self.own_page(model):
            raise BadInput(gettext("“%(name)s” is deleted on its own page.", name=model.name))

    def get_save_return_url(self, model: GatewayRow, is_created: bool = False) -> str:
        """After saving: the addresses to paste."""
        return self.get_url(".details_view", id=model.id)

    def addresses(self, row: GatewayRow) -> list[tuple[str, str]]:
        """The webhook addresses of a gateway, by label."""
        kind = host().registry.gateways.get(row.kind)
        return kind.urls(row) if kind and row.public_url else []
