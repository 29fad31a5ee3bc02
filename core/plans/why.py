"""The text of ``centralino why ACCOUNT FEATURE``: the decision's sentence and how it came about."""

from __future__ import annotations

from datetime import datetime

from core.contract.call import Account
from core.plans.gate import NOTHING_OFF, Gate


def why(
    gate: Gate,
    account: Account,
    feature: str,
    at: datetime,
    off: frozenset[str] = NOTHING_OFF,
    revision: int | None = None,
) -> str:
    """Explain a decision: first the sentence that every door shows, then the trace.

    Args:
        gate: the gate of this installation.
        account: whose decision.
        feature: a feature key; an unknown one is explained, too.
        at: the instant it is asked for.
        off: plugins that the account or number has switched off.
        revision: the one that was in force at an earlier instant; None for the one in force.
    """
    decision = gate.ask(account, feature, at, off, revision)
    verdict = "yes" if decision.allowed else "no"
    lines = [decision.sentence, f"{feature} for {account.name}: {verdict} ({decision.reason})"]
    return "\n".join([*lines, *(f"  {one}" for one in decision.trace)])
