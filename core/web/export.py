"""Values on their way into a spreadsheet, where a text that begins like a formula would be run."""

from __future__ import annotations

import re
from typing import Any

FORMULA = re.compile(r"^[=+\-@\t\r]")
NUMBER = re.compile(r"^\+?\d[\d ]*$|^-?\d+([.,]\d+)?$")
"""Phone numbers in E.164 and plain numbers stay as they are (B14)."""


def cell(value: Any) -> Any:
    """The value as it may stand in a CSV file."""
    if isinstance(value, str) and FORMULA.match(value) and not NUMBER.match(value):
        return "'" + value
    return value
