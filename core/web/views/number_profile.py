"""A number's settings as code: the file that goes out, and the review of one that comes in (N4)."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.contract.errors import BadInput, Conflict
from core.plans.file.faults import PlansFault
from core.plans.file.nodes import decode
from core.store.lines import LineRow
from core.web.card import Card
from core.web.card.document import as_yaml, exported, read
from core.web.card.importing import Review, apply, joined_base, review, same_base
from core.web.card.saving import IMPORTED
from core.web.views.number_page import NumberPage, find_line
from core.web.words import say


class NumberProfilePage(NumberPage):
    """Export and import."""

    def __init__(self) -> None:
        super().__init__(
            lazy_gettext("Settings as YAML"), endpoint="number_profile", url="/number-profile"
        )

    @expose("/<int:id>/export")
    def export(self, id: int) -> Response:
        """The file."""
        line = find_line(id)
        name = f"number-{line.number.removeprefix('+')}.yaml"
        headers = {"Content-Disposition": f"attachment; filename={name}"}
        text = as_yaml(exported(Card(line)))
        return Response(text, mimetype="application/yaml", headers=headers)

    @expose("/<int:id>/", methods=("GET", "POST"))
    def show(self, id: int) -> Any:
        """The text, what it would change, and saving it."""
        line = find_line(id)
        if request.method == "GET":
            return self._page(line, as_yaml(exported(Card(line))))
        file, text = request.files.get("file"), ""
        try:
            text = decode(file.read(), file.filename) if file else request.form.get("text", "")
            text = text.replace("\r\n", "\n")
            found = review(line, read(text, file.filename if file else gettext("profile")))
        except PlansFault as error:
            return self._page(line, text, faults=error.faults)
        if "save" not in request.form:
            return self._page(line, text, found)
        return self._save(line, text, found)

    def _save(self, line: LineRow, text: str, found: Review) -> Any:
        try:
            same_base([found], request.form.get("base", ""))
            apply([found], IMPORTED)
        except (Conflict, BadInput) as error:
            flash(say(error.message), "warning")
            return self._page(line, text, found)
        for one in found.warnings:
            flash(one, "warning")
        flash(gettext("Saved. The next call follows it."), "success")
        return redirect(url_for("lines.card", id=line.id))

    def _page(self, line: LineRow, text: str, found: Review | None = None, faults: Any = ()) -> str:
        base = joined_base([found]) if found else ""
        return self.render(
            "web/number_profile.html", line=line, text=text, found=found, faults=faults, base=base
        )
