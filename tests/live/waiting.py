"""Waiting for something to be true, never for time to pass: a slow machine is no fault."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from tests.live.watching import deaths

T = TypeVar("T")


PATIENCE_SECONDS = 30
"""How long a slow machine may take for anything that takes a moment."""


def until(condition: Callable[[], T], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """What the condition gives as soon as it gives something true.

    Raises:
        AssertionError: it did not, in that time; which program died is told.
    """
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        late = time.monotonic() >= deadline
        assert not late, "\n".join((f"not within {seconds:g} s: {what}", *deaths()))
        time.sleep(0.05)
    return found


def stays(condition: Callable[[], object], what: str, seconds: float) -> None:
    """The condition holds all the while: for what must not happen."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert condition(), f"no longer true: {what}"
        time.sleep(0.05)
