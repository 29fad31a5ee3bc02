"""Waiting for something to be true, never for time to pass: a slow machine is no fault."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], what: str, seconds: float = 15) -> T:
    """What the condition gives as soon as it gives something true.

    Raises:
        AssertionError: it did not, in that time.
    """
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.03)
    return found


def stays(condition: Callable[[], object], what: str, seconds: float) -> None:
    """The condition holds all the while: for what must not happen."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert condition(), f"no longer true: {what}"
        time.sleep(0.05)
