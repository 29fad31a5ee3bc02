"""Ports for servers that a test starts as a process of their own, which need a number beforehand.

A number that the system gives is free at that moment only: until the server listens, any connection
of the machine may leave from it.
"""

from __future__ import annotations

import random
import socket

PORTS = range(20_000, 32_000)
"""Below those that connections leave from."""


def claim() -> socket.socket:
    """A free TCP port that no other test takes while this socket, on the UDP port of the same
    number, is open; ``port_of`` says which."""
    for port in random.sample(PORTS, len(PORTS)):
        claimed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            claimed.bind(("127.0.0.1", port))
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            claimed.close()
            continue
        return claimed
    raise AssertionError(f"All ports from {PORTS[0]} to {PORTS[-1]} are taken.")


def port_of(claimed: socket.socket) -> int:
    """The number that was claimed."""
    return claimed.getsockname()[1]
