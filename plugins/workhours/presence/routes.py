"""The working day for programs: an employee's own with their own key, the team's for those who lead
it (R7)."""

from __future__ import annotations

from typing import Any

from flask import abort
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from core import api
from core.api import gettext
from plugins.workhours.presence.absence import FEATURE
from plugins.workhours.presence.changing import (
    LONGEST_NOTE,
    LONGEST_REASON,
    Action,
    Change,
    change,
)
from plugins.workhours.presence.overview import Day, days

routes = api.Routes("Working day")

EVERYBODY = ("admin", "supervisor", "agent")
LEADERS = ("admin", "supervisor")
STATES = ("work", "break", "off")


class WorkdaySchema(api.AnswerSchema):
    """An employee's working day as it stands now."""

    employee = fields.Integer(attribute="employee.id")
    name = fields.String(attribute="employee.name")
    state = fields.String(validate=OneOf(STATES))
    reason = fields.String(metadata={"description": "Of a break."})
    since = fields.AwareDateTime(allow_none=True)
    until = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When the day ends by itself."}
    )
    work_seconds_today = fields.Function(lambda day: int(day.today.work.total_seconds()),
                                         metadata={"type": "integer"})  # fmt: skip
    break_seconds_today = fields.Function(lambda day: int(day.today.breaks.total_seconds()),
                                          metadata={"type": "integer"})  # fmt: skip


class TeamSchema(api.AnswerSchema):
    """Everybody's working day, by name."""

    workdays = fields.List(fields.Nested(WorkdaySchema))


class WorkdayChangeSchema(Schema):
    """What to do with a day."""

    action = fields.String(required=True, validate=OneOf([str(one) for one in Action]))
    reason = fields.String(
        load_default="",
        validate=Length(max=LONGEST_REASON),
        metadata={"description": "Of a break: lunch, meeting, training or own words."},
    )


class WorkdayOfAnotherSchema(WorkdayChangeSchema):
    """The same for somebody else, with the reason why."""

    note = fields.String(required=True, validate=Length(min=1, max=LONGEST_NOTE))


NO_EMPLOYEE = {404: "Whose key this is, is no employee."}


@routes.get(
    "/workday", roles=EVERYBODY, feature=FEATURE, answer=WorkdaySchema, problems=NO_EMPLOYEE
)
def show_workday() -> Day:
    """The working day of the employee whose key this is."""
    return _day(_own())


@routes.post(
    "/workday",
    roles=EVERYBODY,
    feature=FEATURE,
    body=WorkdayChangeSchema,
    answer=WorkdaySchema,
    problems={**NO_EMPLOYEE, 409: "Somebody else kept changing this day."},
)
def change_workday(body: dict[str, Any]) -> Day:
    """Start, pause, resume or end the own working day; doing it twice changes nothing."""
    employee = _own()
    wanted = Change(Action(body["action"]), body["reason"].strip())
    change(api.current_member().account, employee, wanted, api.now())
    return _day(employee)


@routes.get("/workdays", roles=LEADERS, feature=FEATURE, answer=TeamSchema)
def list_workdays() -> dict[str, Any]:
    """Who is at work now, on a break, or not at work."""
    account = api.current_member().account
    people = api.EmployeeRow.of(account).order_by(api.EmployeeRow.name)
    return {"workdays": days(account, people, api.now())}


@routes.post(
    "/workdays/<int:id>",
    roles=LEADERS,
    feature=FEATURE,
    body=WorkdayOfAnotherSchema,
    answer=WorkdaySchema,
    problems={409: "Somebody else kept changing this day."},
)
def change_workday_of(id: int, body: dict[str, Any]) -> Day:
    """Change an employee's working day for them; who did it, and why, is kept."""
    member = api.current_member()
    known = api.EmployeeRow.of(member.account).where(api.EmployeeRow.id == id)
    employee = known.first() or abort(404)
    note = body["note"].strip()
    wanted = Change(Action(body["action"]), body["reason"].strip(), str(member.user), note)
    change(member.account, employee, wanted, api.now())
    return _day(employee)


def _own() -> api.EmployeeRow:
    employee = api.current_member().employee
    if employee is None:
        raise api.NotFound(gettext("The owner of this key is no employee of the account."))
    return employee


def _day(employee: api.EmployeeRow) -> Day:
    return days(api.current_member().account, [employee], api.now())[0]
