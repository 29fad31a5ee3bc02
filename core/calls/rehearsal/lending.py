"""A runner that sees what is not committed yet: its threads borrow the connection of the change.

Plugins think in a thread of their own, as in a live call, so that one that never answers can be
left behind. The first that is too slow ends the rehearsal: its thread may still use the connection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.calls.runner import Runner, Thinking, TooSlow
from core.store.database import Store


class Stuck(Exception):
    """A plugin was too slow, or the time of the whole rehearsal is spent.

    ``plugin`` was being asked at that moment.
    """

    def __init__(self, plugin: str) -> None:
        super().__init__(plugin)
        self.plugin = plugin


class LendingRunner:
    """Runs work in the threads of a runner, on the connection of this thread.

    Args:
        store, runner: the live ones.
        seconds: how long one plugin may think about one event.
        until: on the monotonic clock, when all of it ends.
    """

    def __init__(self, store: Store, runner: Runner, seconds: float, until: float) -> None:
        self._store = store
        self._runner = runner
        self._seconds = seconds
        self._until = until

    def run(
        self,
        function: Callable[[], Any],
        watched: Thinking,
        deadline: float,
        seconds: float | None = None,
        late: Callable[[Any], None] | None = None,
    ) -> Any:
        """As ``Runner.run``; nothing that comes too late is wanted.

        Raises:
            Stuck: a plugin used up its time, or all of it is spent.
        """
        lent = self._store.lend()

        def borrowing() -> Any:
            with lent():
                return function()

        allowed = min(seconds or self._seconds, self._seconds)
        try:
            return self._runner.run(borrowing, watched, min(deadline, self._until), allowed)
        except TooSlow as slow:
            raise Stuck(slow.plugin) from None
