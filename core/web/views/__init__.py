"""The pages of the core."""

from __future__ import annotations

from typing import Any

from core.web.views.home import HomeView

__all__ = ["HomeView", "core_views"]


def core_views() -> list[Any]:
    """All pages but the start page, in the order of the menu."""
    return []
