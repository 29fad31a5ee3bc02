"""Calls: the list, and the page of one call with its decision trace (S2)."""

from __future__ import annotations

import logging
from typing import Any

from flask import abort, flash, request
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.calls.tables import CallEventRow, CallRow, LegRow
from core.contract.call import Outcome
from core.contract.errors import BadInput, CentralinoError
from core.contract.events import RingOutcome
from core.contract.plugin import Panel
from core.store.lines import LineRow
from core.store.people import EmployeeRow
from core.web.base_view import AdminPage
from core.web.call_list import CallFilter, find, seen_by
from core.web.host import host
from core.web.member import ACCOUNT_ROLES, current_member
from core.web.menu import CALLS
from core.web.missed import name_owners
from core.web.rows import row_id

log = logging.getLogger(__name__)


class CallsPage(AdminPage):
    """The account's calls; an agent sees those they were rung for."""

    roles_view = ACCOUNT_ROLES
    category = CALLS

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Calls"), endpoint="calls")

    @expose("/")
    def index(self) -> str:
        """The list, newest first."""
        member = current_member()
        try:
            wanted = CallFilter.read(request.args, member)
        except BadInput as error:
            flash(error.message, "error")
            wanted = CallFilter()
        calls, older = find(member, wanted)
        lines = LineRow.of(member.account).order_by(LineRow.number)
        return self.render(
            "web/calls.html",
            calls=calls,
            older=older,
            wanted=wanted,
            lines=lines,
            outcomes=[*map(str, Outcome), "running"],
        )

    @expose("/<int:id>/")
    def details(self, id: int) -> str:
        """One call: who, when, legs, plugins' boxes, and every decision."""
        call = _call(id)
        people = EmployeeRow.of(call.account_id)
        legs = list(_of(LegRow, call).order_by(LegRow.number))
        return self.render(
            "web/call.html",
            call=call,
            legs=legs,
            taken=_taken(legs),
            people={one.id: one.name for one in people},
            events=list(_of(CallEventRow, call).order_by(CallEventRow.at, CallEventRow.id)),
            panels=panels(call),
        )


def _call(id: int) -> CallRow:
    known = row_id(id)
    call = known and seen_by(current_member()).where(CallRow.id == known).first()
    return name_owners([call or abort(404)])[0]


def _taken(legs: list[LegRow]) -> dict[int, LegRow]:
    """The phone that took the call from those that rang with it, by the number of theirs: what A
    has answered, B has not missed (R9)."""
    answered = {leg.started_at: leg for leg in legs if leg.ring == RingOutcome.ANSWERED}
    rang = (leg for leg in legs if leg.ring == RingOutcome.NO_ANSWER)
    return {leg.number: answered[leg.started_at] for leg in rang if leg.started_at in answered}


def _of(table: Any, call: CallRow) -> Any:
    return table.of(call.account_id).where(table.call == call.id)


def panels(call: CallRow) -> list[Panel]:
    """The boxes that plugins add; a plugin that fails is named in its place."""
    if call.line_id is None:
        return []
    try:
        found = host().journal.by_id(call.id)
        asker = host().thinker.asker(found, found.call(call.ended_at or call.started_at))
        boxes = [box for _, some in asker.all("describe_call", (list, tuple)) for box in some]
    except CentralinoError as error:
        log.exception("The boxes of call %s cannot be shown", call.id)
        return [Panel(gettext("Not available"), (("", error.message),))]
    failed = [Panel(name, ((gettext("Fault"), text),)) for name, _, text in asker.faults]
    return [*boxes, *failed]
