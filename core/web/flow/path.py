"""From the trace of a dry run to the boxes and ways it passed on a number's flow (S3).

The trace is what the engine noted: stages as they were asked, ``connect queue:3`` when one plugin
sent the call to another's destination, ``continue`` when a result came back to a plugin. Who waits
for whom is a stack there, and is one here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.contract.flow import END, NEXT
from core.web.flow.graph import LAST, START, Flow

NOT_ASKED = ("skipped", "left-out")
"""Results of a stage whose plugin was not asked."""

ENDS = ("hangup", "hang-up", "reject")
"""Results after which the call is over."""


@dataclass(slots=True)
class Passed:
    """The way of one call.

    Args:
        boxes: the keys of the boxes in which something happened, in order; a box can come again.
        ways: (box, to) in order; ``to`` is a key, ``NEXT`` or ``END``.
        missing: the keys of boxes that the flow does not have.
    """

    boxes: list[str] = field(default_factory=lambda: [START])
    ways: list[tuple[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def last(self) -> str:
        """The box in which the call ended."""
        return self.boxes[-1]


def follow(flow: Flow, trace: Iterable[Mapping[str, Any]]) -> Passed:
    """Follow a trace over a flow.

    Args:
        flow: the whole flow of the number.
        trace: the entries that the simulator answers.
    """
    walker = _Walker(flow)
    for entry in trace:
        walker.take(entry)
    walker.end()
    return walker.passed


class _Walker:
    """Where a call is while its trace is read: ``at`` a box, with those who wait behind it."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.passed = Passed()
        self.at = START
        self.waiting: list[list[str]] = []  # box and plugin, outermost first
        self.over = False

    def take(self, entry: Mapping[str, Any]) -> None:
        """One line of the trace."""
        stage, result, plugin = entry["stage"], entry["result"], entry["plugin"]
        if f"stage:{stage}" in self.flow.spine:
            self._stage(f"stage:{stage}", plugin, result)
        elif stage.startswith("connect "):
            self._connect(stage.partition(" ")[2], plugin, result)
        elif stage == "continue":
            self._continue(plugin)
        elif stage == LAST:
            self._go(NEXT, LAST)
            self.waiting.clear()
        else:
            return  # what the gate or the guard said moves nothing
        if entry.get("place") and self.waiting:
            self._move(entry["place"])
            self.waiting[-1][0] = self.at
        if stage == "continue" and result == "nothing" and self.waiting:
            self.waiting.pop()
        self.over = result in ENDS

    def end(self) -> None:
        """The trace is over."""
        if self.over:
            self.passed.ways.append((self.at, END))

    def _stage(self, key: str, plugin: str, result: str) -> None:
        asked = result not in NOT_ASKED
        self._go(NEXT, key, stops=asked)
        self.waiting = [[key, plugin]] if asked and result != "nothing" else []

    def _connect(self, destination: str, plugin: str, result: str) -> None:
        self._move(destination)
        if result != "nothing":
            self.waiting.append([self.at, plugin])
        elif self.waiting:
            self.at = self.waiting[-1][0]  # nobody there: whoever connected it goes on

    def _continue(self, plugin: str) -> None:
        """A result comes back to a plugin: the call is again where that plugin was asked."""
        while self.waiting and self.waiting[-1][1] != plugin:
            self.waiting.pop()
        if self.waiting:
            self.at = self.waiting[-1][0]

    def _move(self, destination: str) -> None:
        """To the box of a destination, if it is not there already."""
        key = self._known(destination)
        if key != self.at:
            self._go(key, key)

    def _go(self, way: str, key: str, stops: bool = True) -> None:
        self.passed.ways.append((self.at, way))
        self.at = key
        if stops and self.passed.boxes[-1] != key:
            self.passed.boxes.append(key)

    def _known(self, destination: str) -> str:
        """The box of a destination. Where only the call itself tells who it is, the flow has one
        box for all of them: ``employee`` for ``employee:17``."""
        anybody = destination.rpartition(":")[0]
        box = self.flow.boxes.get(self.at)
        leads = {way.to for way in box.ways} if box else set()
        for key in (destination, anybody):
            if key in leads:
                return key
        for key in (destination, anybody):
            if key in self.flow.boxes:
                return key
        self.passed.missing.append(destination)
        return destination
