"""Loopback addresses of one test process: two workers, or two checkouts, never share a server.

All ports are the standard ones, because each server, provider and telephone has its own address.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

BLOCK = 64
NETS = (16, 17, 19, 20)
LOCK_PORT, SIP_PORT = 5059, 5060


class Addresses:
    """A block of addresses, given out one after the other."""

    def __init__(self, net: int, first: int) -> None:
        self._net = net
        self._free = iter(range(first + 1, first + BLOCK))

    def new(self) -> str:
        """The next free address."""
        return f"127.0.{self._net}.{next(self._free)}"


@contextmanager
def claimed() -> Iterator[Addresses]:
    """A block that nobody else has while this lasts: a socket on its first address keeps it. One
    where the Asterisk of a run that was killed still listens is left alone."""
    for net in NETS:
        for first in range(0, 256, BLOCK):
            with _socket() as lock, _socket() as server:
                try:
                    lock.bind((f"127.0.{net}.{first}", LOCK_PORT))
                    server.bind((f"127.0.{net}.{first + 1}", SIP_PORT))
                    server.close()
                except OSError:
                    continue
                yield Addresses(net, first)
                return
    raise AssertionError(f"All blocks of 127.0.x.y are in use, for x in {NETS}.")


def _socket() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
