"""How numbers stand at this instant, in a few words each, as plugins say it."""

from __future__ import annotations

import logging

from markupsafe import Markup

from core.contract.plugin import Badge
from core.plans.profile import effective
from core.store.lines import LineRow
from core.web.card import picture
from core.web.host import host, now
from core.web.member import current_member

log = logging.getLogger(__name__)


def show_badges(row: LineRow) -> Markup:
    """The badges of a number as a cell of its list."""
    shown = Markup('<div class="line-badge"><span class="badge badge-line {}">{}</span> {}</div>')
    hint = Markup("<small>{}</small>")
    return Markup("").join(
        shown.format(f"badge-{one.kind}" if one.kind else "", one.text, hint.format(one.hint))
        for one in badges(row)
    )


def badges(row: LineRow) -> list[Badge]:
    """What the plugins that act for a number say of it now, in the order of routing.

    A plugin that raises says nothing; the page works without it.
    """
    account, centralino = current_member().account, host()
    setup = centralino.journal.line_setup(account, row.id)
    grants = centralino.gate.grants(account, now(), setup.off)
    found: list[Badge] = []
    for name, describe in centralino.registry.every("describe_line"):
        if name in grants.plugins:
            plugin = centralino.registry.plugins[name].plugin
            settings = effective(plugin, setup.stored.get(name, "{}"), grants).settings
            try:
                found += describe(account, picture(row), now(), settings) or ()
            except Exception:
                log.exception("%s failed in describe_line", name)
    return found
