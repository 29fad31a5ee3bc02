"""Where everything of the drawing stands: columns from left to right, boxes ordered so that arrows
cross little, and each as near as possible to what leads to it (a layered layout).

An arrow that passes a column between two boxes gets a lane there, which takes room like a box does:
so no arrow can run through a box. Arrows to the same box share their lanes.
"""

from __future__ import annotations

from bisect import bisect, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from core.web.flow.layers import Arrow

COLUMN, GAP, LANE = 330, 26, 10
"""Pixels: from column to column, between two things in a column, and the height of a lane."""

ROUNDS = 4
"""So often the order is improved in both directions."""

Spot = tuple[int, str, bool]
"""What stands in a column: the column, the key of a box, and whether it is a lane to that box."""


@dataclass(slots=True)
class Link:
    """A piece of an arrow, from one column to the next: pixels below the tops of its ends."""

    tail: Spot
    head: Spot
    start: float
    end: float


@dataclass(slots=True)
class Places:
    """The tops of all spots in pixels, and their heights; ``links`` join them."""

    columns: list[list[Spot]]
    height: dict[Spot, float]
    links: list[Link]
    top: dict[Spot, float] = field(default_factory=dict)

    def x(self, spot: Spot) -> int:
        """The left side of a spot."""
        return spot[0] * COLUMN


def place(
    column: Mapping[str, int],
    heights: Mapping[str, int],
    arrows: Sequence[tuple[Arrow, int]],
    entry: int,
) -> Places:
    """Put every box into its place.

    Args:
        column: of each box, from 0; the boxes of column 0 stay in the order given.
        heights: of each box, in pixels.
        arrows: (from, to) with the pixels below the top of ``from`` where it begins; each leads
            to a column further right.
        entry: pixels below the top of a box where arrows end.
    """
    places = _spots(column, heights, arrows, entry)
    _order(places)
    _settle(places)
    return places


def lanes(column: Mapping[str, int], arrow: Arrow) -> list[Spot]:
    """All that an arrow passes: the box it leaves, its lanes, the box it reaches."""
    tail, head = arrow
    between = range(column[tail] + 1, column[head])
    return [
        (column[tail], tail, False),
        *((one, head, True) for one in between),
        (column[head], head, False),
    ]


def _spots(
    column: Mapping[str, int],
    heights: Mapping[str, int],
    arrows: Sequence[tuple[Arrow, int]],
    entry: int,
) -> Places:
    leaving: dict[str, list[tuple[Arrow, int]]] = {}
    for arrow, port in arrows:
        leaving.setdefault(arrow[0], []).append((arrow, port))
    columns: list[list[Spot]] = [[] for _ in range(max(column.values(), default=-1) + 1)]
    height: dict[Spot, float] = {}
    links: dict[tuple[Spot, Spot, float], Link] = {}
    waiting = list(reversed(column))  # the first column first; what it leads to comes on top

    def meet(spot: Spot) -> None:
        if spot not in height:
            height[spot] = LANE if spot[2] else heights[spot[1]]
            columns[spot[0]].append(spot)

    met: set[str] = set()
    while waiting:
        key = waiting.pop()
        meet((column[key], key, False))
        if key in met:
            continue
        met.add(key)
        for arrow, port in leaving.get(key, ()):
            passed = lanes(column, arrow)
            for tail, head in pairwise(passed):
                meet(head)
                start = LANE / 2 if tail[2] else port
                end = LANE / 2 if head[2] else entry
                links.setdefault((tail, head, start), Link(tail, head, start, end))
        waiting += [arrow[1] for arrow, _ in reversed(leaving.get(key, ()))]
    return Places(columns, height, list(links.values()))


# --- The order within the columns -------------------------------------------------------------


def _order(places: Places) -> None:
    """Sort each column by the middle of its neighbours, to and fro, and keep the best order."""
    links: dict[int, list[Link]] = defaultdict(list)  # by the column they come from
    for link in places.links:
        links[link.tail[0]].append(link)
    best, least = [list(one) for one in places.columns], _crossings(places, links)
    for _ in range(ROUNDS if least else 0):
        for numbers, forward in (
            (range(1, len(places.columns)), True),
            (range(len(places.columns) - 2, 0, -1), False),
        ):
            for number in numbers:
                _sort(places, links, number, forward)
            crossings = _crossings(places, links)
            if crossings < least:
                best, least = [list(one) for one in places.columns], crossings
    places.columns = best


def _sort(places: Places, links: Mapping[int, list[Link]], number: int, forward: bool) -> None:
    beside = places.columns[number - 1 if forward else number + 1]
    rank = {spot: (place + 0.5) / len(beside) for place, spot in enumerate(beside)}
    values: dict[Spot, list[float]] = {}
    for link in links.get(number - 1 if forward else number, ()):
        here, there = (link.head, link.tail) if forward else (link.tail, link.head)
        fraction = link.start / places.height[link.tail] if forward else 0
        values.setdefault(here, []).append(rank[there] + fraction / (2 * len(beside)))
    column = places.columns[number]
    own = {spot: (place + 0.5) / len(column) for place, spot in enumerate(column)}
    column.sort(key=lambda spot: _mean(values.get(spot, [own[spot]])))


def _crossings(places: Places, links: Mapping[int, list[Link]]) -> int:
    """How often two arrows cross between neighbouring columns."""
    rank = {spot: place for column in places.columns for place, spot in enumerate(column)}
    count = 0
    for found in links.values():
        seen: list[int] = []
        for _, _, head in sorted((rank[one.tail], one.start, rank[one.head]) for one in found):
            count += len(seen) - bisect(seen, head)
            insort(seen, head)
    return count


# --- Pixels --------------------------------------------------------------------------------------


def _settle(places: Places) -> None:
    """Move every spot to the height of its neighbours, as far as the others leave room."""
    entering: dict[Spot, list[Link]] = defaultdict(list)
    leaving: dict[Spot, list[Link]] = defaultdict(list)
    for link in places.links:
        entering[link.head].append(link)
        leaving[link.tail].append(link)
    top = places.top
    for column in places.columns:
        _stack(places, column, {})
    for _ in range(ROUNDS):
        for column in reversed(places.columns):
            wishes = {
                spot: [top[one.head] + one.end - one.start for one in leaving[spot]]
                for spot in column
                if spot in leaving
            }
            _stack(places, column, wishes)
        for column in places.columns[1:]:
            wishes = {
                spot: [top[one.tail] + one.start - one.end for one in entering[spot]]
                for spot in column
                if spot in entering
            }
            _stack(places, column, wishes)
    least = min(top.values(), default=0)
    for spot in top:
        top[spot] -= least


def _stack(places: Places, column: list[Spot], wishes: Mapping[Spot, list[float]]) -> None:
    """Give the spots of a column the tops nearest to their wishes, in order and without overlap
    (least squares; neighbours that would overlap are moved as one block). A spot without a wish
    goes with the one above it."""
    blocks: list[_Block] = []
    below: list[float] = []
    offset = 0.0
    for spot in column:
        below.append(offset)
        wished = spot in wishes
        blocks.append(_Block(_mean(wishes[spot]) - offset if wished else 0, int(wished), 1))
        while len(blocks) > 1 and blocks[-2].meets(blocks[-1]):
            blocks.append(blocks.pop(-2).with_(blocks.pop()))
        offset += places.height[spot] + GAP
    moved = [block.top for block in blocks for _ in range(block.spots)]
    for spot, move, under in zip(column, moved, below, strict=True):
        places.top[spot] = move + under


@dataclass(frozen=True, slots=True)
class _Block:
    """Spots that move as one: the sum of their wishes, how many wish something, how many."""

    sum: float
    wishing: int
    spots: int

    @property
    def top(self) -> float:
        return self.sum / self.wishing if self.wishing else 0

    def meets(self, below: _Block) -> bool:
        return not (self.wishing and below.wishing) or self.top > below.top

    def with_(self, below: _Block) -> _Block:
        return _Block(self.sum + below.sum, self.wishing + below.wishing, self.spots + below.spots)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
