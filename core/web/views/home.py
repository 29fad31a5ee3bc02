"""The start page: today's calls at a glance."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from flask_admin import AdminIndexView, expose
from flask_babel import lazy_gettext

from core.calls.tables import LegRow
from core.contract.call import Account
from core.store.people import EmployeeRow
from core.web.access import Access
from core.web.call_list import CallFilter, counts, find, midnight
from core.web.host import now
from core.web.member import (
    ACCOUNT_ROLES,
    AGENT,
    BILLING,
    INSTALLATION_ROLES,
    OPERATOR,
    current_member,
)


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
            day=now().astimezone(account.zone).date(),
        )


def _people(account: Account) -> list[EmployeeRow]:
    query = EmployeeRow.of(account).order_by(EmployeeRow.available.desc(), EmployeeRow.name)
    return list(query.limit(60))


def _busy(account: Account) -> set[int]:
    live = LegRow.of(account).where(LegRow.ended_at.is_null(), LegRow.answered_at.is_null(False))
    return {one.employee for one in live if one.employee}
