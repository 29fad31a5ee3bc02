"""A plan file's text by its lines: where each begins, and how the file breaks them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""All that YAML takes as the end of a line."""

_COMMENT_AFTER = re.compile(r"( +)(?=#)")


class Lines:
    """The text, and where its lines begin.

    Args:
        text: all of it; ends with a line break.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        breaks = list(BREAK.finditer(text))
        self._starts = [0, *(one.end() for one in breaks)]
        self.newline = breaks[0].group() if breaks else "\n"

    def start(self, index: int) -> int:
        """Where the line begins that a character stands on."""
        return self._starts[bisect_right(self._starts, index) - 1]

    def next(self, index: int) -> int:
        """Where the line after it begins; the end of the text after the last."""
        number = bisect_right(self._starts, index)
        return self._starts[number] if number < len(self._starts) else len(self.text)

    def indent(self, index: int) -> str:
        """What stands on a line before a character."""
        return self.text[self.start(index) : index]

    def split(self, start: int, end: int) -> list[tuple[int, str]]:
        """The whole lines of a part, each with where it begins."""
        found = []
        while start < end:
            found.append((start, self.text[start : self.next(start)]))
            start = self.next(start)
        return found


def fitted(rest: str, longer: int) -> str:
    """The rest of a line behind a value that has changed its length.

    Its comment stays in its column when there is room, and keeps two spaces otherwise.

    Args:
        rest: all behind the value.
        longer: characters that the value has more than before.
    """
    comment = _COMMENT_AFTER.match(rest)
    if not comment:
        return rest
    room = comment.end()
    return " " * max(room - longer, min(room, 2)) + rest[room:]


def is_comment(line: str) -> bool:
    """Whether a line holds a comment only."""
    return line.lstrip().startswith("#")


def without_blank_start(text: str) -> str:
    """A text without its first blank lines."""
    return "".join(_drop_blank(text.splitlines(keepends=True)))


def without_blank_end(text: str) -> str:
    """A text without its last blank lines."""
    return "".join(reversed(list(_drop_blank(reversed(text.splitlines(keepends=True))))))


def ends_blank(text: str) -> bool:
    """Whether the last line of a text is blank."""
    return bool(text) and not text.splitlines()[-1].strip()


def _drop_blank(lines: Iterable[str]) -> Iterator[str]:
    found = False
    for line in lines:
        found = found or bool(line.strip())
        if found:
            yield line
