"""How long a plugin may think, where no test is about that: nobody is too slow on a busy machine.

The product's own limits are short, because a caller waits; a test that met them now and then would
fail of the machine it runs on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any

import pytest

from core.calls import notices, thinking
from core.calls.rehearsal import rehearsing
from core.config import Config

SECONDS = 60.0
ALL_TOGETHER_SECONDS = 120.0


def defaults_with(table: type, **values: Any) -> tuple[Any, ...]:
    """The defaults of a dataclass's fields, some of them replaced."""
    optional = [one for one in fields(table) if one.default is not MISSING]
    return tuple(values.get(one.name, one.default) for one in optional)


LONG = defaults_with(Config, plugin_seconds=SECONDS, answer_seconds=ALL_TOGETHER_SECONDS)

PATIENT: tuple[tuple[Any, str, Any], ...] = (
    (Config.__init__, "__defaults__", LONG),
    (thinking, "IDENTIFY_SECONDS", SECONDS),
    (notices, "SECONDS", SECONDS),
    (rehearsing, "PLUGIN_SECONDS", SECONDS),
    (rehearsing, "BEFORE_SECONDS", ALL_TOGETHER_SECONDS),
    (rehearsing, "LOCKED_SECONDS", ALL_TOGETHER_SECONDS),
)
"""Where a limit stands, and what it is instead."""

OWN = tuple((place, name, getattr(place, name)) for place, name, _ in PATIENT)

ENVIRONMENT = {
    "CENTRALINO_PLUGIN_SECONDS": str(SECONDS),
    "CENTRALINO_ANSWER_SECONDS": str(ALL_TOGETHER_SECONDS),
}
"""The same, for a command or a server."""


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """All the time that a busy machine needs."""
    with pytest.MonkeyPatch.context() as patch:
        for place, name, seconds in PATIENT:
            patch.setattr(place, name, seconds)
        yield


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product's own limits, for a test of a plugin that is too slow."""
    for place, name, seconds in OWN:
        monkeypatch.setattr(place, name, seconds)
