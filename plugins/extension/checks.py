"""What a schema alone cannot see in the settings of a number (N5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core import api
from core.api import gettext


def problems(settings: Any) -> Iterable[api.Problem]:
    """What is wrong with a number's greeting."""
    if settings.dial_extension and not settings.greeting:
        sentence = gettext("Extensions are dialled during the greeting: switch the greeting on.")
        yield api.Problem("dial_extension", sentence)
