"""Flow: the way of a number, drawn from what its plugins say of themselves (R)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.contract.errors import BadInput
from core.store.lines import LineRow
from core.web import choices
from core.web.base_view import AdminPage
from core.web.flow.graph import Flow
from core.web.flow.reading import read_flow
from core.web.flow.showing import from_box, shown
from core.web.flow.svg import draw_flow
from core.web.flow.text import as_list
from core.web.host import host, now
from core.web.member import ADMIN, SUPERVISOR, current_member

STYLE = Path(__file__).parents[1] / "static" / "flow.css"


class FlowPage(AdminPage):
    """One number's flow: drawn, as text, and as a file. Nothing is changed here."""

    roles_view = (ADMIN, SUPERVISOR)
    roles_edit = ()

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Flow"), endpoint="flow", url="/flow")

    def is_visible(self) -> bool:
        """It belongs to a number, not into the menu."""
        return False

    @expose("/<int:id>/")
    def index(self, id: int) -> str:
        """The drawing, and the same in words below it."""
        line = _find(id)
        whole = self._read(line)
        part = _part(whole)
        return self.render(
            "web/flow.html",
            line=line,
            plans=choices.plans(),
            plan=request.args.get("plan", ""),
            own_plan=host().gate.grants(current_member().account, now()).plan,
            picture=draw_flow(
                part, _title(line), hidden_link=lambda key: _address(id, {"from": key})
            ),
            text=as_list(whole if request.args.get("from", "") == "" else part),
            boxes=len(whole.boxes),
            left_out=len(whole.boxes) - len(part.boxes),
            cut=whole.cut,
            start=whole.boxes.get(request.args.get("from", "")),
            address=lambda **changed: _address(id, changed),
        )

    @expose("/")
    def none(self) -> Any:
        """Without a number there is nothing to draw."""
        abort(404)

    @expose("/<int:id>/flow.svg")
    def file(self, id: int) -> Response:
        """The drawing as a file, with its style inside."""
        line = _find(id)
        part = _part(self._read(line))
        picture = draw_flow(part, _title(line), style=STYLE.read_text())
        name = f"flow-{line.number.removeprefix('+')}.svg"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(str(picture), mimetype="image/svg+xml", headers=headers)

    def _read(self, line: LineRow) -> Flow:
        try:
            return read_flow(host(), line, now(), request.args.get("plan", ""))
        except BadInput as error:
            flash(error.message, "error")
            return read_flow(host(), line, now())


def _find(id: int) -> LineRow:
    account = current_member().account
    return LineRow.of(account).where(LineRow.id == id).first() or abort(404)


def _part(whole: Flow) -> Flow:
    """What the address asks for: the way from one box, all of it, or what is near the stages."""
    key = request.args.get("from", "")
    part = from_box(whole, key) if key in whole.boxes else whole
    return part if request.args.get("all") else shown(part)


def _title(line: LineRow) -> str:
    return gettext("Flow of %(number)s", number=line)


def _address(id: int, changed: dict[str, str]) -> str:
    """This page with something else in its address; "" leaves a part out."""
    kept = {key: request.args.get(key, "") for key in ("plan", "from", "all")} | changed
    endpoint = kept.pop("endpoint", "flow.index")
    return url_for(endpoint, id=id, **{key: value for key, value in kept.items() if value})
