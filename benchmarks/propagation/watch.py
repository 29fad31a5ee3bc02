"""A partner's plugin that says by which revision the process it runs in answers."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app

from core.api import Account, Plugin, hookimpl

NAME = "watch"
ACCOUNT = Account(1, "Watched", "free", "Europe/Rome", "IT", "en", 1)

blueprint = Blueprint(NAME, __name__)


@hookimpl
def register_plugin() -> Plugin:
    """It has no feature: it is in every plan."""
    return Plugin(NAME, "Watch")


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """One route."""
    return [blueprint]


@blueprint.get(f"/{NAME}/")
def look() -> str:
    """The process, and the revision that its gate answers by."""
    return f"{os.getpid()} {revision(current_app.extensions['centralino'])}"


def revision(centralino: Any) -> int:
    """A question to the gate, as an event of a call asks it."""
    return centralino.gate.grants(ACCOUNT, datetime.now(UTC)).revision
