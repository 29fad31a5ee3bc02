"""Saved scenarios (S3): per number, each against its expectation; of all numbers; as a file."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext, ngettext

from core.calls.rehearsal.files import export_scenarios, import_scenarios, read_yaml
from core.calls.rehearsal.saved import (
    MOST_OF_LINE,
    copy_scenarios,
    scenarios_of,
    scenarios_of_account,
)
from core.calls.rehearsal.trying import run_all
from core.contract.errors import BadInput
from core.store.lines import LineRow
from core.store.scenarios import ScenarioRow
from core.web.base_view import AdminPage
from core.web.host import host, now
from core.web.member import ADMIN, SUPERVISOR, current_member
from core.web.menu import ROUTING
from core.web.rows import row_id
from core.web.scenarios import Names
from core.web.words import say

PAGE = 20
"""So many scenarios on one page; each is run while the page is made."""

MOST_NUMBERS = 500
"""So many numbers can be copied to at once."""


class ScenariosPage(AdminPage):
    """The account's scenarios; they are run whenever they are looked at."""

    roles_view = (ADMIN, SUPERVISOR)
    category = ROUTING

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Scenarios"), endpoint="scenarios", url="/scenarios")

    @expose("/")
    def index(self) -> str:
        """All numbers that have scenarios; with ``?run=1`` what came of them."""
        account = current_member().account
        rows = scenarios_of_account(account)
        runs = run_all(host().simulator(), rows, now()) if request.args.get("run") else {}
        lines: dict[int, list[ScenarioRow]] = {}
        for row in rows:
            lines.setdefault(row.line_id, []).append(row)
        others = LineRow.of(account).where(LineRow.id.not_in(list(lines))).order_by(LineRow.number)
        return self.render(
            "web/scenarios.html",
            lines=list(lines.values()),
            others=list(others.limit(MOST_NUMBERS)),
            runs=runs,
            missed=[row for row in rows if row.id in runs and not _met(row, runs)],
            names=Names(account.id),
        )

    @expose("/number/<int:id>/")
    def of_number(self, id: int) -> str:
        """The scenarios of a number, each with what came of it just now."""
        line = _line(id)
        rows = scenarios_of([line])
        page = min(max(request.args.get("page", 0, int), 0), max(len(rows) - 1, 0) // PAGE)
        listed = rows[page * PAGE : (page + 1) * PAGE]
        runs = run_all(host().simulator(), listed, now())
        return self.render(
            "web/scenarios_of_number.html",
            line=line,
            rows=listed,
            runs=runs,
            missed=sum(not _met(row, runs) for row in listed),
            page=page,
            pages=-(-len(rows) // PAGE),
            count=len(rows),
            most=MOST_OF_LINE,
            names=Names(line.account_id),
        )

    @expose("/<int:id>/delete/", methods=("GET", "POST"))
    def delete(self, id: int) -> Any:
        """Ask, then delete a scenario."""
        row = _scenario(id)
        if request.method == "GET":
            self._only_admins()
            return self.render("web/scenario_delete.html", row=row)
        row.delete_instance()
        flash(gettext("“%(name)s” is deleted.", name=row.name), "success")
        return redirect(url_for(".of_number", id=row.line_id))

    @expose("/number/<int:id>/copy/", methods=("GET", "POST"))
    def copy(self, id: int) -> Any:
        """Copy scenarios of a number to others."""
        line = _line(id)
        self._only_admins()
        others = LineRow.of(line.account_id).where(LineRow.id != line.id).order_by(LineRow.number)
        chosen = {name: _ids(name) for name in ("scenario", "number")}
        if request.method == "POST" and self._copied(line, chosen):
            return redirect(url_for(".index"))
        return self.render(
            "web/scenarios_copy.html",
            line=line,
            rows=scenarios_of([line]),
            others=list(others.limit(MOST_NUMBERS)),
            chosen=chosen,
        )

    @expose("/number/<int:id>/export/")
    def export(self, id: int) -> Response:
        """A number's scenarios as YAML."""
        line = _line(id)
        name = f"scenarios-{line.number.removeprefix('+')}.yaml"
        return Response(
            export_scenarios(scenarios_of([line])),
            mimetype="application/yaml",
            headers={"Content-Disposition": f"attachment; filename={name}"},
        )

    @expose("/number/<int:id>/import/", methods=("POST",))
    def import_file(self, id: int) -> Any:
        """Take a file of scenarios for a number."""
        line = _line(id)
        file = request.files.get("file")
        try:
            if file is None or not file.filename:
                raise BadInput(gettext("Choose a file first."))
            count = import_scenarios(line, read_yaml(file.read(), file.filename))
            told = ngettext("%(num)s scenario is saved.", "%(num)s scenarios are saved.", count)
            flash(told, "success")
        except BadInput as error:
            flash(say(error.message), "error")
        return redirect(url_for(".of_number", id=line.id))

    def _copied(self, line: LineRow, chosen: dict[str, list[int]]) -> bool:
        rows = [one for one in scenarios_of([line]) if one.id in chosen["scenario"]]
        lines = list(LineRow.of(line.account_id).where(LineRow.id.in_(chosen["number"])))
        if not rows or not lines:
            flash(gettext("Choose scenarios and the numbers they are copied to."), "error")
            return False
        try:
            count = copy_scenarios(rows, lines)
        except BadInput as error:
            flash(say(error.message), "error")
            return False
        told = ngettext("%(num)s scenario is saved.", "%(num)s scenarios are saved.", count)
        flash(told, "success")
        return True

    def _only_admins(self) -> None:
        if not self.may_edit():
            abort(403)


def _met(row: ScenarioRow, runs: Any) -> bool:
    return runs[row.id].meets(row.outcome, row.ends)


def _line(id: int) -> LineRow:
    known = row_id(id)
    line = known and LineRow.of(current_member().account).where(LineRow.id == known).first()
    return line or abort(404)


def _scenario(id: int) -> ScenarioRow:
    known = row_id(id)
    own = ScenarioRow.of(current_member().account)
    return (known and own.where(ScenarioRow.id == known).first()) or abort(404)


def _ids(name: str) -> list[int]:
    return [known for known in map(row_id, request.form.getlist(name)) if known]
