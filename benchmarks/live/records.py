"""What is left of the calls afterwards: one record for each, and nothing in Asterisk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.live.ground import Ground
    from core.app import Centralino


def recorded(centralino: Centralino) -> int:
    """How many calls have a record with their outcome."""
    return centralino.store.row("SELECT COUNT(*) FROM calls WHERE outcome IS NOT NULL")[0]


def told(ground: Ground) -> str:
    """Calls placed to the gateway, records of them, and what Asterisk still holds, in one line."""
    placed = ground.sides.gateway.caller.placed
    rows = ground.centralino.store.rows("SELECT outcome, COUNT(*) FROM calls GROUP BY outcome")
    records = ", ".join(f"{number} {outcome or 'without an outcome'}" for outcome, number in rows)
    left = ground.asterisk.left()
    held = ", ".join(f"{len(names)} {what}" for what, names in left.items()) or "nothing"
    return f"The gateway got {placed} calls; records: {records}; left in Asterisk: {held}."
