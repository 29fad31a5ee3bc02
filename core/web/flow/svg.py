"""Writes a laid-out flow as SVG: classes for the style sheet, no style and no script inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from core.web.flow.graph import Flow, Way
from core.web.flow.layout import Layout, Line, Point, curve, lay_out
from core.web.flow.sizes import PAD, WIDTH, Row, Sheet, broken

HEAD = "m-8 -4.5 l8 4.5 l-8 4.5"
HEAD_DOWN = "m-4.5 -8 l4.5 8 l4.5 -8"
"""The tip of an arrow, drawn backwards from its end."""

APART = 3
"""Pixels between the lines of two runs on the same arrow."""

DOWN_LETTERS = 34

WIDE = 1.1
"""A drawing so much wider than high is printed across the paper."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The ways of dry runs to be drawn on a flow.

    Args:
        boxes: the numbers of the runs that passed a box, by its key.
        ways: the numbers of the runs that took a way, by (box, to).
        ends: lines to add to a box: what came of a run there.
    """

    boxes: Mapping[str, set[int]] = field(default_factory=dict)
    ways: Mapping[tuple[str, str], set[int]] = field(default_factory=dict)
    ends: Mapping[str, list[str]] = field(default_factory=dict)


def draw_flow(
    flow: Flow,
    title: str,
    marks: Marks | None = None,
    hidden_link: Callable[[str], str] | None = None,
    style: str = "",
) -> Markup:
    """The picture of a flow.

    Args:
        flow: what is shown.
        title: what it is, read aloud.
        marks: ways of dry runs; all else is drawn pale.
        hidden_link: the address that shows what is behind a box that is not shown.
        style: a style sheet to put inside, for a file that stands alone.
    """
    layout = lay_out(flow, marks.ends if marks else None)
    shape = "flow-wide" if layout.width > layout.height * WIDE else "flow-tall"
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="flow-drawing {shape}{marked}" role="group"'
        ' aria-label="{title}" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        "<title>{title}</title>"
    ).format(
        shape=shape,
        marked=" flow-marked" if marks else "",
        title=title,
        width=layout.width,
        height=layout.height,
    )
    writer = _Writer(flow, layout, marks, hidden_link, links=not style)
    inside = Markup("<style>{}</style>").format(Markup(style)) if style else Markup("")
    return head + inside + writer.lines() + writer.boxes() + Markup("</svg>")


class _Writer:
    """Writes the parts of one picture."""

    def __init__(
        self,
        flow: Flow,
        layout: Layout,
        marks: Marks | None,
        hidden_link: Callable[[str], str] | None,
        links: bool,
    ) -> None:
        self.flow, self.layout = flow, layout
        self.marks = marks or Marks()
        self.hidden_link = hidden_link
        self.links = links  # those of a file that stands alone would lead nowhere

    # --- Arrows ---

    def lines(self) -> Markup:
        """All arrows; those that a run took come last, above the others."""
        drawn = [(self._passed(line.tail, line.way), line) for line in self.layout.lines]
        plain = [self._line(line, "") for runs, line in drawn if not runs]
        taken = [self._taken(line, runs) for runs, line in drawn if runs]
        labels = [self._down_label(line) for line in self.layout.lines if line.down]
        return Markup("").join([*plain, *taken, *labels])

    def _line(self, line: Line, css: str, shift: float = 0) -> Markup:
        classes = ["arrow", css]
        if line.way.off:
            classes.append("off")
        if line.around:
            classes.append("around")
        if not self.flow.boxes[line.tail].reached:
            classes.append("unreached")
        points = [(x + shift * line.down, y + shift * (not line.down)) for x, y in line.points]
        if line.down:
            (x, y), (_, to) = points
            path, tip = f"M{x:g} {y:g}V{to:g}", HEAD_DOWN
        else:
            path, tip = curve(points), HEAD
        x, y = points[-1]
        return Markup('<path class="{}" d="{}"/><path class="{} tip" d="M{:g} {:g}{}"/>').format(
            " ".join(filter(None, classes)), path, " ".join(filter(None, classes)), x, y, tip
        )

    def _taken(self, line: Line, runs: set[int]) -> Markup:
        shifts = {min(runs): -APART, max(runs): APART} if len(runs) > 1 else {min(runs): 0}
        drawn = [self._line(line, f"run run-{run}", shifts[run]) for run in sorted(runs)]
        return Markup("").join(drawn)

    def _down_label(self, line: Line) -> Markup:
        x, y = line.points[0]
        below = line.points[1][1]
        text = "".join(broken(line.way.label, DOWN_LETTERS, 1))
        middle = (y + below) / 2 + 4
        css = "label passed" if self._passed(line.tail, line.way) else "label"
        return _text(css, x + 10, min(middle, y + 18), text) if text else Markup("")

    def _passed(self, key: str, way: Way) -> set[int]:
        """The runs that took a way; of an open and a closed one to the same place, the open."""
        ways = self.flow.boxes[key].ways
        if way.off and any(one.to == way.to and not one.off for one in ways):
            return set()
        return set(self.marks.ways.get((key, way.to), ()))

    # --- Boxes ---

    def boxes(self) -> Markup:
        """All boxes with their text."""
        return Markup("").join(self._box(key, sheet) for key, sheet in self.layout.sheets.items())

    def _box(self, key: str, sheet: Sheet) -> Markup:
        box, (x, y) = sheet.box, self.layout.corner[key]
        runs = self.marks.boxes.get(key, set())
        states = {"passed": runs, "off": box.off, "idle": box.idle, "unreached": not box.reached}
        classes = ["box", f"box-{box.kind}", *(f"passed-{run}" for run in sorted(runs))]
        classes += [name for name, holds in states.items() if holds]
        parts = [_rectangle("frame", x, y, sheet.height)]
        parts += [
            _rectangle(f"run-frame run-{run}", x, y, sheet.height, 3 + 4 * place)
            for place, run in enumerate(sorted(runs))
        ]
        parts.append(self._texts(sheet, (x, y)))
        if sheet.rows and any(row.lines for row in sheet.rows):
            rule = Markup('<path class="rule" d="M{:g} {:g}h{}"/>')
            parts.append(rule.format(x + PAD, y + sheet.rows[0].y - 1, WIDTH - 2 * PAD))
        parts += [self._row(key, row, (x, y)) for row in sheet.rows]
        return Markup('<g class="{}" id="flow-{}">{}</g>').format(
            " ".join(classes), key, Markup("").join(parts)
        )

    def _texts(self, sheet: Sheet, corner: Point) -> Markup:
        box, (x, y) = sheet.box, corner
        texts = Markup("").join(
            _text(css, x + PAD, y + down, text) for css, text, down in sheet.texts
        )
        told = " – ".join(filter(None, (box.title, *box.lines, box.off)))
        if box.link and self.links:
            return Markup('<a href="{}"><title>{}</title>{}</a>').format(box.link, told, texts)
        return Markup("<g><title>{}</title>{}</g>").format(told, texts)

    def _row(self, key: str, row: Row, corner: Point) -> Markup:
        x, y = corner
        runs = self._passed(key, row.way) if row.goes else set()
        parts = [
            _text("way", x + PAD, y + row.y + 13 + 17 * number, line)
            for number, line in enumerate(row.lines)
        ]
        if row.goes:
            parts.append(self._goes(row, x + WIDTH - PAD, y + row.y + row.height - 8))
        else:
            parts.append(
                Markup('<circle class="port" cx="{:g}" cy="{:g}" r="3"/>').format(
                    x + WIDTH, y + row.port
                )
            )
        for place, run in enumerate(sorted(runs)):
            frame = Markup(
                '<rect class="run-row run-{}" x="{:g}" y="{:g}" width="{}" height="{}" rx="4"/>'
            )
            inset = 5 + 3 * place
            parts.append(frame.format(run, x + inset, y + row.y - 1, WIDTH - 2 * inset, row.height))
        title = Markup("<title>{}</title>").format(row.way.off) if row.way.off else Markup("")
        css = "way-off" if row.way.off else "way-open"
        return Markup('<g class="{}">{}{}</g>').format(css, title, Markup("").join(parts))

    def _goes(self, row: Row, x: float, y: float) -> Markup:
        text = _text("goes", x, y, row.goes)
        address = f"#flow-{row.to}" if row.to else ""
        if row.hidden:
            address = self.hidden_link(row.to) if self.hidden_link else ""
        return Markup('<a href="{}">{}</a>').format(address, text) if address else text


def _text(css: str, x: float, y: float, text: str) -> Markup:
    return Markup('<text class="{}" x="{:g}" y="{:g}">{}</text>').format(css, x, y, text)


def _rectangle(css: str, x: float, y: float, height: int, out: int = 0) -> Markup:
    return Markup('<rect class="{}" x="{:g}" y="{:g}" width="{}" height="{}" rx="{}"/>').format(
        css, x - out, y - out, WIDTH + 2 * out, height + 2 * out, 8 + out
    )
