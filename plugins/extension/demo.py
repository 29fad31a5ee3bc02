"""A greeting for the demo company."""

from __future__ import annotations

from typing import Any

from core import api


def greet_callers(account: api.Account, company: Any) -> None:
    """Let the first number greet its callers, who may then dial an extension."""
    values = {
        "greeting": True,
        "greeting_text": f"Welcome to {account.name}. If you know the extension, dial it now.",
        "dial_extension": True,
        "no_answer": "voicemail",
    }
    api.save_profile(company.rented[0], "extension", values=values)
