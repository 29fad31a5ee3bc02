"""The base of the pages on which the billing team works at the plan matrix."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for

from core.contract.errors import CentralinoError, Conflict
from core.web.base_view import AdminPage
from core.web.host import now
from core.web.matrix.desk import Desk, author, desk, drafts, user_id
from core.web.matrix.paste import PasteRefused
from core.web.matrix.shown import KEPT
from core.web.member import BILLING, OPERATOR
from core.web.words import say


class PlanPage(AdminPage):
    """For billers, and for the operator, who runs the installation they work on (S5)."""

    roles_view = roles_edit = (BILLING, OPERATOR)
    needs_account = False

    def is_visible(self) -> bool:
        """The menu leads to the grid and to the history only."""
        return bool(self.category)


def wants_json() -> bool:
    """Whether the page's own script asks, which changes the page in place."""
    return request.accept_mimetypes.best == "application/json"


def to_grid(anchor: str = "") -> Any:
    """Back to the grid, to the rows and the column that were shown."""
    kept = {key: value for key in KEPT if (value := request.form.get(key) or request.args.get(key))}
    return redirect(url_for("plan_matrix.index", _anchor=anchor or None, **kept))


def told(view: Callable[..., Any]) -> Callable[..., Any]:
    """What does not go is said in the grid: nothing was changed. A page that shows what is not
    there any more is loaded again."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except CentralinoError as error:
            if wants_json() and not isinstance(error, Conflict):
                return _refusal(error), error.status
            flash(say(error.message), "danger")
            return jsonify(reload=True) if wants_json() else to_grid()

    return answer


def answer_with(before: Desk, message: str, anchor: str = "") -> Any:
    """After a change of the draft: the cells that look otherwise, or the grid anew.

    Args:
        before: what the page showed.
        message: what was done.
        anchor: the cell to go on at.
    """
    if not wants_json():
        if message:
            flash(message, "success")
        return to_grid(anchor)
    after = desk()
    fits = before.stamp == request.form.get("seen") and _shape(before) == _shape(after)
    return jsonify(_changed(before, after, message) if fits else {"reload": True})


def bar(work: Desk) -> dict[str, Any]:
    """What the bar above the grid shows."""
    return {"work": work, "others": drafts().others(user_id()), "author": author(), "now": now()}


def _shape(work: Desk) -> Any:
    """What a page must be loaded again for: plans that come, go or change their place or name."""
    columns = [
        (one.plan.key, one.plan.title, one.plan.extends, one.state) for one in work.grid.columns
    ]
    return columns, [one.key for one in work.grid.removed], work.behind


def _changed(before: Desk, after: Desk, message: str) -> dict[str, Any]:
    old = before.grid.cells
    rows = [row for group in after.grid.groups for row in group.rows]
    touched = [row for row in rows if any(one != old[one.id] for one in row.cells)]
    cells = [(row, one) for row in touched for one in row.cells if one != old[one.id]]
    return {
        "stamp": after.stamp,
        "message": message,
        "bar": render_template("web/plan_bar.html", **bar(after)),
        "cells": {
            one.id: render_template("web/plan_cell.html", cell=one, row=row, work=after)
            for row, one in cells
        },
        "rows": {
            row.feature.key: {"differs": row.differs, "changed": row.changed} for row in touched
        },
    }


def _refusal(error: CentralinoError) -> Any:
    wrong = error.wrong if isinstance(error, PasteRefused) else ()
    return jsonify(
        message=say(error.message),
        wrong=[
            {"id": f"cell-{one.plan}-{one.feature}", "sentence": sentence}
            for one, sentence in wrong
        ],
    )
