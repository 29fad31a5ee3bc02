"""One mapping of a plan file, opened to change its entries, and closed again to a new text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from core.plans.file import writing
from core.plans.file.lines import Lines, fitted, is_comment
from core.plans.file.nodes import Node
from core.plans.file.pieces import Block, Pieces, block_of, flow_of

_EMPTY = re.compile(r": *\{ *\}")


class Splice(NamedTuple):
    """A part of the file, from ``start`` to before ``end``, and its new text."""

    start: int
    end: int
    new: str


class Opened:
    """A mapping whose entries are being changed.

    Args:
        lines: the file.
        key: the mapping's own key.
        node: the mapping.
        step: how much deeper an inner mapping stands.
        spans: where entries with lines of their own begin and end, if not with their own lines.
        between: what stands between such entries: nothing, or a blank line.
        block: whether the mapping around it is in block style; its ``{}`` then becomes lines.
    """

    def __init__(
        self,
        lines: Lines,
        key: Node,
        node: Node,
        step: str,
        spans: Mapping[str, tuple[int, int]] | None = None,
        between: str = "",
        block: bool = True,
    ) -> None:
        self.lines = lines
        self.key = key
        self.node = node
        self.step = step
        self.spans = dict(spans or own_spans(lines, node))
        self.pieces = self._pieces(between, block)
        first = node.items[0] if node.items else None
        inner = first is not None and isinstance(self.pieces, Block)
        self.indent = lines.indent(first.start) if inner else lines.indent(key.start) + step

    def change(self, key: str, splice: Splice) -> None:
        """Change a part of one entry; a comment behind it keeps its column."""
        start, end = self.spans[key]
        old = self.lines.text[splice.start : splice.end]
        one_line = self.lines.newline not in old + splice.new
        rest = self.lines.text[splice.end : end]
        rest = fitted(rest, len(splice.new) - len(old)) if one_line else rest
        self.pieces.rewrite(key, self.lines.text[start : splice.start] + splice.new + rest)

    def put(self, key: str, value: str | writing.Parts, after: str) -> None:
        """Write a new entry behind another one or, after ``""``, first."""
        entry = {writing.word(key): value}
        if isinstance(self.pieces, Block):
            text = writing.block(entry, self.indent, self.step, self.lines.newline)
        else:
            text = writing.flow(entry)[1:-1]
        self.pieces.put(key, text, after)

    def drop(self, key: str) -> None:
        """Take an entry out; comments on lines of their own inside it stay."""
        if isinstance(self.pieces, Block):
            behind = list(self.pieces.texts).index(key) + 1
            lines = self.pieces.texts[key].splitlines(keepends=True)
            self.pieces.gaps[behind] = "".join(filter(is_comment, lines)) + self.pieces.gaps[behind]
        self.pieces.take(key)

    def last(self) -> str:
        """Key of the last entry, or ``""``."""
        return next(reversed(self.pieces.texts), "")

    def closed(self) -> Splice:
        """The mapping's new text."""
        if isinstance(self.pieces, Block) and self.node.flow:
            return self._unfolded()
        if isinstance(self.pieces, Block):
            if not self.pieces.texts:
                return inlined(self.lines, self.key, self.node, "{}")
            start, end = bounds(self.spans)
            return Splice(start, end, str(self.pieces))
        return Splice(self.node.start, self.node.end, str(self.pieces))

    def _pieces(self, between: str, block: bool) -> Pieces:
        text = self.lines.text
        if not self.node.flow:
            return block_of(self.lines, self.node, list(self.spans.values()), between)
        if block and _EMPTY.fullmatch(text[self.key.end : self.node.end]):
            return Block({}, [""])
        return flow_of(self.lines, self.node)

    def _unfolded(self) -> Splice:
        """``{}`` gives way to lines below."""
        start, end = self.key.end + 1, self.lines.next(self.node.end - 1)
        rest = fitted(self.lines.text[self.node.end : end], start - self.node.end)
        return Splice(start, end, rest + str(self.pieces))


def inlined(lines: Lines, key: Node, node: Node, new: str) -> Splice:
    """A value replaced by one that stands on the line of its key.

    Args:
        lines: the file.
        key: the entry's key.
        node: its value; of a block, comments on lines of their own stay.
        new: the value's new text.
    """
    if node.kind == "scalar" or node.flow:
        return Splice(node.start, end_of(lines, node), new)
    start = lines.text.index(":", key.end) + 1
    line, end = lines.next(start), lines.next(end_of(lines, node) - 1)
    kept = "".join(one for _, one in lines.split(line, end) if is_comment(one))
    return Splice(start, end, f" {new}{fitted(lines.text[start:line], len(new) + 1)}{kept}")


def entries(node: Node) -> dict[str, tuple[Node, Node]]:
    """Key and value of a mapping's entries, by the text of the key."""
    return {key.text: (key, value) for key, value in node.entries}


def own_spans(lines: Lines, node: Node) -> dict[str, tuple[int, int]]:
    """Where each entry begins and ends: whole lines in block style, else the entry itself."""
    if node.flow:
        return {key.text: (key.start, value.end) for key, value in node.entries}
    return {
        key.text: (lines.start(key.start), lines.next(end_of(lines, value) - 1))
        for key, value in node.entries
    }


def bounds(spans: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """Where the first begins and the last ends."""
    places = list(spans.values())
    return places[0][0], places[-1][1]


def end_of(lines: Lines, node: Node) -> int:
    """Where a node's own text ends; that of a text in block style reaches over blank lines."""
    return node.start + len(lines.text[node.start : node.end].rstrip())
