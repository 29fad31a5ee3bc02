"""Who is told of which event: calls by the names of everything that they have at Asterisk."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from plugins.asterisk.names import things_of, token_of


class Hearer(Protocol):
    """Who is told events."""

    def take(self, event: dict[str, Any]) -> None:
        """Be told one; must not block."""


class Early:
    """Keeps what happens to a caller while the engine still thinks about their call, or writes it
    down; ``answering`` is the request that answers them, once it is sent."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.answering: asyncio.Future[Any] | None = None

    def take(self, event: dict[str, Any]) -> None:
        """Keep it for the call."""
        self.events.append(event)


class Roster:
    """The calls of a session, by the ids of channels and by tokens."""

    def __init__(self) -> None:
        self._hearers: dict[str, tuple[Hearer, ...]] = {}
        self._names: dict[Hearer, set[str]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._hearers

    def __len__(self) -> int:
        return len(self._names)

    @property
    def names(self) -> frozenset[str]:
        """All names that somebody hears of."""
        return frozenset(self._hearers)

    def at(self, name: str) -> tuple[Hearer, ...]:
        """Who hears of a name."""
        return self._hearers.get(name, ())

    def add(self, name: str, hearer: Hearer) -> None:
        """Tell somebody of everything that bears a name, too."""
        hearers = self._hearers.get(name, ())
        if hearer not in hearers:
            self._hearers[name] = (*hearers, hearer)
            self._names.setdefault(hearer, set()).add(name)

    def remove(self, hearer: Hearer) -> None:
        """Tell somebody no more."""
        for name in self._names.pop(hearer, ()):
            left = tuple(one for one in self._hearers[name] if one is not hearer)
            if left:
                self._hearers[name] = left
            else:
                del self._hearers[name]

    def tell(self, event: dict[str, Any]) -> bool:
        """Tell an event to all whom it concerns, once; False when it concerns nobody."""
        told: list[Hearer] = []
        for thing in things_of(event):
            for name in {thing, token_of(thing)}:
                for hearer in self._hearers.get(name, ()):
                    if hearer not in told:
                        told.append(hearer)
                        hearer.take(event)
        return bool(told)
