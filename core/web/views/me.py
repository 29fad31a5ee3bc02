"""The employee's own page: availability and own missed calls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import peewee
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.calls.tables import CallRow, LegRow
from core.contract.call import Outcome
from core.store.people import EmployeeRow
from core.web.base_view import AdminPage
from core.web.call_list import CallFilter, find
from core.web.host import now
from core.web.member import ACCOUNT_ROLES, current_member, forget_member
from core.web.menu import CALLS
from core.web.missed import meant_for, name_owners

MISSED_DAYS = 14


class MePage(AdminPage):
    """For everybody who can be rung."""

    roles_view = roles_edit = ACCOUNT_ROLES
    category = CALLS

    def __init__(self) -> None:
        super().__init__(lazy_gettext("My calls"), endpoint="me")

    def is_visible(self) -> bool:
        """Only to employees."""
        member = current_member()
        return bool(member and member.employee)

    @expose("/")
    def index(self) -> str:
        """Availability, missed and recent calls."""
        member = current_member()
        recent, _ = find(member, CallFilter(), 10) if member.employee else ([], None)
        missed = _missed(member.employee) if member.employee else []
        return self.render("web/me.html", employee=member.employee, missed=missed, recent=recent)

    @expose("/available/", methods=("POST",))
    def available(self) -> Any:
        """Start or stop being rung."""
        employee = current_member().employee or abort(404)
        employee.available = request.form.get("available") == "1"
        employee.save()
        forget_member()
        if employee.available:
            flash(gettext("Calls ring you again."), "success")
        else:
            flash(gettext("You are away: no call rings you."), "success")
        return redirect(url_for(".index"))


def _missed(employee: EmployeeRow) -> list[CallRow]:
    """Calls of the last days that nobody took, and that rang this employee or were meant for them
    while they were absent (R9)."""
    since = now() - timedelta(days=MISSED_DAYS)
    rung = LegRow.select(peewee.SQL("1")).where(
        LegRow.call == CallRow.id, LegRow.employee == employee.id, LegRow.number > 0
    )
    query = CallRow.of(employee.account_id).where(
        CallRow.started_at > since,
        CallRow.outcome == Outcome.MISSED,
        peewee.fn.EXISTS(rung) | meant_for(employee.id),
    )
    return name_owners(query.order_by(CallRow.started_at.desc()).limit(20))
