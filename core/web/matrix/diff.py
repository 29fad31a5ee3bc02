"""Two texts of the plan file in one: what goes, what comes, with a few lines around."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff

KINDS = {"+": "added", "-": "removed", "@": "place", " ": "same"}


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line: ``kind`` is ``added``, ``removed``, ``same`` or ``place`` (where it stands)."""

    kind: str
    text: str


def diff_lines(before: str, after: str) -> list[DiffLine]:
    """The lines that differ, with three around each; none when the texts are equal."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return [DiffLine(KINDS[one[0]], one) for one in list(lines)[2:]]
