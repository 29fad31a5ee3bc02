"""The history of the plan matrix: every revision, what it changed, and the way back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.contract.errors import BadInput, CentralinoError, NotFound
from core.plans.impact.cells import matrix_change
from core.plans.impact.matrices import Matrices
from core.plans.revisions.revisions import Entry
from core.web.host import host, now
from core.web.matrix.changes import titles, told
from core.web.matrix.desk import author, drafts, user_id
from core.web.matrix.diff import diff_lines
from core.web.matrix.past import PAGE, before, past
from core.web.menu import INSTALLATION
from core.web.views.plan_page import PlanPage
from core.web.words import say


class PlanHistoryPage(PlanPage):
    """The list, one revision, two side by side; going back and cancelling."""

    category = INSTALLATION

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Plan history"), endpoint="plan_history", url="/plan-history")

    @expose("/")
    def index(self) -> str:
        """The revisions, newest first."""
        entries = host().book.revisions.page(_number("before"), PAGE + 1)
        return self.render(
            "web/plan_history.html",
            rows=past(entries[:PAGE], now()),
            older=entries[PAGE - 1].number if len(entries) > PAGE else None,
        )

    @expose("/<int:number>")
    def revision(self, number: int) -> str:
        """One revision: what it changed, and the whole file."""
        entry = _entry(number)
        (shown,) = past([entry], now())
        earlier = before(entry)
        return self.render(
            "web/plan_revision.html",
            shown=shown,
            entry=entry,
            earlier=earlier,
            newest=host().book.newest,
            settled=host().book.settled().number,
            text=host().book.revisions.text(number),
            **_compared(earlier, number),
        )

    @expose("/diff")
    def diff(self) -> Any:
        """Two revisions, from the earlier to the later one."""
        pair = sorted(filter(None, (_number("from"), _number("to"))))
        if len(pair) != 2:
            flash(gettext("Choose two revisions to compare."), "info")
            return redirect(url_for(".index"))
        first, second = map(_entry, pair)
        return self.render("web/plan_compare.html", first=first, second=second, **_compared(*pair))

    @expose("/<int:number>/revert", methods=("POST",))
    def revert(self, number: int) -> Any:
        """Make a draft that goes back to a revision, and review it."""
        try:
            drafts().go_back(user_id(), number, now())
        except BadInput as error:
            flash(say(error.message), "danger")
            return redirect(url_for(".revision", number=number))
        return redirect(url_for("plan_review.index"))

    @expose("/<int:number>/cancel", methods=("POST",))
    def cancel(self, number: int) -> Any:
        """Take a scheduled revision back before it holds."""
        try:
            entry = host().publisher.cancel(
                number,
                newest=_number("newest", request.form) or 0,
                author=author(),
                message=request.form.get("message", ""),
                source="web",
                at=now(),
            )
        except NotFound:
            raise
        except CentralinoError as error:
            flash(say(error.message), "danger")
            return redirect(url_for(".revision", number=number, _anchor="cancel"))
        flash(gettext("Revision %(number)s is cancelled.", number=number), "success")
        return redirect(url_for(".revision", number=entry.number))


def _entry(number: int) -> Entry:
    return host().book.revisions.entry(number)


def _number(name: str, given: Any = None) -> int | None:
    """A number of the address or the form; None for anything else."""
    word = (request.args if given is None else given).get(name, "")
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 10 else None


def _compared(first: int | None, second: int) -> dict[str, Any]:
    """The lines and cells in which two revisions differ; of the first one nothing."""
    if first is None:
        return {"lines": [], "told": [], "titles": {}, "fault": ""}
    texts = [host().book.revisions.text(one) for one in (first, second)]
    return {"lines": diff_lines(*texts), **_cells(first, second)}


def _cells(first: int, second: int) -> dict[str, Any]:
    try:
        documents = [host().book.revision(one).document for one in (first, second)]
    except BadInput as error:  # the plugins that are installed now cannot read one of them
        return {"told": [], "titles": {}, "fault": say(error.message)}
    matrix = matrix_change(Matrices(*documents))
    return {"told": told(*documents, matrix), "titles": titles(*documents), "fault": ""}
