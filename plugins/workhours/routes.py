"""Working hours for programs: whether a schedule is open, and opening or closing by hand (W4)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from core.api import Account, AnswerSchema, Routes, current_member, now
from plugins.workhours import by_hand
from plugins.workhours.models import Ends, OverrideRow
from plugins.workhours.schedules import schedules
from plugins.workhours.standing import of_schedule

routes = Routes("Working hours")
ROLES = ("admin", "supervisor")


class HoursStateSchema(AnswerSchema):
    """A schedule at this instant, on the account's clock."""

    schedule = fields.String(metadata={"description": "As overrides and settings name it."})
    name = fields.String()
    open = fields.Boolean()
    why = fields.String()
    until = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When it changes; null: not within a year."}
    )
    timezone = fields.String()


class HoursStatesSchema(AnswerSchema):
    """All schedules."""

    schedules = fields.List(fields.Nested(HoursStateSchema))


class HoursOverrideSchema(AnswerSchema):
    """What was said by hand."""

    id = fields.Integer()
    target = fields.String()
    open = fields.Boolean()
    ends = fields.String()
    at = fields.AwareDateTime()
    until = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When it ends by itself; null: never."}
    )
    author = fields.String()
    reason = fields.String()


class HoursOverridesSchema(AnswerSchema):
    """What holds by hand."""

    overrides = fields.List(fields.Nested(HoursOverrideSchema))


class HoursOverrideStartSchema(Schema):
    """What to open or close."""

    target = fields.String(
        required=True, metadata={"description": "``schedule:3``, or ``line:5`` for one number."}
    )
    open = fields.Boolean(required=True, truthy={True}, falsy={False})
    ends = fields.String(
        load_default=Ends.CHANGE,
        validate=validate.OneOf([str(one) for one in Ends]),
        metadata={"description": "At the next change of the schedule, at ``until``, or never."},
    )
    until = fields.AwareDateTime(allow_none=True, load_default=None)
    reason = fields.String(required=True)


@routes.get("/workhours/schedules", roles=ROLES, feature="workhours", answer=HoursStatesSchema)
def list_hours_schedules() -> dict[str, Any]:
    """Every schedule: open or closed now, why, and until when."""
    return {"schedules": [_state(value) for value in schedules(_account())]}


@routes.get("/workhours/overrides", roles=ROLES, feature="workhours", answer=HoursOverridesSchema)
def list_hours_overrides() -> dict[str, Any]:
    """What holds by hand at this instant."""
    account, at = _account(), now()
    targets = by_hand.targets(account)
    rows = OverrideRow.of(account).where(OverrideRow.ended_at.is_null())
    said = [by_hand.describe(account, row, targets, at) for row in rows.order_by(OverrideRow.id)]
    return {"overrides": [_said(one) for one in said if one.holds]}


@routes.post(
    "/workhours/overrides",
    roles=ROLES,
    feature="workhours",
    body=HoursOverrideStartSchema,
    answer=HoursOverrideSchema,
    status=201,
)
def start_hours_override(body: dict[str, Any]) -> dict[str, Any]:
    """Open or close a number or a schedule from now on."""
    account, at = _account(), now()
    row = by_hand.say(
        account,
        body["target"],
        body["open"],
        Ends(body["ends"]),
        body["reason"],
        current_member().user.email,
        at,
        body["until"],
    )
    return _said(by_hand.describe(account, row, by_hand.targets(account), at))


@routes.delete("/workhours/overrides/<int:id>", roles=ROLES, feature="workhours")
def end_hours_override(id: int) -> None:
    """End an override before its time."""
    by_hand.end(_account(), id, current_member().user.email, now())


def _state(value: str) -> dict[str, Any]:
    standing = of_schedule(_account(), value)
    found = standing.opening(now())
    return {
        "schedule": value,
        "name": standing.schedule.name,
        "open": found.open,
        "why": found.why,
        "until": found.until,
        "timezone": standing.zone.key,
    }


def _said(said: by_hand.Said) -> dict[str, Any]:
    row = said.row
    shown = {name: getattr(row, name) for name in ("id", "open", "ends", "at", "author", "reason")}
    return {**shown, "target": by_hand.target(row), "until": said.until}


def _account() -> Account:
    return current_member().account
