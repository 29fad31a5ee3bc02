"""A mapping's text taken apart into its entries and what stands between them.

An entry is taken out, put in or rewritten; all others, with the comments, blank lines and commas
between them, stay byte for byte as they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.contract.errors import BadInput
from core.contract.texts import N_, phrase
from core.plans.file.lines import (
    Lines,
    ends_blank,
    fitted,
    without_blank_end,
    without_blank_start,
)
from core.plans.file.nodes import Node

_STRANGE = N_("Line %(line)s of the plan file cannot be changed here; write it as “key: value”.")
_COMMA = re.compile(r"#.*|,")


class Pieces:
    """Entries by key, and the ``gaps`` around them: one before each entry and one behind the last.

    Args:
        texts: each entry's text by its key.
        gaps: one more than entries.
    """

    def __init__(self, texts: dict[str, str], gaps: list[str]) -> None:
        self.texts = texts
        self.gaps = gaps

    def __str__(self) -> str:
        between = zip(self.gaps, self.texts.values(), strict=False)
        return "".join(gap + text for gap, text in between) + self.gaps[-1]

    def rewrite(self, key: str, text: str) -> None:
        """Give an entry another text."""
        self.texts[key] = text

    def take(self, key: str) -> str:
        """Take an entry out; returns its text."""
        here = list(self.texts).index(key)
        self.gaps[here : here + 2] = [self._joined(here)]
        return self.texts.pop(key)

    def put(self, key: str, text: str, after: str) -> None:
        """Put an entry in, behind another one or, after ``""``, first."""
        keys = list(self.texts)
        here = keys.index(after) + 1 if after else 0
        self.gaps[here : here + 1] = self._parted(here)
        items = list(self.texts.items())
        self.texts = dict([*items[:here], (key, text), *items[here:]])

    def _joined(self, here: int) -> str:
        """The one gap in the stead of those around an entry that goes."""
        raise NotImplementedError

    def _parted(self, here: int) -> tuple[str, str]:
        """The two gaps around an entry that comes, in the stead of gap ``here``."""
        raise NotImplementedError


class Block(Pieces):
    """Entries on lines of their own. Comments and blank lines are gaps; those on the line of an
    entry belong to it.

    Args:
        between: what stands between a new entry and its neighbours: nothing or a blank line.
    """

    def __init__(self, texts: dict[str, str], gaps: list[str], between: str = "") -> None:
        super().__init__(texts, gaps)
        self.between = between

    def _joined(self, here: int) -> str:
        before, after = self.gaps[here], self.gaps[here + 1]
        if here == 0 or ends_blank(before):
            after = without_blank_start(after)
        joined = before + after
        return without_blank_end(joined) if here == len(self.texts) - 1 else joined

    def _parted(self, here: int) -> tuple[str, str]:
        if not self.texts:
            return self.gaps[0], ""
        if here == 0:
            return "", self.gaps[0] + self.between
        gap = self.gaps[here]
        return self.between, gap if here == len(self.texts) else gap or self.between


class Flow(Pieces):
    """Entries in braces. Commas, comments and breaks are gaps, the braces the first and last.

    Args:
        newline: how the file breaks lines.
    """

    def __init__(self, texts: dict[str, str], gaps: list[str], newline: str) -> None:
        super().__init__(texts, gaps)
        self.newline = newline

    def rewrite(self, key: str, text: str) -> None:
        """Give an entry another text; a comment behind it keeps its column."""
        behind = list(self.texts).index(key) + 1
        comma = "," if self.gaps[behind].startswith(",") else ""
        rest = self.gaps[behind].removeprefix(comma)
        self.gaps[behind] = comma + fitted(rest, len(text) - len(self.texts[key]))
        super().rewrite(key, text)

    def _joined(self, here: int) -> str:
        before, after = self.gaps[here], self.gaps[here + 1]
        own_line = self.newline in before
        last = here == len(self.texts) - 1
        if last and here and not own_line:
            return after
        kept = _without_comma(after)
        if self.newline in kept and (own_line or here == 0):
            kept = kept[kept.index(self.newline) :]  # the comment behind it goes with the entry
        if last and (before + kept).split() == ["{", "}"]:
            return "{}"
        if last or "#" in kept or (self.newline in kept and not own_line):
            return _ended(before, kept, self.newline) + kept
        return before

    def _parted(self, here: int) -> tuple[str, str]:
        gap, before = self.gaps[here], self.gaps[max(here - 1, 0)]
        if not self.texts:
            notes, newline, end = gap.rpartition(self.newline)
            indent = end[: len(end) - len(end.lstrip())]
            return (f"{notes}{newline}{indent}  ", newline + end) if newline else ("{", "}")
        own_line = self.newline in before
        next_line = self.newline + before.rpartition(self.newline)[2]
        if here == 0:
            return gap, f",{next_line}" if own_line else ", "
        if own_line and "," in next_line:
            return next_line, gap
        if own_line and self.newline in gap:
            return self._next_line(gap, next_line)
        return f",{next_line}" if own_line and here == len(self.texts) else ", ", gap

    def _next_line(self, gap: str, next_line: str) -> tuple[str, str]:
        """The gaps around a new line; what stood behind the line above stays there."""
        behind, _, rest = gap.partition(self.newline)
        if _without_comma(behind) != behind:
            return behind + next_line, f",{self.newline}{rest}"
        return f",{fitted(behind, 1)}{next_line}", self.newline + rest


def block_of(lines: Lines, node: Node, parts: Iterable[tuple[int, int]], between: str) -> Block:
    """A block mapping's pieces.

    Args:
        lines: the file.
        node: the mapping.
        parts: where each entry's own lines begin and end.
        between: what stands between entries: nothing, or a blank line.
    """
    for key, _ in node.entries:
        if lines.indent(key.start).strip(" "):
            raise BadInput(phrase(_STRANGE, line=key.line))
    parts = list(parts)
    ends = [parts[0][0], *(end for _, end in parts)]
    starts = [*(start for start, _ in parts), parts[-1][1]]
    gaps = [lines.text[end:start] for end, start in zip(ends, starts, strict=True)]
    texts = {
        key.text: lines.text[start:end]
        for (key, _), (start, end) in zip(node.entries, parts, strict=True)
    }
    return Block(texts, gaps, between)


def flow_of(lines: Lines, node: Node) -> Flow:
    """The pieces of a mapping in braces."""
    ends = [node.start, *(value.end for _, value in node.entries)]
    starts = [*(key.start for key, _ in node.entries), node.end]
    gaps = [lines.text[end:start] for end, start in zip(ends, starts, strict=True)]
    for gap in gaps:
        if "?" in re.sub("#.*", "", gap):
            raise BadInput(phrase(_STRANGE, line=node.line))
    texts = {key.text: lines.text[key.start : value.end] for key, value in node.entries}
    return Flow(texts, gaps, lines.newline)


def _without_comma(gap: str) -> str:
    for one in _COMMA.finditer(gap):
        if one.group() == ",":
            return gap[: one.start()] + gap[one.end() :]
    return gap


def _ended(before: str, kept: str, newline: str) -> str:
    """A gap that another follows: without its last indentation when that one begins a line."""
    return before.rstrip(" ").removesuffix(newline) if kept.startswith(newline) else before
