"""Where the calls of a number go, at a glance: the titles of what they meet (N1)."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from core.contract.call import LineKind
from core.store.lines import LineRow
from core.web.flow.graph import Kind
from core.web.flow.reading import read_flow
from core.web.host import host, now


def show_way(row: LineRow) -> Markup | str:
    """The way as a cell of the list of numbers, closed until somebody wants to know."""
    if row.kind == LineKind.CALLER_ID:
        return gettext("outgoing only")
    items = Markup("").join(Markup("<li>{}</li>").format(one) for one in way(row))
    shown = Markup(
        '<details class="line-way"><summary>{}</summary><ol>{}</ol><a href="{}">{}</a></details>'
    )
    flow = url_for("flow.index", id=row.id)
    return shown.format(gettext("Where calls go"), items, flow, gettext("Flow"))


def way(row: LineRow) -> list[str]:
    """What a call to a number meets, as things stand: stages that do something, then the end."""
    flow = read_flow(host(), row, now())
    boxes = [flow.boxes[key] for key in flow.spine if flow.boxes[key].kind is not Kind.START]
    acting = [one for one in boxes if not one.off and not one.idle and one.reached]
    return [one.title for one in acting]
