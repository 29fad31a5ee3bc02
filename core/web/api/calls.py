"""Calls and their decision trace, for programs (S2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, request, url_for

from core.calls.tables import CallEventRow, CallRow, LegRow
from core.web.api.auth import roles
from core.web.call_list import CallFilter, find, seen_by
from core.web.member import ACCOUNT_ROLES, current_member
from core.web.rows import row_id


def add(api: Blueprint) -> None:
    """Put the routes on the blueprint."""
    api.get("/calls")(_calls)
    api.get("/calls/<int:id>")(_call)


@roles(*ACCOUNT_ROLES)
def _calls() -> dict[str, Any]:
    member = current_member()
    found, older = find(member, CallFilter.read(request.args, member))
    following = {**request.args.to_dict(), "before": older}
    return {
        "calls": [_summary(one) for one in found],
        "next": url_for("api._calls", **following) if older else None,
    }


@roles(*ACCOUNT_ROLES)
def _call(id: int) -> dict[str, Any]:
    known = row_id(id)
    call = known and seen_by(current_member()).where(CallRow.id == known).first()
    if not call:
        abort(404)
    legs = LegRow.of(call.account_id).where(LegRow.call == call).order_by(LegRow.number)
    events = CallEventRow.of(call.account_id).where(CallEventRow.call == call)
    ordered = events.order_by(CallEventRow.at, CallEventRow.id)
    return {
        **_summary(call),
        "legs": [_leg(one) for one in legs],
        "trace": [entry for event in ordered for entry in event.trace],
    }


def _summary(call: CallRow) -> dict[str, Any]:
    return {
        "id": call.id,
        "line": call.line_id,
        "caller": call.caller,
        "called": call.called,
        "client": call.client_name,
        "started_at": _text(call.started_at),
        "answered_at": _text(call.answered_at),
        "ended_at": _text(call.ended_at),
        "outcome": call.outcome,
        "employee": call.employee_id,
        "talk_seconds": call.talk_seconds,
    }


def _leg(leg: LegRow) -> dict[str, Any]:
    return {
        "number": leg.number,
        "employee": leg.employee,
        "address": leg.address,
        "outside": leg.outside,
        "started_at": _text(leg.started_at),
        "answered_at": _text(leg.answered_at),
        "ended_at": _text(leg.ended_at),
        "ring": leg.ring,
    }


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
