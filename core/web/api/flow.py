"""The flow of a number, for programs (R)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import abort
from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from core.contract.flow import NEXT
from core.store.lines import LineRow
from core.web.api.routes import Routes
from core.web.api.schemas import Answer
from core.web.flow.graph import Flow, Kind
from core.web.flow.reading import read_flow
from core.web.host import host, now
from core.web.member import ADMIN, SUPERVISOR, current_member
from core.web.rows import row_id

routes = Routes("Flow")


class FlowQuerySchema(Schema):
    """What if?"""

    plan = fields.String(metadata={"description": "As on this plan; else the account's own."})


class FlowNodeSchema(Answer):
    """A box: a stage of the routing or a destination."""

    key = fields.String(
        metadata={"description": "start, stage:NAME, a destination as text, or last-resort."}
    )
    kind = fields.String(validate=OneOf([str(one) for one in Kind]))
    title = fields.String()
    caption = fields.String(metadata={"description": "What kind of thing it is, for people."})
    lines = fields.List(fields.String())
    link = fields.String(metadata={"description": "Address of the page on which it is set."})
    off = fields.String(metadata={"description": "Why it is left out; empty when it works."})
    plan = fields.String(metadata={"description": "The cheapest plan that has it, when left out."})
    idle = fields.Boolean(metadata={"description": "Nothing to do for this number."})
    reached = fields.Boolean(metadata={"description": "Whether a call can come here now."})


class FlowEdgeSchema(Answer):
    """A way from one box to another."""

    from_ = fields.String(data_key="from")
    to = fields.String(
        metadata={"description": "A key; next: the stage that follows; end: the call ends."}
    )
    label = fields.String(metadata={"description": "When it is taken."})
    off = fields.String(metadata={"description": "Why it is closed; empty when it is open."})


class FlowSchema(Answer):
    """A number's way."""

    number = fields.String(metadata={"description": "E.164"})
    spine = fields.List(
        fields.String(), metadata={"description": "The keys of the stages, in their order."}
    )
    nodes = fields.List(fields.Nested(FlowNodeSchema))
    edges = fields.List(fields.Nested(FlowEdgeSchema))


@routes.get(
    "/lines/<int:id>/flow",
    roles=(ADMIN, SUPERVISOR),
    query=FlowQuerySchema,
    answer=FlowSchema,
    problems={422: "There is no such plan."},
)
def show_flow(id: int, query: dict[str, Any]) -> dict[str, Any]:
    """The way of a call to a number: its boxes, and what leads from each to which."""
    known = row_id(id)
    line = known and LineRow.of(current_member().account).where(LineRow.id == known).first()
    flow = read_flow(host(), line or abort(404), now(), query.get("plan", ""))
    return _parts(line.number, flow)


def as_json(number: str, flow: Flow) -> dict[str, Any]:
    """A flow as plain data, as the API answers it and the command prints it."""
    return FlowSchema().dump(_parts(number, flow))


def _parts(number: str, flow: Flow) -> dict[str, Any]:
    return {
        "number": number,
        "spine": flow.spine,
        "nodes": list(flow.boxes.values()),
        "edges": list(_edges(flow)),
    }


def _edges(flow: Flow) -> Iterator[dict[str, str]]:
    following = dict(zip(flow.spine, flow.spine[1:], strict=False))
    for key, box in flow.boxes.items():
        for way in box.ways:
            to = way.to if way.to != NEXT else following.get(key) or box.next or NEXT
            yield {"from_": key, "to": to, "label": way.label, "off": way.off}
