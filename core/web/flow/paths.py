"""Draws the ways that dry runs took on a number's flow, one or two of them (S3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from core.store.lines import LineRow

Run = tuple[str, Mapping[str, Any]]
"""What a run is called on the page, and what the simulator answered."""


def draw_paths(line: LineRow, runs: Sequence[Run]) -> Markup:
    """The flow of a number with the ways of one or two dry runs on it, a legend, and where two
    ways part in a sentence. It brings its own style and script: put it on any page, once.

    Args:
        line: the number.
        runs: (label, result) of each run: ``("Before", result), ("After", result)``; the result as
            ``Simulator.simulate`` answers it.
    """
    return Markup("")
