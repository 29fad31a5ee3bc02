"""How large a box is, and what stands on each of its lines: known before anything is placed."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import east_asian_width

from flask_babel import gettext

from core.contract.flow import END, NEXT
from core.web.flow.graph import Box, Flow, Way
from core.web.flow.layers import Arrow

WIDTH, PAD, LINE = 240, 12, 17
"""Pixels: of a box, inside it, of a line of text."""

ENTRY = 26
"""Pixels from the top of a box to where arrows reach it: beside its title."""

TITLE_LETTERS, LETTERS = 25, 31
"""So many letters fit into a line of a title, and of other text."""

TITLE_LINES, TEXT_LINES, OFF_LINES = 2, 3, 5
"""So many lines are drawn of each; the list below the drawing has the whole text."""


@dataclass(frozen=True, slots=True)
class Row:
    """A way out as it stands in its box.

    Args:
        way: the way.
        lines: its label.
        goes: where it leads when no arrow shows it: "↓ CRM responsible", "■ call ends".
        to: the key of the box that ``goes`` names, "" for none.
        hidden: whether that box is not shown.
        y, height: in pixels, from the top of the box.
    """

    way: Way
    lines: tuple[str, ...]
    goes: str
    to: str
    hidden: bool
    y: int
    height: int

    @property
    def port(self) -> int:
        """Where its arrow begins."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """A box with its lines broken, and its height.

    ``texts`` are (class, text, y); ``down`` is the label of the arrow to the next stage, None
    where there is no such arrow.
    """

    box: Box
    texts: tuple[tuple[str, str, int], ...]
    rows: tuple[Row, ...]
    height: int
    down: Way | None


def measure(flow: Flow, back: set[Arrow], ends: dict[str, list[str]]) -> dict[str, Sheet]:
    """The sheet of every box.

    Args:
        flow: what is shown.
        back: the arrows that are named instead of drawn.
        ends: lines to add to a box, by its key: what came of a dry run there.
    """
    following = dict(zip(flow.spine, flow.spine[1:], strict=False))
    return {
        key: _sheet(box, flow, back, following.get(key, ""), ends.get(key, []))
        for key, box in flow.boxes.items()
    }


def _sheet(box: Box, flow: Flow, back: set[Arrow], following: str, ends: list[str]) -> Sheet:
    texts: list[tuple[str, str, int]] = []
    y = PAD

    def write(css: str, lines: list[str]) -> None:
        nonlocal y
        for line in lines:
            texts.append((css, line, y + 13))
            y += LINE

    if box.caption:
        write("caption", broken(box.caption, LETTERS, 1))
    write("title", broken(box.title, TITLE_LETTERS, TITLE_LINES))
    for line in box.lines if not box.off else ():
        write("line", broken(line, LETTERS, TEXT_LINES))
    if box.off:
        write("why", broken(f"⊘ {box.off}", LETTERS, OFF_LINES))
    if box.plan and box.plan not in box.off:
        included = gettext("Included from plan %(plan)s.", plan=box.plan)
        write("why", broken(included, LETTERS, TITLE_LINES))
    if box.idle:
        write("line", broken(gettext("Nothing to do for this number"), LETTERS, 2))
    for one in ends:
        write("end", broken(one, LETTERS, 2))
    onward = [way for way in box.ways if way.to == NEXT and following]
    down = min(onward, key=lambda way: bool(way.off), default=None)
    rows = []
    y += 6
    for way in box.ways:
        if way in onward:
            continue
        row = _row(box, way, flow, back, y)
        rows.append(row)
        y += row.height
    return Sheet(box, tuple(texts), tuple(rows), y + PAD - 4, down)


def _row(box: Box, way: Way, flow: Flow, back: set[Arrow], y: int) -> Row:
    goes, to, hidden = _goes(box, way, flow, back)
    lines = broken(way.label, LETTERS, 2)
    beside = len(lines) == 1 and width_of(lines[0]) + width_of(goes) + 2 <= LETTERS
    goes = clipped(goes, LETTERS)
    height = LINE * (len(lines) + (1 if goes and not beside else 0)) or 8
    return Row(way, tuple(lines), goes, to, hidden, y, height + 4)


def _goes(box: Box, way: Way, flow: Flow, back: set[Arrow]) -> tuple[str, str, bool]:
    """Where a way leads that has no arrow: the words, the box, whether it is hidden."""
    if way.to == END:
        return "■ " + gettext("the call ends"), "", False
    if way.to == NEXT:
        to = box.next
        known = flow.boxes.get(to)
        title = short_title(known) if known else gettext("the next stage")
        return f"↓ {title}", to if known else "", False
    if way.to not in flow.boxes:
        title, count = flow.hidden.get(way.to, (way.to, 1))
        return f"▸ {title}" + (f" (+{count})" if count > 1 else ""), way.to, True
    if (box.key, way.to) in back:
        return f"↩ {short_title(flow.boxes[way.to])}", way.to, False
    return "", way.to, False


def short_title(box: Box) -> str:
    """What other boxes call it: a stage by the stage's name."""
    return box.caption if box.key.startswith("stage:") and box.caption else box.title


def width_of(text: str) -> int:
    """The letters of a text, wide ones counted twice."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def clipped(text: str, letters: int) -> str:
    """The text, cut with an ellipsis where it is longer than so many letters."""
    if width_of(text) <= letters:
        return text
    kept = ""
    for one in text:
        if width_of(kept + one) >= letters:
            break
        kept += one
    return kept.rstrip() + "…"


def broken(text: str, letters: int, most: int) -> list[str]:
    """A text on several lines, at most so many; cut with an ellipsis where it is longer."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}") <= letters:
            line += f" {words.pop(0)}"
        if words and len(lines) == most - 1:
            line = f"{line} {words[0]}…"
        lines.append(clipped(line, letters))
    return lines
