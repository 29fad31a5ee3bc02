"""Waiting for something to be true, never for time to pass: a slow machine is no fault."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from tests.live.watching import deaths

T = TypeVar("T")

PATIENCE_SECONDS = 30
"""How long a slow machine may take for anything that takes a moment."""


def until(
    condition: Callable[[], T], what: str | Callable[[], str], seconds: float = PATIENCE_SECONDS
) -> T:
    """What the condition gives as soon as it gives something true.

    Args:
        condition: asked again and again.
        what: for the message; a function is asked when it was waited for in vain.
        seconds: how long at most.

    Raises:
        AssertionError: it did not, in that time; which program died is told.
    """
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() >= deadline:
            told = what() if callable(what) else what
            raise AssertionError("\n".join((f"not within {seconds:g} s: {told}", *deaths())))
        time.sleep(0.05)
    return found
