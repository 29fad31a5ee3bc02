"""Several processes on one machine: started and ended together, started again when they die."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess

log = logging.getLogger("centralino.asterisk")

LOOK_SECONDS = 0.2
"""How often it is looked whether all are there."""

AGAIN_SECONDS = 0.5
"""How long until a process that died is started again."""

END_SECONDS = 5
"""How long a process may take to end."""


def supervise(serve: Callable[..., None], arguments: tuple, workers: int) -> None:
    """Keep so many processes running until this one is ended.

    Args:
        serve: what each of them does, a function of a module.
        arguments: of it.
        workers: how many.
    """
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    # Each begins afresh: nothing of a database connection survives a fork.
    context = multiprocessing.get_context("spawn")

    def start() -> BaseProcess:
        process = context.Process(target=serve, args=arguments)
        process.start()
        return process

    running = [start() for _ in range(workers)]
    while not ended.wait(LOOK_SECONDS):
        for place, process in enumerate(running):
            if process.exitcode is not None and not ended.wait(AGAIN_SECONDS):
                log.warning("a process ended with %s; it is started again", process.exitcode)
                running[place] = start()
    _end(running)


def _end(running: list[BaseProcess]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        process.join(END_SECONDS)
        process.kill()
