"""The jobs process: everything slow or repeated, apart from the calls.

What waits to be done is rows of the database, written in the transaction that made it necessary; a
queue of its own would be a second truth that ``kill -9`` could lose (docs/decisions/jobs.md).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from core.contract.plugin import Job
from core.store.database import Store

log = logging.getLogger("centralino.jobs")

LOOK_SECONDS = 0.5
"""How often the process looks for due jobs."""


class Jobs:
    """Runs jobs when they are due.

    Args:
        store: each round has a connection.
        jobs: of the core and of plugins; a failing one is logged and runs again at its next turn.
    """

    def __init__(self, store: Store, jobs: Iterable[Job]) -> None:
        self._store = store
        self._jobs = list(jobs)
        self._due: dict[str, datetime] = {}

    def run_due(self, now: datetime) -> None:
        """Run every job whose turn has come by ``now``."""
        for job in self._jobs:
            if now < self._due.get(job.name, now):
                continue
            self._due[job.name] = now + timedelta(seconds=job.seconds)
            try:
                with self._store.connection():
                    job.run(now)
            except (Exception, SystemExit):  # a partner's job may want to end the process
                log.exception("job %s failed; it runs again in %s s", job.name, job.seconds)

    def serve(self, stopped: Callable[[], bool]) -> None:
        """Run jobs until told to stop."""
        while not stopped():
            self.run_due(datetime.now(UTC))
            time.sleep(LOOK_SECONDS)
