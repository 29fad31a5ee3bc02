"""What a schema alone cannot see in the settings of a number (N5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core import api


def problems(settings: Any) -> Iterable[api.Problem]:
    """What is wrong with a number's greeting."""
    if settings.greeting and not settings.greeting_text.strip():
        yield api.Problem("greeting_text", "The greeting is on and says nothing: write its text.")
    if settings.dial_extension and not settings.greeting:
        sentence = "Extensions are dialled during the greeting: switch the greeting on."
        yield api.Problem("dial_extension", sentence)
