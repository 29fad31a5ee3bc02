"""What is drawn of a number's way: boxes and the ways out of them, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from core.contract.flow import END, NEXT

START, LAST = "start", "last-resort"
"""Keys of the box in which a call arrives, and of the one in which no plugin has an answer."""

ELSEWHERE = (NEXT, END)
"""Where a way can lead that is no box."""


class Kind(StrEnum):
    """What a box is."""

    START = "start"
    STAGE = "stage"
    DESTINATION = "destination"
    LAST = "last-resort"


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a box.

    Args:
        label: when it is taken; of several ways to the same place, all of them.
        to: the key of a box, ``NEXT`` or ``END``.
        off: why it is closed now; "" when it is open.
    """

    label: str
    to: str
    off: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """One box.

    Args:
        key: ``start``, ``stage:NAME``, a destination as text, or ``last-resort``.
        kind: what it is; ``caption`` says it for people.
        title, lines: what stands in it.
        ways: where it leads, in reading order; one per place.
        link: address of the page on which it is set, "" for none.
        off: why the plan or a switch leaves it out, one sentence; "" when it works.
        plan: the title of the cheapest plan that has it, when the plan is the reason.
        compare: address of the comparison of plans, when the plan is the reason.
        idle: whether the stage has nothing to do for this number, and is drawn small.
        next: the key of the stage that follows; "" when it depends on where the call comes from.
        reached: whether a call can come here, as things stand.
    """

    key: str
    kind: Kind
    title: str
    caption: str = ""
    lines: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    link: str = ""
    off: str = ""
    plan: str = ""
    compare: str = ""
    idle: bool = False
    next: str = ""
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Flow:
    """A number's way.

    Args:
        boxes: by key, in the order in which they are met.
        spine: the keys of the boxes that follow one another, from the first to the last.
        hidden: what is not shown, by its key: its title, and how many boxes it stands for.
        cut: whether so many boxes were found that reading stopped.
    """

    boxes: dict[str, Box]
    spine: tuple[str, ...]
    hidden: dict[str, tuple[str, int]] = field(default_factory=dict)
    cut: bool = False

    def arrows(self) -> Iterator[tuple[str, Way]]:
        """Every way that leads from a box to a box that is shown."""
        for key, box in self.boxes.items():
            for way in box.ways:
                if way.to in self.boxes:
                    yield key, way


def joined(ways: list[Way]) -> tuple[Way, ...]:
    """One way per place: ``1``, ``3`` instead of two arrows side by side.

    Ways to the same place of which one is closed stay apart.
    """
    found: dict[tuple[str, str], Way] = {}
    for way in ways:
        known = found.get((way.to, way.off))
        if known is None:
            found[way.to, way.off] = way
        elif way.label:
            label = f"{known.label}; {way.label}" if known.label else way.label
            found[way.to, way.off] = replace(known, label=label)
    return tuple(found.values())


def mark_reached(boxes: dict[str, Box], spine: tuple[str, ...]) -> dict[str, Box]:
    """The same boxes, each knowing whether an open way leads there from the first, and which
    stage follows it. What no call reaches is followed by what would follow if it did."""
    opened = _followed(boxes, spine, closed=False)
    if len(opened) == len(boxes):
        anyhow = opened
    else:
        anyhow = _followed(boxes, spine, closed=True) | opened
    return {
        key: replace(box, reached=key in opened, next=_only(anyhow.get(key, set())))
        for key, box in boxes.items()
    }


def _followed(boxes: dict[str, Box], spine: tuple[str, ...], closed: bool) -> dict[str, set[str]]:
    """Of every box that ways lead to from the first: the stages that can follow it. With
    ``closed`` also by closed ways."""
    following = dict(zip(spine, (*spine[1:], ""), strict=True))
    found: dict[str, set[str]] = {}
    waiting = [(key, following[key]) for key in (spine if closed else spine[:1])]
    while waiting:
        key, after = waiting.pop()
        if after in found.setdefault(key, set()):
            continue
        found[key].add(after)
        for way in boxes[key].ways:
            if way.off and not closed:
                continue
            if way.to == NEXT and after:
                waiting.append((after, following[after]))
            elif way.to in boxes:
                waiting.append((way.to, following.get(way.to, after)))
    return found


def _only(keys: set[str]) -> str:
    return next(iter(keys)) if len(keys) == 1 else ""
