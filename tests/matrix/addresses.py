"""From a rule of the URL map to an address, with a value for each of its converters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from werkzeug.routing import Rule

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
"""Those that a rule can have on purpose."""


def fill(rule: Rule, choose: Callable[[str], Any]) -> str:
    """The address of a rule; ``choose`` gives the value for a converter, by its name."""
    parts = [quote(str(choose(text))) if dynamic else text for dynamic, text in rule._trace]
    return "".join(parts).removeprefix("|")
