"""Calls: the list, and the page of one call with its decision trace (S2)."""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, abort, flash, request, stream_with_context
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.calls.state import State
from core.calls.tables import CallEventRow, CallRow, LegRow
from core.contract.call import Direction, Outcome
from core.contract.errors import BadInput, CentralinoError
from core.contract.events import RingOutcome
from core.contract.plugin import Panel
from core.store.lines import LineRow
from core.store.people import EmployeeRow
from core.web.base_view import AdminPage
from core.web.call_list import RUNNING, CallFilter, find, find_all, rung, seen_by
from core.web.export import cell
from core.web.host import host, now
from core.web.member import ACCOUNT_ROLES, Member, current_member
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
            outcomes=[*map(str, Outcome), RUNNING],
            directions=[*map(str, Direction)],
        )

    @expose("/<int:id>/")
    def details(self, id: int) -> str:
        """One call: who, when, legs, plugins' boxes, and every decision."""
        call = _call(id)
        people = EmployeeRow.of(call.account_id)
        legs = list(rung(call))
        return self.render(
            "web/call.html",
            call=call,
            legs=legs,
            taken=_taken(legs),
            people={one.id: one.name for one in people},
            events=list(_of(CallEventRow, call).order_by(CallEventRow.at, CallEventRow.id)),
            panels=panels(call),
            talks=State.from_text(call.state).talks(),
        )

    @expose("/export.csv")
    def export(self) -> Response:
        """The filtered calls, all pages of them."""
        member = current_member()
        lines = stream_with_context(_csv(member, CallFilter.read(request.args, member)))
        name = f"calls-{now():%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f"attachment; filename={name}"}
        return Response(lines, mimetype="text/csv", headers=headers)


COLUMNS = (
    "id", "direction", "started_at", "answered_at", "ended_at", "caller", "called", "client",
    "number", "employee", "outcome", "missed_by", "talk_seconds",
)  # fmt: skip


def _csv(member: Member, wanted: CallFilter) -> Iterator[str]:
    """The export, a page at a time; formulas are made harmless (B14)."""
    yield _rows([COLUMNS])
    for calls in find_all(member, wanted):
        yield _rows([[cell(one) for one in _exported(call, member.account.zone)] for call in calls])


def _exported(call: CallRow, zone: ZoneInfo) -> tuple[Any, ...]:
    instants = (call.started_at, call.answered_at, call.ended_at)
    times = (one.astimezone(zone).isoformat(timespec="seconds") if one else "" for one in instants)
    return (
        call.id, call.direction, *times, call.caller, call.called, call.client_name,
        str(call.line or ""), str(call.employee or ""), call.outcome or RUNNING,
        call.missed_by, call.talk_seconds,
    )  # fmt: skip


def _rows(rows: Any) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


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
    if call.line_id is None and call.direction != Direction.INTERNAL:
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
