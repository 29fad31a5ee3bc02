"""``centralino asterisk run``: serves until it is ended; calls go on with whoever comes next."""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import signal
import sys
from collections.abc import Sequence

from core.api import BadInput, StoreUnavailable, switchboard
from plugins.asterisk.models import ServerRow
from plugins.asterisk.running.delivery import Delivery, EngineDown
from plugins.asterisk.running.holding import Holding
from plugins.asterisk.running.leases import Leases, new_holder
from plugins.asterisk.running.workers import supervise

log = logging.getLogger("centralino.asterisk")

SWITCH_SECONDS = 0.0002
"""How long a thread that thinks may keep the one that listens waiting."""


def run(servers: Sequence[str] = (), workers: int = 1) -> None:
    """Serve until the process is ended (SIGTERM, Ctrl-C).

    Args:
        servers: names of the servers to serve; none: all.
        workers: how many processes share the work on this machine.

    Raises:
        BadInput: there is no such server, or none at all.
        StoreUnavailable: the database does not answer.
    """
    _check(servers)
    if workers > 1:
        supervise(serve, (tuple(servers),), workers)
    else:
        serve(servers)


def serve(servers: Sequence[str]) -> None:
    """Serve in this process.

    Args:
        servers: names of the servers to serve; none: all.
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("websockets").setLevel(logging.WARNING)
    sys.setswitchinterval(SWITCH_SECONDS)
    with switchboard() as board:
        gc.freeze()  # what is loaded stays: no collection need ever look at it again
        delivery = Delivery(board)
        holding = Holding(delivery, Leases(new_holder(), servers))
        asyncio.run(_until_ended(delivery, holding))


def _check(servers: Sequence[str]) -> None:
    """Whether there is something to serve."""
    with switchboard():
        known = sorted(row.name for row in ServerRow.select())
    if not known:
        raise BadInput(
            "There is no Asterisk server yet; `centralino asterisk server add` adds one."
        )
    for name in servers:
        if name not in known:
            raise BadInput(f"There is no Asterisk server “{name}”; there is {', '.join(known)}.")


async def _until_ended(delivery: Delivery, holding: Holding) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    if parent := multiprocessing.parent_process():
        loop.add_reader(parent.sentinel, ended.set)  # readable when the parent is gone
    looking = asyncio.create_task(holding.run())
    await asyncio.wait({looking, asyncio.create_task(ended.wait())}, return_when="FIRST_COMPLETED")
    log.info("ends; calls go on with the next process")
    looking.cancel()
    (fault,) = await asyncio.gather(looking, return_exceptions=True)
    try:
        await holding.stop()
    except (StoreUnavailable, EngineDown):
        log.warning("slots could not be given back; they are free when their leases run out")
    await delivery.close()
    if isinstance(fault, Exception):
        raise fault
