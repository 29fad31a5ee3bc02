"""Saved scenarios for programs (S3): kept, run, and held against what was expected."""

from __future__ import annotations

from typing import Any

from flask import abort
from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from core.calls.rehearsal.run import Run
from core.calls.rehearsal.saved import OUTCOMES, save_scenario, scenario_json, scenarios_of
from core.calls.rehearsal.trying import run_all, run_scenario
from core.calls.scenario import PARTY
from core.store.lines import LineRow
from core.store.scenarios import ScenarioRow
from core.web.api.calls import TraceLineSchema
from core.web.api.routes import Routes
from core.web.api.schemas import Answer
from core.web.host import host, now
from core.web.member import ADMIN, SUPERVISOR, current_member
from core.web.rows import row_id

routes = Routes("Scenarios")

READERS: dict[str, Any] = {"roles": (ADMIN, SUPERVISOR)}


class ExpectationSchema(Schema):
    """What the call should become, and where it should end."""

    outcome = fields.String(validate=OneOf(["", *OUTCOMES]))
    ends = fields.String(
        metadata={"description": "employee:17, number:+39…, voicemail:queue:3; empty: anywhere."}
    )


ScenarioCallSchema = Schema.from_dict(
    {
        "to": fields.String(metadata={"description": "The number; that of the address counts."}),
        "from": fields.String(metadata={"description": "E.164; without it: withheld."}),
        "at": fields.String(
            metadata={
                "description": "On the number's clock: 2026-11-22T22:00, or a moment that comes"
                " again: sunday 22:00, workday 10:00, today 10:00, tomorrow 10:00, 12-25 12:00."
            }
        ),
        "plan": fields.String(metadata={"description": "Without it: the account's own."}),
        "sip_to": fields.String(),
    },
    name="ScenarioCall",
)


class CallerActionSchema(Schema):
    """One thing the caller does: exactly one of these."""

    press = fields.String()
    wait = fields.Integer(metadata={"description": "Seconds."})
    say = fields.Integer(metadata={"description": "Seconds."})
    hangup = fields.Boolean()


class ScenarioBodySchema(Schema):
    """A scenario, as ``centralino simulate`` reads it from a file."""

    name = fields.String(required=True)
    call = fields.Nested(ScenarioCallSchema, load_default=dict)
    caller = fields.List(fields.Nested(CallerActionSchema))
    employees = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=OneOf(PARTY)),
        metadata={"description": "What employees do, by extension; who is not named answers."},
    )
    numbers = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=OneOf(PARTY)),
        metadata={"description": "What outside numbers do, by E.164."},
    )
    talk_seconds = fields.Integer()
    expect = fields.Nested(ExpectationSchema)


class ScenarioSchema(ScenarioBodySchema):
    """A saved scenario."""

    id = fields.Integer(required=True)
    line = fields.Integer(required=True)


class ScenariosSchema(Answer):
    """The scenarios of a number, by name."""

    scenarios = fields.List(fields.Nested(ScenarioSchema))


class StepTakenSchema(Schema):
    """One thing that happens in a call; what it has nothing of is left out."""

    at = fields.String(required=True)
    step = fields.String(required=True)
    says = fields.List(fields.String())
    music = fields.List(fields.String())
    plays = fields.List(fields.String(), metadata={"description": "Keys of sounds."})
    rings = fields.List(fields.String())
    for_ = fields.String(data_key="for", attribute="for")
    recorded = fields.Boolean()
    result = fields.String()


class ScenarioRunSchema(Answer):
    """What came of a scenario just now."""

    scenario = fields.Integer()
    name = fields.String()
    met = fields.Boolean(metadata={"description": "Whether it is what was expected."})
    outcome = fields.String()
    ends = fields.String(metadata={"description": "Where it ended; empty: nowhere."})
    problem = fields.String(metadata={"description": "Why the call could not be made."})
    steps = fields.List(fields.Nested(StepTakenSchema))
    trace = fields.List(fields.Nested(TraceLineSchema))
    usage = fields.Dict(keys=fields.String(), values=fields.Integer())


class ScenarioRunsSchema(Answer):
    """What came of all scenarios of a number just now."""

    met = fields.Boolean(metadata={"description": "Whether all are what was expected."})
    runs = fields.List(fields.Nested(ScenarioRunSchema))


@routes.get("/lines/<int:id>/scenarios", answer=ScenariosSchema, **READERS)
def list_scenarios(id: int) -> dict[str, Any]:
    """The saved scenarios of a number."""
    return {"scenarios": [_shown(row) for row in scenarios_of([_line(id)])]}


@routes.post(
    "/lines/<int:id>/scenarios",
    roles=(ADMIN,),
    body=ScenarioBodySchema,
    answer=ScenarioSchema,
    status=201,
)
def add_scenario(id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Save a scenario of a number; from then on it is run before each change."""
    return _shown(save_scenario(_line(id), body))


@routes.post("/lines/<int:id>/scenarios/run", answer=ScenarioRunsSchema, **READERS)
def run_scenarios(id: int) -> dict[str, Any]:
    """Run all scenarios of a number; nothing is written and nobody is rung."""
    rows = scenarios_of([_line(id)])
    runs = run_all(host().simulator(), rows, now())
    told = [run_json(row, runs[row.id]) for row in rows]
    return {"met": all(one["met"] for one in told), "runs": told}


@routes.get("/scenarios/<int:id>", answer=ScenarioSchema, **READERS)
def show_scenario(id: int) -> dict[str, Any]:
    """One saved scenario."""
    return _shown(_scenario(id))


@routes.put("/scenarios/<int:id>", roles=(ADMIN,), body=ScenarioBodySchema, answer=ScenarioSchema)
def change_scenario(id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Replace a saved scenario."""
    row = _scenario(id)
    return _shown(save_scenario(row.line, body, row))


@routes.delete("/scenarios/<int:id>", roles=(ADMIN,))
def delete_scenario(id: int) -> None:
    """Delete a saved scenario."""
    _scenario(id).delete_instance()


@routes.post("/scenarios/<int:id>/run", answer=ScenarioRunSchema, **READERS)
def run_one_scenario(id: int) -> dict[str, Any]:
    """Run a scenario; nothing is written and nobody is rung."""
    row = _scenario(id)
    return run_json(row, run_scenario(host().simulator(), row, now()))


def run_json(row: ScenarioRow, run: Run) -> dict[str, Any]:
    """What came of a scenario, as plain data."""
    met = run.meets(row.outcome, row.ends)
    return {"scenario": row.id, "name": row.name, "met": met, **run.as_json()}


def _shown(row: ScenarioRow) -> dict[str, Any]:
    return {"id": row.id, "line": row.line_id, **scenario_json(row)}


def _line(id: int) -> LineRow:
    known = row_id(id)
    line = known and LineRow.of(current_member().account).where(LineRow.id == known).first()
    return line or abort(404)


def _scenario(id: int) -> ScenarioRow:
    known = row_id(id)
    own = ScenarioRow.of(current_member().account)
    return (known and own.where(ScenarioRow.id == known).first()) or abort(404)
