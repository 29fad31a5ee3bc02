"""Copies settings of a number to others: the choice, the review, and saving all at once (N4)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import lazy_gettext, ngettext

from core.contract.errors import BadInput, Conflict
from core.store.lines import LineRow
from core.web.card import Card
from core.web.card.copying import CopyFault, review_copy
from core.web.card.importing import Review, apply, joined_base, same_base
from core.web.card.saving import COPIED
from core.web.member import ADMIN
from core.web.rows import row_id
from core.web.views.number_page import NumberPage, all_lines, find_line
from core.web.words import say


class NumberCopyPage(NumberPage):
    """From one number to many."""

    roles_view = (ADMIN,)

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Copy settings"), endpoint="number_copy", url="/number-copy")

    @expose("/<int:id>/", methods=("GET", "POST"))
    def show(self, id: int) -> Any:
        """What is copied and where to, what it would change, and saving it."""
        line = find_line(id)
        if request.method == "GET":
            return self._page(line)
        try:
            found = review_copy(line, _targets(line), request.form.getlist("plugin"))
        except CopyFault as error:
            return self._page(line, faults=error.faults)
        except BadInput as error:
            flash(say(error.message), "error")
            return self._page(line)
        if "save" not in request.form:
            return self._page(line, found)
        return self._save(line, found)

    def _save(self, line: LineRow, found: list[Review]) -> Any:
        try:
            same_base(found, request.form.get("base", ""))
            apply(found, COPIED, line.number)
        except (Conflict, BadInput) as error:
            flash(say(error.message), "warning")
            return self._page(line, found)
        words = ngettext(
            "Copied to one number. The next call follows it.",
            "Copied to %(num)s numbers. The next call follows it.",
            len(found),
        )
        flash(words, "success")
        return redirect(url_for("lines.index_view"))

    def _page(self, line: LineRow, found: list[Review] | None = None, faults: Any = None) -> str:
        return self.render(
            "web/number_copy.html",
            line=line,
            card=Card(line),
            others=[one for one in all_lines() if one.id != line.id],
            chosen=request.form.getlist("plugin"),
            to=request.form.getlist("to"),
            found=found,
            faults=faults or {},
            base=joined_base(found) if found else "",
        )


def _targets(line: LineRow) -> list[LineRow]:
    """The chosen numbers, or all others; an id of another account is no number here."""
    others = [one for one in all_lines() if one.id != line.id]
    if "all" in request.form.getlist("to"):
        return others
    wanted = {row_id(one) for one in request.form.getlist("to")}
    return [one for one in others if one.id in wanted]
