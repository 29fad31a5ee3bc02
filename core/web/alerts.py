"""What an admin should look at: listed on the start page, counted in the head of every page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import peewee
from flask import g, url_for
from flask_babel import gettext

from core.calls.tables import PluginFaultRow
from core.contract.call import Account
from core.contract.plugin import Alert
from core.store.lines import GatewayRow, LineRow
from core.web.access import quotas
from core.web.format import phone
from core.web.host import host, now
from core.web.member import ADMIN, current_member
from core.web.offers import contributed
from core.web.words import why

WARN_AT = 0.8
"""A quota used this far is worth a word (Q4)."""


def alerts() -> list[Alert]:
    """What needs a look in the account of this request, found once per request; nothing for those
    who cannot mend it: only admins can."""
    member = current_member()
    if member is None or member.account is None or not member.has((ADMIN,)):
        return []
    if "alerts" not in g:
        own = [*_numbers(member.account), *_quotas(), *_plugins(member.account)]
        g.alerts = own + contributed("find_alerts", now())
    return g.alerts


def _numbers(account: Account) -> Iterator[Alert]:
    """What keeps calls from coming in at all; one look where all is well."""
    lines = LineRow.of(account)
    counts = lines.select(peewee.fn.COUNT(LineRow.id), peewee.fn.COUNT(LineRow.gateway))
    known, served = counts.tuples().get()
    if not served and not GatewayRow.of(account).exists():
        yield Alert(gettext("No gateway yet, so no call can come in."), "/gateways/new/")
    elif not known:
        yield Alert(gettext("No number yet, so no call can come in."), "/lines/new/")
    if served < known:
        for line in lines.where(LineRow.gateway.is_null()).limit(3):
            sentence = gettext("%(number)s has no gateway.", number=phone(line.number))
            yield Alert(sentence, url_for("lines.edit_view", id=line.id))


def _quotas() -> Iterator[Alert]:
    for one in quotas():
        if one.limit and (one.used or 0) + (one.held or 0) >= WARN_AT * one.limit:
            yield Alert(why(one), url_for("usage.index"))


def _plugins(account: Account) -> Iterator[Alert]:
    recent = PluginFaultRow.at > now() - timedelta(days=1)
    if PluginFaultRow.of(account).where(recent).exists():
        sentence = gettext("A plugin failed in the last day; calls went on without it.")
        yield Alert(sentence, url_for("plugins.index"))
    for name in host().registry.broken:
        sentence = gettext("The plugin “%(name)s” could not be loaded.", name=name)
        yield Alert(sentence, url_for("plugins.index"))
