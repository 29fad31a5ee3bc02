"""The pages: SIP trunks and SIP phones of an account, servers of the installation."""

from __future__ import annotations

from typing import Any


def views() -> list[Any]:
    """The pages of this plugin."""
    return []
