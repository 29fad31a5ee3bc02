"""Remembers what was read of an account's configuration until that configuration changes.

A call asks for menus, groups and schedules at every event; they change a few times a day. The
account's row, which every event reads anyway, carries a version that each change raises: so a
snapshot is right in every process without any message between them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, TypeVar

from core.contract.call import Account

T = TypeVar("T")

REMEMBERED_ACCOUNTS = 2000
"""How many accounts each snapshot function remembers in one process."""


def snapshot(read: Callable[[int], T]) -> Callable[[Account], T]:
    """Decorate a function of an account's id; the result takes the ``Account`` of a call.

    The value must not be changed by those who get it. The tables it reads must have
    ``configures_calls = True``.
    """
    remembered: OrderedDict[int, tuple[int, Any]] = OrderedDict()
    lock = Lock()

    @wraps(read)
    def current(account: Account) -> T:
        found = remembered.get(account.id)
        if found is not None and found[0] == account.version:
            return found[1]
        value = read(account.id)
        with lock:
            remembered[account.id] = (account.version, value)
            remembered.move_to_end(account.id)
            while len(remembered) > REMEMBERED_ACCOUNTS:
                remembered.popitem(last=False)
        return value

    current.forget = remembered.clear
    _all.append(current)
    return current


_all: list[Any] = []


def forget_all() -> None:
    """Drop every snapshot, when another database is opened in this process."""
    for current in _all:
        current.forget()
