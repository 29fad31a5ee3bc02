"""What a schema alone cannot see in the settings of a number (N5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core import api
from core.api import gettext


def problems(settings: Any) -> Iterable[api.Problem]:
    """What is wrong with a number's greeting."""
    if settings.greeting and not settings.greeting_text.strip():
        sentence = gettext("The greeting is on and says nothing: write its text.")
        yield api.Problem("greeting_text", sentence)
    if settings.dial_extension and not settings.greeting:
        sentence = gettext("Extensions are dialled during the greeting: switch the greeting on.")
        yield api.Problem("dial_extension", sentence)
