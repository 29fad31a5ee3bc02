"""Draws the path of a call as SVG, on the server: no script draws under a strict policy."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

from core.web.words import answer, came

WIDTH, PAD, LINE, GAP = 420, 14, 18, 34
"""Pixels: of a box, inside it, of a line of text, between boxes."""

LETTERS = 52
"""So many letters fit into a line of a box."""


def draw(result: Mapping[str, Any], names: Mapping[str, str]) -> Markup:
    """The path of a dry run, from the first step to the outcome.

    Args:
        result: ``steps`` and ``outcome`` as the simulator gives them.
        names: what to write for a target such as ``employee:7``.
    """
    boxes = [_box(one, names) for one in result["steps"]]
    boxes.append((f"outcome outcome-{result['outcome']}", [gettext(result["outcome"] or "")], ""))
    parts, y = [], GAP
    for number, (css, lines, _) in enumerate(boxes):
        if number:
            parts.append(_arrow(y, boxes[number - 1][2]))
            y += GAP
        height = 2 * PAD + LINE * len(lines)
        parts.append(_rectangle(y, height, css, lines))
        y += height
    size = f"{WIDTH + 20} {y + 10}"
    head = Markup('<svg class="flow" role="img" aria-label="{}" viewBox="0 0 {}">').format(
        gettext("Path of the call"), size
    )
    return head + Markup("").join(parts) + Markup("</svg>")


def _box(step: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, list[str], str]:
    """Class, lines of text, and what follows on the arrow below."""
    time = step["at"][11:19]
    lines = [f"{time}  {answer(step['step'])}"]
    for text in step.get("says", ()):
        lines += wrap(f"“{text}”", LETTERS)[:3]
    if step.get("rings"):
        rung = [names.get(one) or one.partition(":")[2] for one in step["rings"]]
        lines += wrap(", ".join(rung), LETTERS)[:3]
    if step.get("recorded"):
        lines.append(gettext("recorded"))
    return f"step step-{step['step']}", lines, came(str(step.get("result", "")))


def _rectangle(y: int, height: int, css: str, lines: list[str]) -> Markup:
    texts = Markup("").join(
        Markup('<text x="{}" y="{}" class="{}">{}</text>').format(
            10 + PAD, y + PAD + LINE * number + 13, "first" if number == 0 else "", line
        )
        for number, line in enumerate(lines)
    )
    return Markup('<g class="{}"><rect x="10" y="{}" width="{}" height="{}" rx="6"/>{}</g>').format(
        css, y, WIDTH, height, texts
    )


def _arrow(y: int, label: str) -> Markup:
    middle = 10 + WIDTH // 2
    text = Markup('<text x="{}" y="{}" class="label">{}</text>').format(
        middle + 10, y + GAP // 2 + 4, escape(label)
    )
    return Markup('<path class="arrow" d="M{x} {a} V{b} m-5 -6 l5 6 l5 -6"/>').format(
        x=middle, a=y, b=y + GAP
    ) + (text if label else Markup(""))
