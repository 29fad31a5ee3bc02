"""Leaves a plugin out for a while after repeated faults, so that it cannot slow every call.

Counted per process, within a minute; each opening is written with the fault, where the admin's
plugin page reads it.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

FAULTS = 3
"""So many faults …"""

WINDOW = timedelta(minutes=1)
"""… within so long …"""

PAUSE = timedelta(seconds=30)
"""… leave a plugin out for so long."""


class Breaker:
    """Remembers each plugin's latest faults."""

    def __init__(self) -> None:
        self._faults: dict[str, deque[datetime]] = {}
        self._until: dict[str, datetime] = {}

    def left_out(self, now: datetime) -> frozenset[str]:
        """The plugins that are not asked now."""
        if not self._until:
            return frozenset()
        return frozenset(name for name, until in self._until.copy().items() if now < until)

    def fault(self, plugin: str, now: datetime) -> datetime | None:
        """Count a fault; returns until when the plugin is left out from now on, or None."""
        faults = self._faults.setdefault(plugin, deque(maxlen=FAULTS))
        faults.append(now)
        if len(faults) < FAULTS or now - faults[0] > WINDOW:
            return None
        faults.clear()
        self._until[plugin] = now + PAUSE
        return self._until[plugin]
