"""Calls and their decision trace, for programs (S2)."""

from __future__ import annotations

from typing import Any

from flask import abort, url_for
from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from core.calls.tables import CallEventRow, CallRow
from core.contract.call import Direction, Outcome
from core.web.api.routes import Routes
from core.web.api.schemas import Answer, RowId
from core.web.call_list import RUNNING, CallFilter, find, rung, seen_by
from core.web.member import ACCOUNT_ROLES, current_member
from core.web.missed import name_owners
from core.web.rows import row_id

routes = Routes("Calls")

_DAY = {"description": "A day on the account's clock.", "format": "date"}

CallQuerySchema = Schema.from_dict(
    {
        "from": fields.String(metadata=_DAY),
        "to": fields.String(metadata=_DAY),
        "outcome": fields.String(validate=OneOf([*map(str, Outcome), RUNNING])),
        "direction": fields.String(validate=OneOf([*map(str, Direction)])),
        "line": RowId(strict=False),
        "caller": fields.String(
            metadata={
                "description": "The number outside, as people write it, whoever of the two called."
            }
        ),
        "before": RowId(
            strict=False, metadata={"description": "The id of a call: only older ones."}
        ),
    },
    name="CallQuery",
)


class CallSchema(Answer):
    """One call."""

    id = fields.Integer()
    direction = fields.String(validate=OneOf([*map(str, Direction)]))
    line = fields.Integer(attribute="line_id", allow_none=True)
    caller = fields.String(
        metadata={"description": "Of an outgoing call the line, of an internal one an extension."}
    )
    called = fields.String()
    client = fields.String(attribute="client_name")
    started_at = fields.AwareDateTime()
    answered_at = fields.AwareDateTime(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)
    outcome = fields.String(allow_none=True, metadata={"description": "null: it is running."})
    employee = fields.Integer(attribute="employee_id", allow_none=True)
    missed_by = fields.String(
        metadata={
            "description": "Of a missed call: the client's responsible, else for whom it rang."
        }
    )
    talk_seconds = fields.Integer()


class CallsSchema(Answer):
    """A page of calls, newest first."""

    calls = fields.List(fields.Nested(CallSchema))
    next = fields.String(
        allow_none=True, metadata={"description": "The address of the next page, if any."}
    )


class LegSchema(Answer):
    """One attempt to reach somebody."""

    number = fields.Integer()
    employee = fields.Integer(allow_none=True)
    address = fields.String()
    outside = fields.Boolean()
    started_at = fields.AwareDateTime()
    answered_at = fields.AwareDateTime(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)
    ring = fields.String(allow_none=True, metadata={"description": "How the ringing ended."})


class TraceLineSchema(Schema):
    """One decision during a call."""

    stage = fields.String(required=True)
    plugin = fields.String(required=True)
    result = fields.String(required=True)
    reason = fields.String(required=True)
    feature = fields.String(metadata={"description": "What the gate was asked."})
    decision = fields.Dict(metadata={"description": "What the gate said."})


class CallWithTraceSchema(CallSchema):
    """One call with its legs and every decision."""

    legs = fields.List(fields.Nested(LegSchema))
    trace = fields.List(fields.Nested(TraceLineSchema))


@routes.get("/calls", roles=ACCOUNT_ROLES, query=CallQuerySchema, answer=CallsSchema)
def list_calls(query: dict[str, Any]) -> dict[str, Any]:
    """Calls, newest first, 50 at a time; an agent's own only."""
    member = current_member()
    found, older = find(member, CallFilter.read(query, member))
    following = {**query, "before": older}
    return {
        "calls": found,
        "next": url_for("api.list_calls", **following) if older else None,
    }


@routes.get("/calls/<int:id>", roles=ACCOUNT_ROLES, answer=CallWithTraceSchema)
def show_call(id: int) -> CallRow:
    """One call with its legs and the trace of its decisions."""
    known = row_id(id)
    call = known and seen_by(current_member()).where(CallRow.id == known).first()
    if not call:
        abort(404)
    name_owners([call])
    call.legs = list(rung(call))
    events = CallEventRow.of(call.account_id).where(CallEventRow.call == call)
    ordered = events.order_by(CallEventRow.at, CallEventRow.id)
    call.trace = [entry for event in ordered for entry in event.trace]
    return call
