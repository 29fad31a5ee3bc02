"""What is wrong with a plan file: every fault at once, each with its line (plans.md §4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.contract.errors import BadInput


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault or warning. ``line`` and ``column`` count from 1; ``path`` is dotted."""

    line: int
    column: int
    path: str
    sentence: str
    file: str = "plans.yaml"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        text = f"{self.path}: {self.sentence}" if self.path else self.sentence
        return f"{place} {printable(text)}"


def printable(text: str, most: int = 1000) -> str:
    """A text as one line that a terminal can show: what was typed can hold anything.

    Args:
        text: any text.
        most: characters; the rest is left out.
    """
    line = "".join(one if one.isprintable() else " " for one in text[: most + 1])
    return line if len(text) <= most else line[:most] + "…"


class PlansFault(BadInput):
    """A plan file cannot be taken; ``faults`` holds all that is wrong with it, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        lines = [str(fault) for fault in self.faults]
        super().__init__("\n".join(lines), faults=lines)
