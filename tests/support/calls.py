"""Calls, accounts and employees made by hand, for tests of hooks on plain data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core import api
from core.plans.decision import Decision, Reason

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
"""Friday noon in Rome."""


def make_account(**changes: Any) -> api.Account:
    """An Italian account on plan ``free``."""
    values = {
        "id": 1,
        "name": "Rossi",
        "plan": "free",
        "timezone": "Europe/Rome",
        "country": "IT",
        "language": "en",
        "version": 1,
    }
    return api.Account(**{**values, **changes})


def make_line(**changes: Any) -> api.Line:
    """The account's rented number in Rome."""
    values = {
        "id": 1,
        "number": "+390612345678",
        "name": "Main",
        "kind": api.LineKind.RENTED,
        "timezone": "Europe/Rome",
    }
    return api.Line(**{**values, **changes})


def make_employee(id: int, **changes: Any) -> api.Employee:
    """Employee ``id`` with extension 100 + id and a SIP phone, at work."""
    values = {
        "name": f"Employee {id}",
        "extension": str(100 + id),
        "sip": f"e{id}@pbx.example",
        "mobile": "",
        "other_number": "",
        "available": True,
    }
    return api.Employee(id, **{**values, **changes})


def make_call(*, plan: dict[str, Any] | None = None, **changes: Any) -> api.Call:
    """A call at noon. ``plan`` is what the plan grants, by feature: see ``decision``."""
    grants = plan or {}
    values = {
        "id": 1,
        "account": make_account(),
        "line": make_line(),
        "caller": "+393331234567",
        "called": "+390612345678",
        "started_at": NOON,
        "at": NOON,
        "ask": lambda feature: decision(feature, grants.get(feature, False)),
    }
    return api.Call(**{**values, **changes})


def decision(feature: str, grant: bool | int | str) -> Decision:
    """The gate's answer for a grant as ``plans.yaml`` writes it: true, false, 3, unlimited."""
    if grant is False:
        return Decision(feature, False, Reason.NOT_IN_PLAN)
    reason = Reason.UNLIMITED if grant == "unlimited" else Reason.OK
    return Decision(feature, True, reason, value=grant)
