"""What of a large flow is drawn: what is near the stages, with the way to all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from core.web.flow.graph import Flow
from core.web.flow.sizes import short_title

MOST_SHOWN = 60
"""So many boxes are drawn unless somebody asks for all."""


def shown(flow: Flow, keep: Collection[str] = ()) -> Flow:
    """The flow down to the depth at which it has at most ``MOST_SHOWN`` boxes, at least to what
    the stages themselves lead to.

    Args:
        flow: the whole.
        keep: boxes that are shown however far away they are.
    """
    if len(flow.boxes) <= MOST_SHOWN:
        return flow
    near: set[str] = set(flow.spine)
    for place, ring in enumerate(_rings(flow, flow.spine)):
        if place and len(near) + len(ring) > MOST_SHOWN and place > 1:
            break
        near |= ring
    return _only(flow, near | set(keep), flow.spine)


def from_box(flow: Flow, key: str) -> Flow:
    """What is reached from one box, which stands first.

    Args:
        flow: the whole.
        key: of a box in it.
    """
    reached = {one for ring in _rings(flow, [key]) for one in ring}
    return _only(flow, reached - set(flow.spine) | {key}, (key,))


def _only(flow: Flow, keys: set[str], spine: tuple[str, ...]) -> Flow:
    boxes = {key: box for key, box in flow.boxes.items() if key in keys}
    hidden = {}
    for box in boxes.values():
        for to in (*(way.to for way in box.ways), box.next):
            if to in flow.boxes and to not in boxes and to not in hidden:
                behind = {one for ring in _rings(flow, [to]) for one in ring} - keys
                count = len(behind - set(flow.spine)) if to not in flow.spine else 1
                hidden[to] = (short_title(flow.boxes[to]), count)
    return replace(flow, boxes=boxes, spine=spine, hidden=hidden)


def _rings(flow: Flow, start: Iterable[str]) -> Iterator[set[str]]:
    """The boxes step by step: those to start from, those they lead to, and so on."""
    ring = set(start)
    met = set(ring)
    while ring:
        yield ring
        following = {way.to for key in ring for way in flow.boxes[key].ways if way.to in flow.boxes}
        ring = following - met
        met |= ring
