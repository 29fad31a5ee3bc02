"""The start page: today's calls at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import redirect, url_for
from flask_admin import AdminIndexView, expose
from flask_babel import gettext, lazy_gettext

from core.calls.tables import LegRow, PluginFaultRow
from core.contract.call import Account
from core.store.lines import GatewayRow, LineRow
from core.store.people import EmployeeRow
from core.web.access import Access
from core.web.call_list import CallFilter, counts, find, midnight
from core.web.format import phone
from core.web.host import host, now
from core.web.member import (
    ACCOUNT_ROLES,
    ADMIN,
    AGENT,
    BILLING,
    INSTALLATION_ROLES,
    OPERATOR,
    current_member,
)
from core.web.views.usage import quotas
from core.web.words import why

WARN_AT = 0.8
"""A quota used this far is worth a word (Q4)."""


@dataclass(frozen=True, slots=True)
class Warning:
    """Something an admin should look at, and where."""

    sentence: str
    address: str


class HomeView(Access, AdminIndexView):
    """What somebody sees first."""

    roles_view = (*ACCOUNT_ROLES, *INSTALLATION_ROLES, "")
    needs_account = False

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Today"), url="/")

    @expose("/")
    def index(self) -> Any:
        """Today in the account; who has none is led to where they can go on."""
        member = current_member()
        if member.account is None:
            page = {OPERATOR: "accounts.index_view", BILLING: "plans.index"}.get(member.role)
            return redirect(url_for(page or "profile.index"))
        if member.role == AGENT:
            return redirect(url_for("me.index"))
        account = member.account
        start = midnight(now().astimezone(account.zone).date(), account)
        recent, _ = find(member, CallFilter(), 8)
        return self.render(
            "web/home.html",
            counts=counts(member, start),
            recent=recent,
            people=_people(account),
            busy=_busy(account),
            warnings=_warnings(account) if member.has((ADMIN,)) else (),
            day=now().astimezone(account.zone).date(),
        )


def _people(account: Account) -> list[EmployeeRow]:
    query = EmployeeRow.of(account).order_by(EmployeeRow.available.desc(), EmployeeRow.name)
    return list(query.limit(60))


def _busy(account: Account) -> set[int]:
    live = LegRow.of(account).where(LegRow.ended_at.is_null(), LegRow.answered_at.is_null(False))
    return {one.employee for one in live if one.employee}


def _warnings(account: Account) -> list[Warning]:
    found = []
    if not GatewayRow.of(account).exists():
        found.append(Warning(gettext("No gateway yet, so no call can come in."), "/gateways/new/"))
    elif not LineRow.of(account).exists():
        found.append(Warning(gettext("No number yet, so no call can come in."), "/lines/new/"))
    for line in LineRow.of(account).where(LineRow.gateway.is_null()).limit(3):
        sentence = gettext("%(number)s has no gateway.", number=phone(line.number))
        found.append(Warning(sentence, url_for("lines.edit_view", id=line.id)))
    for one in quotas():
        if one.limit and (one.used or 0) + (one.held or 0) >= WARN_AT * one.limit:
            found.append(Warning(why(one), url_for("usage.index")))
    if _faults(account):
        sentence = gettext("A plugin failed in the last day; calls went on without it.")
        found.append(Warning(sentence, url_for("plugins.index")))
    for name in host().registry.broken:
        sentence = gettext("The plugin “%(name)s” could not be loaded.", name=name)
        found.append(Warning(sentence, url_for("plugins.index")))
    return found


def _faults(account: Account) -> bool:
    recent = PluginFaultRow.at > now() - timedelta(days=1)
    return PluginFaultRow.of(account).where(recent).exists()
