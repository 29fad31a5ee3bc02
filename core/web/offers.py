"""The destinations an admin can choose, as the plugins of the account's plan offer them."""

from __future__ import annotations

import logging

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
    account = current_member().account
    registry = host().registry
    plugins = host().gate.grants(account, now(), switched_off()).plugins
    found: list[Offer] = []
    for name, offer in registry.every("offer_destinations"):
        if name in plugins:
            try:
                found += offer(account) or ()
            except Exception:
                log.exception("%s could not offer its destinations", name)
    return [one for one in found if not kind or Destination.parse(one.value).kind == kind]


def kind_title(value: str) -> str:
    """The title of a destination's kind, as its plugin declared it."""
    kind = host().registry.destinations.get(Destination.parse(value).kind)
    return kind[0].title if kind else ""
