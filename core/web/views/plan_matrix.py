"""The plan grid: plans across, features down, with the biller's draft on top (plans.md §5)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import flash, request
from flask_admin import expose
from flask_babel import gettext, lazy_gettext, ngettext

from core.contract.errors import BadInput, Conflict
from core.plans.file.changes import SetCell
from core.web.host import host, now
from core.web.matrix.cell import written_in
from core.web.matrix.desk import Desk, author, desk, drafts, target, user_id
from core.web.matrix.grid import Cell, cell_of, heirs
from core.web.matrix.paste import Names, Pasted, Place, block_of, changes, place
from core.web.matrix.shown import KEPT, Shown, accounts_by_plan
from core.web.matrix.words import says
from core.web.menu import INSTALLATION
from core.web.views.plan_page import PlanPage, answer_with, bar, to_grid, told, wants_json
from core.web.words import feature as feature_title
from core.web.words import say


class PlanMatrixPage(PlanPage):
    """The grid, and what changes the draft cell by cell."""

    category = INSTALLATION

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Plan matrix"), endpoint="plan_matrix", url="/plan-matrix")

    @expose("/")
    def index(self) -> str:
        """The grid; without a script, too."""
        return self._grid(desk())

    @expose("/cell", methods=("GET", "POST"))
    def cell(self) -> Any:
        """One cell's form: a value of the plan's own, or that it inherits."""
        work = desk()
        plan, feature = target(work)
        cell = cell_of(work.base.document, work.document, plan, feature.key)
        if request.method == "GET":
            return self._cell_form(work, cell)
        try:
            step = [SetCell(plan, feature.key, written_in(request.form, feature))]
            drafts().add(user_id(), step, now())
        except BadInput as error:
            return self._cell_form(work, cell, say(error.message)), error.status
        return answer_with(work, _done(work, step), cell.id)

    @expose("/fill", methods=("POST",))
    @told
    def fill(self) -> Any:
        """The same word into every cell of a selection; one cell is a selection, too."""
        work, word = desk(), request.form.get("word", "")
        where = _place(work)
        return _take(
            work, [Pasted(plan, one, word) for one in where.features for plan in where.plans]
        )

    @expose("/paste", methods=("POST",))
    @told
    def paste(self) -> Any:
        """A block from a spreadsheet: one step of the draft, or nothing."""
        work, text = desk(), request.form.get("text", "")
        try:
            names = Names.of(work.document, host().registry.features)
            return _take(work, place(block_of(text), names, _place(work)))
        except BadInput as error:
            if wants_json():
                raise
            return self._grid(work, refused=error, pasted=text), error.status

    @expose("/undo", methods=("POST",))
    @told
    def undo(self) -> Any:
        """Take the last step back."""
        work = desk()
        drafts().undo(user_id(), now())
        return answer_with(work, gettext("Undone.") if work.draft.steps else "")

    @expose("/redo", methods=("POST",))
    @told
    def redo(self) -> Any:
        """Take the last undone step again."""
        work = desk()
        drafts().redo(user_id(), now())
        return answer_with(work, gettext("Done again.") if work.draft.undone else "")

    @expose("/discard", methods=("POST",))
    def discard(self) -> Any:
        """Drop the whole draft; the page has asked."""
        drafts().discard(user_id())
        flash(gettext("The draft is discarded. The grid shows what is in force."), "success")
        return to_grid()

    @expose("/restore", methods=("POST",))
    @told
    def restore(self) -> Any:
        """Put a refused plan file back to what is in force."""
        kept = host().mirror.restore(author(), now())
        host().book.look()
        name, number = host().book.path.name, host().book.settled().number
        sentence = gettext("%(name)s holds revision %(number)s again.", name=name, number=number)
        if kept:
            more = gettext("What stood in it is kept as %(kept)s.", kept=kept.name)
            sentence = f"{sentence} {more}"
        flash(sentence, "success")
        return to_grid()

    def _grid(self, work: Desk, **more: Any) -> str:
        return self.render(
            "web/plan_matrix.html",
            **bar(work),
            entry=host().book.revisions.entry(work.settled.number),
            scheduled=host().book.scheduled(),
            accounts=accounts_by_plan(),
            shown=Shown.asked(work.document),
            **more,
        )

    def _cell_form(self, work: Desk, cell: Cell, wrong: str = "") -> str:
        return self.render(
            "web/plan_cell_form.html",
            work=work,
            cell=cell,
            feature=host().registry.features[cell.feature],
            heirs=heirs(work.document, cell.plan, cell.feature),
            wrong=wrong,
            kept=_kept(),
        )


def _take(work: Desk, pasted: list[Pasted]) -> Any:
    """Words into cells, as one step."""
    step = changes(pasted, work.document, host().registry.features)
    drafts().add(user_id(), step, now())
    return answer_with(work, _done(work, step))


def _done(work: Desk, step: list[SetCell]) -> str:
    """What was done, in a sentence; a single cell is named."""
    if len(step) != 1:
        return ngettext(
            "%(num)s cell changed in the draft.", "%(num)s cells changed in the draft.", len(step)
        )
    (one,) = step
    return gettext(
        "In the draft: %(feature)s, %(plan)s: %(value)s.",
        feature=feature_title(one.feature),
        plan=work.plan_title(one.plan),
        value=says(one.written, one.feature),
    )


def _place(work: Desk) -> Place:
    """From the cell on where something is pasted, or the cells of a selection.

    Raises:
        Conflict: the page shows a plan or feature that is not there any more.
    """
    plans, features = list(work.document.plans), list(host().registry.features)
    columns, rows = (request.form.get(key, "").split() for key in ("plans", "features"))
    if request.form.get("from_plan") in plans and request.form.get("from_feature") in features:
        columns = plans[plans.index(request.form["from_plan"]) :]
        rows = features[features.index(request.form["from_feature"]) :]
    if not set(columns) <= set(plans) or not set(rows) <= set(features):
        raise Conflict(gettext("The grid has changed; load the page again."))
    return Place(columns, rows)


def _kept() -> dict[str, str]:
    """Which rows and column the grid showed when its cell was chosen."""
    if request.method == "POST":
        given = request.form
    else:
        given = dict(parse_qsl(urlsplit(request.referrer or "").query))
    return {key: given[key][:200] for key in KEPT if given.get(key)}
