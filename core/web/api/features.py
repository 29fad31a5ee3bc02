"""What the account's plan gives, each decision with its explanation, for programs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from core.web.access import ask
from core.web.host import host
from core.web.member import current_member


def add(api: Blueprint) -> None:
    """Put the route on the blueprint."""
    api.get("/features")(_features)


def _features() -> dict[str, Any]:
    features = host().registry.features
    return {
        "account": current_member().account.name,
        "plan": current_member().account.plan,
        "features": {key: ask(key).as_json() for key in features},
    }
