"""Lets plugins think in a thread of their own, so that the caller's answer never waits for one.

Python cannot stop a thread that sleeps; it can stop waiting for it. A plugin that is too slow is
named and left behind, the event is thought through again without it, and what it answers later is
dropped (or, for an identification, attached).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, Protocol

from core.store.database import Store

IDLE_SECONDS = 2.0
"""A thread without work gives its database connection back after so long."""


class Thinking(Protocol):
    """What the runner watches: ``current`` is the plugin that is being asked."""

    current: str


class TooSlow(Exception):
    """The plugin ``plugin`` used up its time."""

    def __init__(self, plugin: str) -> None:
        super().__init__(plugin)
        self.plugin = plugin


class _Work:
    """One piece of work and what came of it."""

    __slots__ = ("abandoned", "done", "error", "function", "late", "value")

    def __init__(self, function: Callable[[], Any], late: Callable[[Any], None] | None) -> None:
        self.function = function
        self.late = late
        self.value: Any = None
        self.error: BaseException | None = None
        self.abandoned = False
        self.done = threading.Lock()
        self.done.acquire()


class Runner:
    """Threads for plugins to think in; one that is left behind is not waited for.

    Args:
        store: each thread has a database connection while there is work.
        seconds: how long one plugin may think about one event.
    """

    LOOKS = 4
    """How often within its time a plugin is looked at: it is too slow when all looks find it."""

    def __init__(self, store: Store, seconds: float) -> None:
        self._store = store
        self._seconds = seconds
        self._idle: deque[SimpleQueue[_Work]] = deque()

    def run(
        self,
        function: Callable[[], Any],
        watched: Thinking,
        deadline: float,
        seconds: float | None = None,
        late: Callable[[Any], None] | None = None,
    ) -> Any:
        """Run the function in another thread and wait for it.

        Args:
            function: asks plugins.
            watched: on it the function writes which plugin is being asked.
            deadline: on the monotonic clock, when waiting ends in any case.
            seconds: this piece of work's own time for one plugin.
            late: called in that thread with a value that comes too late.

        Raises:
            TooSlow: a plugin used up its time, or the deadline passed.
        """
        work = _Work(function, late)
        self._worker().put(work)
        self._wait(work, watched, deadline, seconds or self._seconds)
        if work.error is not None:
            raise work.error
        return work.value

    def _wait(self, work: _Work, watched: Thinking, deadline: float, seconds: float) -> None:
        look = seconds / self.LOOKS
        seen, looks = None, 0
        while not work.done.acquire(timeout=max(0.0, min(look, deadline - monotonic()))):
            plugin = watched.current
            looks = looks + 1 if plugin == seen else 1
            seen = plugin
            if looks >= self.LOOKS or monotonic() >= deadline:
                work.abandoned = True
                raise TooSlow(plugin)

    def _worker(self) -> SimpleQueue[_Work]:
        try:
            return self._idle.pop()
        except IndexError:
            queue: SimpleQueue[_Work] = SimpleQueue()
            threading.Thread(target=self._serve, args=(queue,), daemon=True).start()
            return queue

    def _serve(self, queue: SimpleQueue[_Work]) -> None:
        while True:
            try:
                work = queue.get(timeout=IDLE_SECONDS)
            except Empty:
                self._store.close()
                work = queue.get()
            self._do(work)
            self._idle.append(queue)
            work.done.release()
            del work

    def _do(self, work: _Work) -> None:
        try:
            self._store.open()
            work.value = work.function()
            if work.abandoned and work.late is not None:
                work.late(work.value)
        except BaseException as error:  # a plugin may raise SystemExit; the thread lives on
            work.error = error
            self._store.close()
