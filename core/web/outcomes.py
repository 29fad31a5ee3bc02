"""Asks whether changed outcomes are meant: both runs side by side, and the request once more."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from flask import Response, jsonify, render_template, request
from flask_babel import gettext

from core.calls.rehearsal.run import Difference, essence_of
from core.contract.errors import OutcomesChanged
from core.web.flow import draw_paths
from core.web.rehearsing import BACK, FIELD, repeated
from core.web.scenarios import Names, works_in
from core.web.words import say

Row = tuple[dict[str, Any] | None, dict[str, Any] | None, bool]
"""A step before and one after (None: there is none here), and whether they are the same."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference as the page shows it."""

    difference: Difference
    rows: list[Row]


def ask_about(error: OutcomesChanged) -> Any:
    """The question: a page, or a problem for a program."""
    message = say(error.message)
    if request.path.startswith("/api/") or request.is_json:
        return _problem(error, message)
    differences = [Shown(one, side_by_side(one)) for one in error.differences]
    account_id = error.differences[0].scenario.account_id
    return render_template(
        "web/outcomes.html",
        message=message,
        differences=differences,
        picture=_picture(error.differences[0]) if works_in(account_id) else "",
        names=Names(account_id),
        token=error.token,
        field=FIELD,
        back=BACK,
        fields=repeated(),
        files=[
            (name, one.filename) for name, one in request.files.items(multi=True) if one.filename
        ],
        address=request.full_path.rstrip("?"),
    )


def _picture(difference: Difference) -> Any:
    """Both runs on the flow of the number."""
    runs = [
        (gettext("Now"), difference.before.as_json()),
        (gettext("With the change"), difference.after.as_json()),
    ]
    return draw_paths(difference.scenario.line, runs)


def _problem(error: OutcomesChanged, message: str) -> Response:
    details = {
        "differences": [one.as_json() for one in error.differences],
        "confirm": error.token,
    }
    body = {
        "type": "about:blank",
        "title": message,
        "error_id": error.error_id,
        "status": error.status,
        "message": message,
        "details": details,
    }
    response = jsonify(body)
    response.status_code, response.mimetype = error.status, "application/problem+json"
    return response


def side_by_side(difference: Difference) -> list[Row]:
    """The steps of both runs, the same ones beside each other."""
    before, after = difference.before.steps, difference.after.steps
    matcher = SequenceMatcher(
        None, [essence_of(one) for one in before], [essence_of(one) for one in after], False
    )
    rows: list[Row] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        left, right = before[a:b], after[c:d]
        for place in range(max(len(left), len(right))):
            was = left[place] if place < len(left) else None
            becomes = right[place] if place < len(right) else None
            rows.append((was, becomes, kind == "equal"))
    return rows
