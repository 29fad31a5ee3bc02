"""Test a call: who would answer if this number were called now, or on Sunday at ten (S3)?

The same page shows a saved scenario, and saves one.
"""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from core.calls.rehearsal.run import Run, run_of
from core.calls.rehearsal.saved import OUTCOMES, save_scenario, scenario_json
from core.calls.rehearsal.trying import run_scenario
from core.calls.scenario import PARTY
from core.contract.call import LineKind
from core.contract.errors import BadInput, NotAllowed
from core.store.lines import LineRow
from core.store.people import EmployeeRow
from core.store.scenarios import ScenarioRow
from core.web import choices
from core.web.base_view import AdminPage
from core.web.dry_run import LOCAL, REPEATS, expectation, form_of, proposed, scenario
from core.web.flow import draw, draw_paths
from core.web.host import host, now
from core.web.member import ADMIN, SUPERVISOR, current_member
from core.web.rows import row_id
from core.web.scenarios import Names, end_choices
from core.web.words import say

MOST_PEOPLE = 100
"""So many employees the form offers a behaviour for; the others answer."""


class DryRunPage(AdminPage):
    """The live engine with a scripted caller; nothing is written and nobody is rung."""

    roles_view = roles_edit = (ADMIN, SUPERVISOR)

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Test a call"), endpoint="dry_run", url="/test-call")

    def is_visible(self) -> bool:
        """It belongs to a number, not into the menu."""
        return False

    @expose("/<int:id>/", methods=("GET", "POST"))
    def index(self, id: int) -> Any:
        """The form, and below it what would happen; with ``?scenario=ID`` a saved one."""
        line = LineRow.of(current_member().account).where(LineRow.id == id).first() or abort(404)
        saved = _saved(line)
        if request.method == "GET":
            typed, run = _shown(line, saved)
        else:
            typed, run = request.form, self._run(line)
            if run is not None and typed.get("do") == "save" and _save(line, saved):
                return redirect(url_for("scenarios.of_number", id=line.id))
        return self._page(line, saved, typed, run)

    @expose("/")
    def none(self) -> Any:
        """Without a number there is nothing to test."""
        abort(404)

    def _page(
        self, line: LineRow, saved: ScenarioRow | None, typed: MultiDict, run: Run | None
    ) -> str:
        account = current_member().account
        names = Names(account.id)
        people = list(EmployeeRow.of(account).order_by(EmployeeRow.name))
        return self.render(
            "web/dry_run.html",
            line=line,
            saved=saved,
            typed=typed,
            zone=str(line.zone),
            local=now().astimezone(line.zone).strftime(LOCAL),
            plans=choices.plans(),
            people=people[:MOST_PEOPLE],
            parties=PARTY,
            is_pbx=line.kind == LineKind.SIP_PBX,
            run=run,
            names=names,
            picture=draw(run.as_json(), names) if run and not run.problem else "",
            way=_way(line, typed, run) if run and not run.problem else "",
            may_save=current_member().has((ADMIN,)),
            outcomes=OUTCOMES,
            ends=end_choices(names, run, saved, typed.get("ends", "")),
            proposed=lambda name: proposed(
                typed, name, getattr(run, name, None), saved=saved is not None
            ),
            repeats=REPEATS,
        )

    def _run(self, line: LineRow) -> Run | None:
        account = current_member().account
        try:
            asked = scenario(request.form, line.number, account.country)
            return run_of(host().simulator().simulate(asked, now(), account.id))
        except BadInput as error:
            flash(say(error.message), "error")
            return None


def _way(line: LineRow, typed: MultiDict, run: Run) -> Markup:
    """The way of the call on the number's flow."""
    return draw_paths(line, [("", run.as_json())], typed.get("plan", ""))


def _saved(line: LineRow) -> ScenarioRow | None:
    """The saved scenario of the address, if it names one of this number."""
    known = row_id(request.args.get("scenario"))
    if known is None:
        return None
    own = ScenarioRow.of(line.account_id)
    return own.where(ScenarioRow.id == known, ScenarioRow.line == line).first() or abort(404)


def _shown(line: LineRow, saved: ScenarioRow | None) -> tuple[MultiDict, Run | None]:
    """What a page shows before anything is typed: a saved scenario with its run of now."""
    if saved is None:
        return MultiDict(), None
    run = run_scenario(host().simulator(), saved, now())
    return form_of(scenario_json(saved), line.zone, now()), run


def _save(line: LineRow, saved: ScenarioRow | None) -> bool:
    """Save what was typed; says why not."""
    if not current_member().has((ADMIN,)):
        raise NotAllowed(gettext("Your role does not include this."))
    try:
        asked = scenario(request.form, line.number, current_member().account.country)
        row = save_scenario(line, asked | expectation(request.form), saved)
    except BadInput as error:
        flash(say(error.message), "error")
        return False
    flash(gettext("“%(name)s” is saved. It is run before each change.", name=row.name), "success")
    return True
