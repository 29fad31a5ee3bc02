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
    found = _offered("offer_destinations")
    return [one for one in found if not kind or Destination.parse(one.value).kind == kind]


def sound_offers() -> list[Offer]:
    """The account's own sounds, in the order of the plugins; their values are keys of sounds."""
    return _offered("offer_sounds")


def _offered(hook: str) -> list[Offer]:
    account = current_member().account
    plugins = host().gate.grants(account, now(), switched_off()).plugins
    found: list[Offer] = []
    for name, offer in host().registry.every(hook):
        if name in plugins:
            try:
                found += offer(account) or ()
            except Exception:
                log.exception("%s failed in %s", name, hook)
    return found


def kind_title(value: str) -> str:
    """The title of a destination's kind, as its plugin declared it."""
    kind = host().registry.destinations.get(Destination.parse(value).kind)
    return kind[0].title if kind else ""
