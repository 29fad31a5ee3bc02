"""Test a call: who would answer if this number were called now, or on Sunday at ten (S3)?"""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request
from flask_admin import expose
from flask_babel import lazy_gettext

from core.calls.scenario import PARTY
from core.contract.errors import BadInput
from core.store.lines import LineRow
from core.store.people import EmployeeRow
from core.web import choices
from core.web.base_view import AdminPage
from core.web.dry_run import scenario
from core.web.flow import draw
from core.web.host import host, now
from core.web.member import ADMIN, SUPERVISOR, current_member

MOST_PEOPLE = 100
"""So many employees the form offers a behaviour for; the others answer."""


class DryRunPage(AdminPage):
    """The live engine with a scripted caller; nothing is written and nobody is rung."""

    roles_view = roles_edit = (ADMIN, SUPERVISOR)

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Test a call"), endpoint="dry_run", url="/test-call")

    def is_visible(self) -> bool:
        """It belongs to a number, not into the menu."""
        return False

    @expose("/<int:id>/", methods=("GET", "POST"))
    def index(self, id: int) -> str:
        """The form, and below it what would happen."""
        account = current_member().account
        line = LineRow.of(account).where(LineRow.id == id).first() or abort(404)
        result = self._run(line) if request.method == "POST" else None
        people = list(EmployeeRow.of(account).order_by(EmployeeRow.name))
        names = {f"employee:{one.id}": one.name for one in people}
        return self.render(
            "web/dry_run.html",
            line=line,
            zone=str(line.zone),
            local=now().astimezone(line.zone),
            plans=choices.plans(),
            people=people[:MOST_PEOPLE],
            parties=PARTY,
            result=result,
            picture=draw(result, names) if result else "",
        )

    @expose("/")
    def none(self) -> Any:
        """Without a number there is nothing to test."""
        abort(404)

    def _run(self, line: LineRow) -> dict[str, Any] | None:
        account = current_member().account
        try:
            asked = scenario(request.form, line.number, account.country)
            return host().simulator().simulate(asked, now(), account.id)
        except BadInput as error:
            flash(error.message, "error")
            return None
