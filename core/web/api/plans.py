"""The plan matrix for programs: what is in force, its revisions, and what differs between them."""

from __future__ import annotations

from typing import Any

from flask import url_for
from marshmallow import Schema, fields

from core.plans.plain import (
    check_json,
    comparison_json,
    matrix_json,
    revision_json,
    revisions_json,
    scheduled_json,
)
from core.plans.versions import CURRENT, version_of_revision, version_of_word
from core.web.api.plan_schemas import (
    CheckSchema,
    ComparisonSchema,
    FileSchema,
    MatrixSchema,
    RevisionsSchema,
    RevisionWithFileSchema,
)
from core.web.api.routes import Routes
from core.web.api.schemas import RowId
from core.web.host import host, now
from core.web.member import ACCOUNT_ROLES, INSTALLATION_ROLES, current_member

routes = Routes("Plans")

PAGE = 50
"""So many revisions in one answer; its ``next`` leads to more."""

BILLERS: dict[str, Any] = {"roles": INSTALLATION_ROLES, "account": False}
"""Who may use most of these routes."""

_VERSION = {"description": f"The number of a revision, or “{CURRENT}”."}

DifferenceQuerySchema = Schema.from_dict(
    {
        "from": fields.String(required=True, metadata=_VERSION),
        "to": fields.String(required=True, metadata=_VERSION),
    },
    name="DifferenceQuery",
)


class RevisionsQuerySchema(Schema):
    """Which page of revisions."""

    before = RowId(
        strict=False, metadata={"description": "The number of a revision: only older ones."}
    )


@routes.get(
    "/plans", roles=(*ACCOUNT_ROLES, *INSTALLATION_ROLES), account=False, answer=MatrixSchema
)
def list_plans() -> dict[str, Any]:
    """The plan matrix that is in force, and for the installation's roles what is scheduled.

    Members of an account see the plans side by side, as they hold for it.
    """
    member, book = current_member(), host().book
    if member.role in INSTALLATION_ROLES:
        return matrix_json(version_of_revision(book.settled()), scheduled_json(book))
    return matrix_json(version_of_revision(book.in_force(member.account.zone, now())))


@routes.get("/plans/revisions", query=RevisionsQuerySchema, answer=RevisionsSchema, **BILLERS)
def list_revisions(query: dict[str, Any]) -> dict[str, Any]:
    """The revisions of the matrix, newest first, 50 at a time."""
    found = revisions_json(host().book, query.get("before"), PAGE + 1)
    page, more = found[:PAGE], len(found) > PAGE
    following = url_for("api.list_revisions", before=page[-1]["number"]) if more else None
    return {"revisions": page, "next": following}


@routes.get("/plans/revisions/<int:number>", answer=RevisionWithFileSchema, **BILLERS)
def show_revision(number: int) -> dict[str, Any]:
    """One revision with the plan file's text."""
    revisions = host().book.revisions
    entry = revisions.entry(number)
    return {**revision_json(host().book, entry), "yaml": revisions.text(number)}


@routes.get(
    "/plans/diff",
    query=DifferenceQuerySchema,
    answer=ComparisonSchema,
    problems={404: "There is no such revision."},
    **BILLERS,
)
def compare_revisions(query: dict[str, Any]) -> dict[str, Any]:
    """What changes from one revision to another: what the file says, and what takes effect."""
    book = host().book
    before, after = (version_of_word(book, query[name]) for name in ("from", "to"))
    return comparison_json(before, after)


@routes.post("/plans/check", body=FileSchema, answer=CheckSchema, **BILLERS)
def check_plans(body: dict[str, Any]) -> dict[str, Any]:
    """Whether a plan file can be taken; all its faults at once, each with its place."""
    return check_json(body["yaml"], host().registry, host().book.path.name)
