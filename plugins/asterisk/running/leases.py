"""Who serves which slot: a lease in the database, renewed while its process lives.

Plain functions on plain data say what to do; ``Leases`` does it. Asterisk itself is the fence: it
speaks to one connection per slot, and tells the older one that it was replaced.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from plugins.asterisk.models import ServerRow, SlotRow

LENGTH = timedelta(seconds=15)
"""After so long without renewal a slot is free: its process or its whole machine is gone."""

RENEW_SECONDS = 5
"""How often a lease is renewed."""


@dataclass(frozen=True, slots=True)
class Server:
    """An Asterisk server, as a connection needs it."""

    name: str
    url: str
    user: str
    secret: str = field(repr=False)
    slots: int = 1


@dataclass(frozen=True, slots=True)
class Lease:
    """A slot of a server, and who says that they serve it until when."""

    id: int
    server: Server
    number: int
    holder: str
    until: datetime | None

    @property
    def alive_until(self) -> datetime | None:
        """When its holder last said that they live; None: it has none."""
        return self.until - LENGTH if self.holder and self.until else None

    @property
    def app(self) -> str:
        """The name of the slot's application, in the dialplan and at Asterisk."""
        return f"centralino-{self.number}"


def is_alive(pid: int) -> bool:
    """Whether a process id of this machine is in use."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's
    return True


def new_holder() -> str:
    """A name for this process: host, process id, and a word for when ids come round again."""
    return f"{_host()}:{os.getpid()}:{secrets.token_hex(4)}"


def is_free(lease: Lease, now: datetime, me: str, alive: Callable[[int], bool] = is_alive) -> bool:
    """Whether nobody serves a slot: never taken or given back, run out, or held by a process of
    this host that is gone.

    Args:
        lease: the slot.
        now: the instant.
        me: the holder who asks; its host is this one.
        alive: whether a process id of this host is in use.
    """
    if not lease.holder or lease.until is None or lease.until <= now:
        return True
    host, _, rest = lease.holder.rpartition(":")[0].rpartition(":")
    mine = me.rpartition(":")[0].rpartition(":")[0]
    return host == mine and rest.isdecimal() and not alive(int(rest))


def choose(
    leases: Sequence[Lease], mine: Collection[int], me: str, free: Collection[int]
) -> list[Lease]:
    """The slots to take now: all that nobody serves; when there is none, one of a process that has
    at least two more than we have. So all processes come to have equally many, and stay so.

    Args:
        leases: all slots.
        mine: ids of those that we serve.
        me: as a holder.
        free: ids of those that nobody serves.
    """
    unserved = [lease for lease in leases if lease.id in free and lease.id not in mine]
    if unserved:
        return unserved
    others = [lease for lease in leases if lease.id not in free and lease.holder != me]
    count = Counter(lease.holder for lease in others)
    return [lease for lease in others if count[lease.holder] >= len(mine) + 2][-1:]


class Leases:
    """The slots in the database. Each method needs a connection of the thread's own.

    Args:
        me: this process, as a holder.
        names: of the servers to serve; none: all.
    """

    def __init__(self, me: str, names: Iterable[str] = ()) -> None:
        self.me = me
        self._names = frozenset(names)

    def look(self) -> list[Lease]:
        """All slots as they stand; those of a new server are made."""
        rows = {(row.server_id, row.number): row for row in SlotRow.select()}
        return [
            _lease(server, rows.get((server.id, number)) or _made(server, number))
            for server in ServerRow.select().order_by(ServerRow.id)
            if not self._names or server.name in self._names
            for number in range(1, server.slots + 1)
        ]

    def take(self, lease: Lease, now: datetime) -> bool:
        """Take a slot as we saw it; False when somebody was faster. Whoever had it hears so from
        Asterisk as soon as we are connected."""
        unchanged = SlotRow.until == lease.until if lease.until else SlotRow.until.is_null()
        return self._set(
            (SlotRow.id == lease.id) & (SlotRow.holder == lease.holder) & unchanged,
            self.me,
            now + LENGTH,
        )

    def renew(self, ids: Iterable[int], now: datetime) -> None:
        """Hold slots for longer, as far as they are ours still."""
        self._set(SlotRow.id.in_(list(ids)) & (SlotRow.holder == self.me), self.me, now + LENGTH)

    def release(self, ids: Iterable[int]) -> None:
        """Give slots back, for whoever comes next."""
        self._set(SlotRow.id.in_(list(ids)) & (SlotRow.holder == self.me), "", None)

    def _set(self, which: Any, holder: str, until: datetime | None) -> bool:
        return SlotRow.update(holder=holder, until=until).where(which).execute() > 0


def _made(server: ServerRow, number: int) -> SlotRow:
    SlotRow.insert(server=server, number=number).on_conflict_ignore().execute()
    return SlotRow.get(server=server, number=number)


def _lease(server: ServerRow, row: SlotRow) -> Lease:
    address = Server(server.name, server.url, server.user, server.secret, server.slots)
    return Lease(row.id, address, row.number, row.holder, row.until)


def _host() -> str:
    """This machine, and the space in which its process ids count: containers have their own."""
    try:
        space = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        space = 0
    return f"{socket.gethostname()}/{space}"
