"""Lists in hand-written queries, on both databases."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.store.database import Store


def marks(values: Collection[Any]) -> str:
    """A list of placeholders: ``(?, ?)``; for an empty one a list that holds nothing."""
    return f"({', '.join('?' * len(values))})" if values else "(NULL)"


def is_one_of(store: Store, column: str, ids: Iterable[int]) -> tuple[str, Any]:
    """The condition that a column is one of any number of ids, with its one parameter."""
    if store.sqlite:
        return f"{column} IN (SELECT value FROM json_each(?))", json.dumps(list(ids))
    return f"{column} = ANY(?::bigint[])", list(ids)
