"""The audit for the installation's programs (S4): who changed what, before and after; and undo."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, url_for
from marshmallow import Schema, fields

from core.store.audit import AuditEntry
from core.web.api.routes import Routes
from core.web.api.schemas import Answer, RowId
from core.web.audit_list import AuditFilter, find, taken_back
from core.web.host import host, now
from core.web.member import INSTALLATION_ROLES, current_member
from core.web.rows import row_id

routes = Routes("Audit")

INSTALLATION: dict[str, Any] = {"roles": INSTALLATION_ROLES, "account": False}

PAGE = 50
"""So many entries in one answer; its ``next`` leads to more."""

ANYTHING = {"description": "What was there, as plain JSON; null: nothing."}

_DAY = {"description": "A day, in UTC.", "format": "date"}

AuditQuerySchema = Schema.from_dict(
    {
        "action": fields.String(metadata={"description": "A stable word: override.set, …"}),
        "account": fields.String(metadata={"description": "A part of the account's name."}),
        "author": fields.String(metadata={"description": "A part of who it was."}),
        "from": fields.String(metadata=_DAY),
        "to": fields.String(metadata=_DAY),
        "before": RowId(strict=False, metadata={"description": "The id of an entry: older ones."}),
    },
    name="AuditQuery",
)


class AuditEntrySchema(Answer):
    """One change."""

    id = fields.Integer()
    at = fields.AwareDateTime()
    author = fields.String()
    action = fields.String()
    account_id = fields.Integer(allow_none=True)
    account_name = fields.String()
    subject = fields.String()
    ref = fields.String()
    before = fields.Raw(allow_none=True, metadata=ANYTHING)
    after = fields.Raw(allow_none=True, metadata=ANYTHING)
    message = fields.String()
    undoes = fields.Integer(
        allow_none=True, metadata={"description": "The entry that this one took back."}
    )
    undone_by = fields.Integer(
        allow_none=True, metadata={"description": "The entry that took this one back."}
    )
    can_undo = fields.Boolean()


class AuditSchema(Answer):
    """A page of changes, newest first."""

    entries = fields.List(fields.Nested(AuditEntrySchema))
    next = fields.String(
        allow_none=True, metadata={"description": "The address of the next page, if any."}
    )


@routes.get("/audit", query=AuditQuerySchema, answer=AuditSchema, **INSTALLATION)
def list_audit(query: dict[str, Any]) -> dict[str, Any]:
    """Who changed what, newest first, 50 at a time."""
    wanted = AuditFilter.read({key: str(one) for key, one in query.items()}, ZoneInfo("UTC"))
    found, older = find(wanted, PAGE)
    following = url_for("api.list_audit", **{**query, "before": older}) if older else None
    return {"entries": _told(found), "next": following}


@routes.post(
    "/audit/<int:id>/undo",
    answer=AuditEntrySchema,
    status=201,
    problems={
        409: "It was taken back already, or changed again since.",
        422: "This kind of change cannot be taken back here.",
    },
    **INSTALLATION,
)
def undo_entry(id: int) -> AuditEntry:
    """Take a change back, by a new one that names it; a published matrix is reverted instead."""
    known = row_id(id)
    entry = (known and AuditEntry.get_or_none(AuditEntry.id == known)) or abort(404)
    host().undoer.undo(entry, author=current_member().user.email, at=now())
    return _told([AuditEntry.get(AuditEntry.undoes == entry.id)])[0]


def _told(entries: list[AuditEntry]) -> list[AuditEntry]:
    """The same entries, each with whether it was or can be taken back."""
    undone, can_undo = taken_back(entries), host().undoer.can_undo_of(entries)
    for one in entries:
        one.undone_by = undone[one.id].id if one.id in undone else None
        one.can_undo = one.id in can_undo
    return entries
