"""Recording for a demo company."""

from __future__ import annotations

from typing import Any

from core.api import save_profile


def record_clients(company: Any) -> None:
    """Record the calls to the numbers that clients know, after a notice."""
    for line in company.rented:
        save_profile(line, "recording", values={"record_all": True})
