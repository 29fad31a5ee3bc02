"""Brings a flow to paper: measures its boxes, places them, and says where each arrow runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask_babel import gettext

from core.contract.flow import NEXT
from core.web.flow.graph import Flow, Way
from core.web.flow.layers import columns
from core.web.flow.placing import COLUMN, LANE, Places, lanes, place
from core.web.flow.sizes import ENTRY, WIDTH, Sheet, measure

MARGIN = 14
"""Pixels around the whole."""

DOWN = 30
"""Pixels from the left side of a box to the arrow that leads down to the next stage."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """An arrow: the box it leaves, its way, and the points it passes.

    ``down``: it leads to the next stage. ``around``: no way of the box itself leads there, but one
    of a box that the call comes to from it, such as a menu that is left.
    """

    tail: str
    way: Way
    points: tuple[Point, ...]
    down: bool = False
    around: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything with its place: sheets with their upper left corners, lines, the whole size."""

    sheets: Mapping[str, Sheet]
    corner: Mapping[str, Point]
    lines: tuple[Line, ...]
    width: int
    height: int


def lay_out(flow: Flow, ends: Mapping[str, list[str]] | None = None) -> Layout:
    """The layout of a flow.

    Args:
        flow: what is shown.
        ends: lines to add to boxes, by key.
    """
    arrows = [(tail, way.to) for tail, way in flow.arrows()]
    column, back = columns(flow.spine, arrows)
    sheets = measure(flow, back, dict(ends or {}))
    drawn = [
        ((key, row.way.to), row.port)
        for key, sheet in sheets.items()
        for row in sheet.rows
        if not row.goes
    ]
    column = {key: column.get(key, 0) for key in (*flow.spine, *flow.boxes) if key in flow.boxes}
    heights = {key: sheet.height for key, sheet in sheets.items()}
    places = place(column, heights, drawn, ENTRY)
    corner = {
        key: (MARGIN + number * COLUMN, MARGIN + round(places.top[number, key, False], 1))
        for key, number in column.items()
    }
    lines = (*_down(flow, sheets, corner), *_across(sheets, column, corner, places))
    width = MARGIN * 2 + max((x + WIDTH for x, _ in corner.values()), default=0) - MARGIN
    bottoms = [corner[key][1] + sheet.height for key, sheet in sheets.items()]
    height = max((*bottoms, *(y for line in lines for _, y in line.points)), default=0) + MARGIN
    return Layout(sheets, corner, lines, round(width), round(height))


def _down(flow: Flow, sheets: Mapping[str, Sheet], corner: Mapping[str, Point]) -> list[Line]:
    """The arrows from stage to stage."""
    found = []
    for key, below in pairwise(flow.spine):
        way = sheets[key].down
        if way is not None or flow.boxes[below].reached:
            x, y = corner[key]
            points = ((x + DOWN, y + sheets[key].height), (x + DOWN, corner[below][1]))
            drawn = way or Way(gettext("from boxes on the right"), NEXT)
            found.append(Line(key, drawn, points, down=True, around=way is None))
    return found


def _across(
    sheets: Mapping[str, Sheet],
    column: Mapping[str, int],
    corner: Mapping[str, Point],
    places: Places,
) -> list[Line]:
    """The arrows to the right, through their lanes."""
    found = []
    for key, sheet in sheets.items():
        for row in sheet.rows:
            if not row.goes:
                points = _points(key, row.way.to, row.port, column, corner, places)
                found.append(Line(key, row.way, points))
    return found


def _points(
    tail: str,
    head: str,
    port: int,
    column: Mapping[str, int],
    corner: Mapping[str, Point],
    places: Places,
) -> tuple[Point, ...]:
    x, y = corner[tail]
    points: list[Point] = [(x + WIDTH, y + port)]
    for spot in lanes(column, (tail, head))[1:-1]:
        left = MARGIN + spot[0] * COLUMN
        middle = MARGIN + round(places.top[spot] + LANE / 2, 1)
        points += [(left, middle), (left + WIDTH, middle)]
    x, y = corner[head]
    return (*points, (x, y + ENTRY))


def curve(points: Sequence[Point]) -> str:
    """The path of an arrow across columns: curves between the columns, straight through lanes."""
    (x, y), *rest = points
    path = [f"M{x:g} {y:g}"]
    for number, (to_x, to_y) in enumerate(rest):
        if number % 2:
            path.append(f"H{to_x:g}")
        else:
            middle = (x + to_x) / 2
            path.append(f"C{middle:g} {y:g} {middle:g} {to_y:g} {to_x:g} {to_y:g}")
        x, y = to_x, to_y
    return "".join(path)
