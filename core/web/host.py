"""How pages reach the wired application and the clock: the two things a view needs from outside.

Views are made by plugins before the application exists, so that both are looked up at request time,
here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app

KEY = "centralino"


def attach(app: Flask, centralino: Any, clock: Callable[[], datetime] | None = None) -> None:
    """Give the pages their host; ``clock`` returns an aware instant, default the machine's."""
    app.extensions[KEY] = centralino
    app.extensions[KEY + "-clock"] = clock or (lambda: datetime.now(UTC))


def host() -> Any:
    """The wired application: store, registry, book, gate, quota, engine, config."""
    return current_app.extensions[KEY]


def now() -> datetime:
    """The instant of this request, UTC."""
    return current_app.extensions[KEY + "-clock"]()
