"""The destinations an admin can choose, as the plugins of the account's plan offer them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for

from core.contract.plugin import Offer
from core.contract.steps import Destination
from core.web.access import switched_off
from core.web.host import host, now
from core.web.member import current_member

log = logging.getLogger(__name__)


def offers(kind: str = "") -> list[Offer]:
    """All offers, or those of one kind of destination, in the order of the plugins.

    A plugin that raises offers nothing; the page works without it.
    """
    found = contributed("offer_destinations")
    return [one for one in found if not kind or Destination.parse(one.value).kind == kind]


def sound_offers() -> list[Offer]:
    """The account's own sounds, in the order of the plugins; their values are keys of sounds."""
    return contributed("offer_sounds")


def contributed(hook: str, *more: Any) -> list[Any]:
    """All that the plugins of the account's plan answer a contribution of pages, in their order.

    Args:
        hook: whose first argument is the account.
        more: its other arguments, in the order of the specification.
    """
    account = current_member().account
    plugins = host().gate.grants(account, now(), switched_off()).plugins
    found: list[Any] = []
    for name, contribute in host().registry.every(hook):
        if name in plugins:
            try:
                found += contribute(account, *more) or ()
            except Exception:
                log.exception("%s failed in %s", name, hook)
    return found


@dataclass(frozen=True, slots=True)
class Editor:
    """Where destinations of one kind are made and changed, for links beside a choice of them.

    Args:
        title: of the kind.
        create: address of the form of a new one.
        edit: address of the form of one, with ``ID`` in the place of its id.
    """

    title: str
    create: str
    edit: str

    def edit_address(self, value: str) -> str:
        """The form of a chosen destination, "" when none is chosen."""
        id = Destination.parse(value).id
        return self.edit.replace("ID", id) if id.isdecimal() else ""


def editor(kind: str, field: str) -> Editor | None:
    """The page on which destinations of a kind are made, if the user of this request may; it leads
    back to the page of this request, and to the field there.

    Args:
        kind: such as ``queue``.
        field: form name of the setting, for which what is made there is chosen.
    """
    views = current_app.extensions["admin"][0]._views
    found = (one for one in views if getattr(one, "destination", "") == kind)
    view = next((one for one in found if one.is_accessible() and one.may_edit()), None)
    if view is None:
        return None
    back = f"{request.path}#setting-{field.replace('.', '-')}"
    return Editor(
        kind_title(kind),
        url_for(f"{view.endpoint}.create_view", url=back, chosen_for=field),
        url_for(f"{view.endpoint}.edit_view", id="ID", url=back),
    )


def address_with(address: str, field: str, value: str) -> str:
    """An address of ours with a choice that is shown there, not yet saved."""
    path, _, fragment = address.partition("#")
    path += ("&" if "?" in path else "?") + urlencode({field: value})
    return f"{path}#{fragment}" if fragment else path


def kind_title(value: str) -> str:
    """The title of a destination's kind, as its plugin declared it."""
    kind = host().registry.destinations.get(Destination.parse(value).kind)
    return kind[0].title if kind else ""
