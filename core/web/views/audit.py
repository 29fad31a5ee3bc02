"""The audit (S4): who changed what, when, before and after, and why; and the way back."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, abort, flash, redirect, request, stream_with_context, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.contract.errors import BadInput, CentralinoError
from core.store.audit import AuditEntry
from core.web.audit_changes import Changed, changes, zones_of
from core.web.audit_list import (
    ACTIONS,
    COLUMNS,
    AuditFilter,
    all_of,
    exported,
    find,
    taken_back,
)
from core.web.base_view import AdminPage
from core.web.export import cell
from core.web.host import host, now
from core.web.language import zone
from core.web.member import BILLING, OPERATOR, current_member
from core.web.menu import INSTALLATION
from core.web.rows import row_id
from core.web.words import say

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry with what a page says of it.

    Args:
        row: the entry.
        changes: what it changed.
        undone_by: the entry that took it back, if any.
        can_undo: whether it can be taken back.
        account: id of its account, None when that is gone or there was none.
    """

    row: AuditEntry
    changes: list[Changed]
    undone_by: AuditEntry | None
    can_undo: bool
    account: int | None


class AuditPage(AdminPage):
    """All entries of the installation."""

    roles_view = roles_edit = (OPERATOR, BILLING)
    needs_account = False
    category = INSTALLATION

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Audit"), endpoint="audit", url="/audit")

    @expose("/")
    def index(self) -> str:
        """The list, newest first."""
        wanted = _wanted()
        entries, older = find(wanted)
        return self.render(
            "web/audit.html",
            entries=shown(entries),
            older=older,
            wanted=wanted,
            actions={**dict.fromkeys([wanted.action] if wanted.action else ()), **ACTIONS},
        )

    @expose("/<int:id>/")
    def entry(self, id: int) -> str:
        """One entry."""
        return self.render("web/audit_entry.html", entry=_shown(id), asked=False, actions=ACTIONS)

    @expose("/<int:id>/undo", methods=("GET",))
    def ask(self, id: int) -> str:
        """Ask before an entry is taken back."""
        return self.render("web/audit_entry.html", entry=_shown(id), asked=True, actions=ACTIONS)

    @expose("/<int:id>/undo", methods=("POST",))
    def undo(self, id: int) -> Any:
        """Take an entry back."""
        entry = _shown(id).row
        try:
            host().undoer.undo(entry, author=current_member().user.email, at=now())
        except CentralinoError as error:
            flash(say(error.message), "error")
            return redirect(url_for(".entry", id=id))
        flash(gettext("Taken back."), "success")
        return redirect(url_for(".index"))

    @expose("/export.csv")
    def export(self) -> Response:
        """The filtered entries, all pages of them."""
        lines = stream_with_context(_csv(_wanted()))
        name = f"audit-{now():%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f"attachment; filename={name}"}
        return Response(lines, mimetype="text/csv", headers=headers)


def shown(entries: list[AuditEntry]) -> list[Shown]:
    """Entries with what is said of them; all that is read for them is read at once."""
    zones, undone = zones_of(entries), taken_back(entries)
    can_undo = host().undoer.can_undo_of(entries)
    return [
        Shown(
            one,
            changes(one, zones.get(one.account_id, UTC)),
            undone.get(one.id),
            one.id in can_undo,
            one.account_id if one.account_id in zones else None,
        )
        for one in entries
    ]


def _shown(id: int) -> Shown:
    known = row_id(id)
    row = (known and AuditEntry.get_or_none(AuditEntry.id == known)) or abort(404)
    return shown([row])[0]


def _wanted() -> AuditFilter:
    try:
        return AuditFilter.read(request.args, ZoneInfo(zone()))
    except BadInput as error:
        flash(say(error.message), "error")
        return AuditFilter()


def _csv(wanted: AuditFilter) -> Iterator[str]:
    """The export, a chunk at a time; formulas are made harmless (B14)."""
    yield _rows([COLUMNS])
    for entries in all_of(wanted):
        yield _rows([[cell(one) for one in exported(entry)] for entry in entries])


def _rows(rows: Any) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
