"""Lists as parameters of hand-written queries, on both databases."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.store.database import Store


def marks(values: Collection[Any]) -> str:
    """A list of placeholders: ``(?, ?)``; for an empty one a list that holds nothing."""
    return f"({', '.join('?' * len(values))})" if values else "(NULL)"


def ids_of(store: Store, ids: Iterable[int]) -> tuple[str, Any]:
    """Any number of ids as one parameter: the list for ``id IN …``, and the parameter."""
    if store.sqlite:
        return "(SELECT value FROM json_each(?))", json.dumps(list(ids))
    return "(SELECT unnest(?::bigint[]))", list(ids)
