"""Remembers what was read of an account's configuration until that configuration changes.

A call asks for menus, groups and schedules at every event; they change a few times a day. The
account's row, which every event reads anyway, carries a version that each change raises: so a
snapshot is right in every process without any message between them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakSet

from core.contract.call import Account

T = TypeVar("T")

REMEMBERED = 4000
"""How many values a snapshot function remembers in one process, unless it says otherwise."""


def snapshot(read: Callable[..., T], most: int = REMEMBERED) -> Callable[..., T]:
    """Decorate ``read(account_id, *key)``; the result takes the ``Account`` of a call and the key.

    The value must not be changed by those who get it. The tables it reads must have
    ``configures_calls = True``.

    Args:
        read: reads the database.
        most: how many values are remembered; the one read first goes first.
    """
    remembered: OrderedDict[Any, tuple[int, Any]] = OrderedDict()
    lock = Lock()

    @wraps(read)
    def current(account: Account, *key: Any) -> T:
        place = (account.id, *key) if key else account.id
        found = remembered.get(place)
        if found is not None and found[0] == account.version:
            return found[1]
        value = read(account.id, *key)
        if account.version > 0 and _unsettled.get():
            return value
        with lock:
            remembered[place] = (account.version, value)
            remembered.move_to_end(place)
            while len(remembered) > most:
                remembered.popitem(last=False)
        return value

    current.forget = remembered.clear
    _all.add(current)
    return current


_all: WeakSet[Any] = WeakSet()

_unsettled: ContextVar[bool] = ContextVar("unsettled", default=False)


@contextmanager
def unsettled() -> Iterator[None]:
    """While this thread changes configuration that may yet be rolled back, it remembers nothing of
    what it reads. What is read under a version below 0, which no account ever has, may be."""
    token = _unsettled.set(True)
    try:
        yield
    finally:
        _unsettled.reset(token)


def forget_all() -> None:
    """Drop every snapshot, when another database is opened in this process."""
    for current in _all:
        current.forget()
