"""Which lines of a plan file belong to which plan: its own, its heading, and the notes below it."""

from __future__ import annotations

from core.plans.file.lines import Lines, is_comment
from core.plans.file.nodes import Node
from core.plans.file.opened import own_spans


def plan_spans(lines: Lines, plans: Node, node: Node) -> dict[str, tuple[int, int]]:
    """Where each plan begins and ends, in whole lines.

    Comments right above a plan's key are its heading. Comments below it belong to it when they are
    indented deeper than its key. All others, and blank lines, belong to no plan.

    Args:
        lines: the file.
        plans: the key ``plans``.
        node: its mapping, in block style.
    """
    column = node.column - 1
    spans = own_spans(lines, node)
    found: dict[str, tuple[int, int]] = {}
    above = lines.next(plans.start)
    stops = [*(start for start, _ in spans.values()), len(lines.text)][1:]
    for (key, (start, end)), stop in zip(spans.items(), stops, strict=True):
        end = _with_notes(lines, end, stop, column)
        found[key] = (_with_heading(lines, above, start, column), end)
        above = end
    return found


def _with_heading(lines: Lines, above: int, start: int, column: int) -> int:
    for begin, line in reversed(lines.split(above, start)):
        if not is_comment(line) or _indented(line) > column:
            break
        start = begin
    return start


def _with_notes(lines: Lines, end: int, stop: int, column: int) -> int:
    for begin, line in lines.split(end, stop):
        if is_comment(line) and _indented(line) > column:
            end = begin + len(line)
        elif line.strip() and not is_comment(line):
            break
    return end


def _indented(line: str) -> int:
    return len(line) - len(line.lstrip())
