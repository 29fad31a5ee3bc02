"""Draws the ways that dry runs took on a number's flow, one or two of them (S3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from flask import render_template
from flask_babel import gettext
from markupsafe import Markup

from core.contract.flow import END, NEXT
from core.store.lines import LineRow
from core.web.flow.graph import Flow, Way, joined
from core.web.flow.path import Passed, follow
from core.web.flow.reading import read_flow
from core.web.flow.showing import shown
from core.web.flow.sizes import short_title
from core.web.flow.svg import Marks, draw_flow
from core.web.host import host, now

MOST_RUNS = 2
"""So many ways can be told apart on paper."""

Run = tuple[str, Mapping[str, Any]]
"""What a run is called on the page, and what the simulator answered."""


def draw_paths(line: LineRow, runs: Sequence[Run], plan: str = "") -> Markup:
    """The flow of a number with the ways of one or two dry runs on it, a legend, and where two
    ways part in a sentence. It brings its own style and script: put it on any page, once.

    Args:
        line: the number; its flow is drawn as it is set where this is called.
        runs: (label, result) of each run: ``("Before", result), ("After", result)``; the result as
            ``Simulator.simulate`` answers it.
        plan: the plan of the runs, "" for the account's own.

    Raises:
        ValueError: there is no run, or there are more than two.
    """
    if not 1 <= len(runs) <= MOST_RUNS:
        raise ValueError(f"draw_paths draws one or two runs, not {len(runs)}")
    flow = read_flow(host(), line, now(), plan)
    passed = [follow(flow, result["trace"]) for _, result in runs]
    missing = [key for one in passed for key in one.missing]
    if missing:
        flow = read_flow(host(), line, now(), plan, missing)
        passed = [follow(flow, result["trace"]) for _, result in runs]
    flow = with_ways(flow, passed)
    return Markup(
        render_template(
            "web/flow_paths.html",
            picture=draw_flow(
                _near(flow, passed), gettext("Way of the call"), _marks(runs, passed)
            ),
            runs=[(label, result["outcome"]) for label, result in runs],
            parting=parting(flow, runs, passed) if len(runs) > 1 else "",
        )
    )


def with_ways(flow: Flow, passed: Sequence[Passed]) -> Flow:
    """The flow with the ways that a call took and no plugin had described."""
    boxes = dict(flow.boxes)
    for tail, to in dict.fromkeys(way for one in passed for way in one.ways):
        box = boxes.get(tail)
        if box is None or to in (NEXT, END) or to not in boxes:
            continue
        if not any(way.to == to for way in box.ways):
            boxes[tail] = replace(box, ways=joined([*box.ways, Way("", to)]))
    return replace(flow, boxes=boxes)


def _near(flow: Flow, passed: Sequence[Passed]) -> Flow:
    """Of a large flow: the stages, what the runs passed, and as much else as there is room for."""
    return shown(flow, {key for one in passed for key in one.boxes if key in flow.boxes})


def _marks(runs: Sequence[Run], passed: Sequence[Passed]) -> Marks:
    boxes: dict[str, set[int]] = {}
    ways: dict[tuple[str, str], set[int]] = {}
    ends: dict[str, list[str]] = {}
    for number, ((label, result), one) in enumerate(zip(runs, passed, strict=True)):
        for key in one.boxes:
            boxes.setdefault(key, set()).add(number)
        for way in one.ways:
            ways.setdefault(way, set()).add(number)
        outcome = gettext(result["outcome"] or "")
        ends.setdefault(one.last, []).append(f"● {label}: {outcome}" if label else f"● {outcome}")
    return Marks(boxes, ways, ends)


def parting(flow: Flow, runs: Sequence[Run], passed: Sequence[Passed]) -> str:
    """Where two ways part, in a sentence."""
    (first, _), (second, _) = runs
    one, two = (each.boxes for each in passed)
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))
    if len(one) == len(two) == common:
        return gettext("Both take the same way.")
    values = {
        "box": _title(flow, one[common - 1]),
        "first": first,
        "second": second,
        "one": _title(flow, one[common]) if common < len(one) else gettext("the end"),
        "two": _title(flow, two[common]) if common < len(two) else gettext("the end"),
    }
    return gettext(
        "Both take the same way up to “%(box)s”. Then %(first)s: “%(one)s”; %(second)s: “%(two)s”.",
        **values,
    )


def _title(flow: Flow, key: str) -> str:
    box = flow.boxes.get(key)
    return short_title(box) if box else key
