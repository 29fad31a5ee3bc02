"""Runs the saved scenarios on a change before it holds, and asks when one would come out otherwise.

The change is made in a transaction. Before it, the scenarios are run on the configuration as it is;
inside it, once more. An outcome that is another one and that nobody has agreed to rolls the change
back. Live calls see nothing of it: the runs read the uncommitted rows on the change's own
connection, under a version of the account that no other reader can ever meet, and what they might
write is rolled back.

On SQLite the transaction holds the one write lock that calls need too, so that its time is limited:
what is not run by then is said, not waited for (docs/decisions/rehearsal.md).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from time import monotonic
from typing import Any

from core.calls.rehearsal.lending import LendingRunner, Stuck
from core.calls.rehearsal.run import Difference, Run
from core.calls.rehearsal.saved import scenarios_of, scenarios_of_account
from core.calls.rehearsal.trying import run_scenario
from core.calls.simulator import Simulator
from core.contract.errors import OutcomesChanged
from core.contract.texts import N_, Phrase, phrase
from core.store.database import Store
from core.store.scenarios import ScenarioRow
from core.store.snapshot import unsettled

log = logging.getLogger(__name__)

LOCKED_SECONDS = 2.0
"""So long the scenarios may hold the transaction open; a provider waits five seconds for a call."""

BEFORE_SECONDS = 10.0
"""So long they may run on the unchanged configuration, where nobody waits for a lock."""

PLUGIN_SECONDS = 0.5
"""So long one plugin may think about one event of a rehearsal."""

MEANWHILE = 3
"""How often the runs are repeated because somebody else changed the account meanwhile."""

LEFT_OUT = {
    (True, True): N_("A saved scenario was not rehearsed: %(plugins)s took too long."),
    (True, False): N_("A saved scenario was not rehearsed: the time for it was over."),
    (False, True): N_("%(count)s saved scenarios were not rehearsed: %(plugins)s took too long."),
    (False, False): N_("%(count)s saved scenarios were not rehearsed: the time for it was over."),
}
"""By whether it is one scenario, and whether a plugin was too slow."""

_versions = count(-2, -1)
"""Numbers that no account ever has: snapshots of uncommitted rows can be taken for nothing else."""

_around: ContextVar[Change | None] = ContextVar("change", default=None)
"""The change that is being made in this thread, if any: one within another belongs to it."""


@dataclass(slots=True)
class Change:
    """A change that is being made.

    ``warnings`` say what could not be rehearsed, once the change is over. ``stuck``: a plugin that
    was left behind may still use this thread's connection.
    """

    warnings: list[Phrase] = field(default_factory=list)
    stuck: bool = False
    _undoing: list[Callable[[], Any]] = field(default_factory=list)

    def undo(self, function: Callable[[], Any]) -> None:
        """Call this if the change does not come to hold; the last one first."""
        self._undoing.append(function)

    def roll_back(self) -> None:
        """Do what was asked for by ``undo``."""
        while self._undoing:
            self._undoing.pop()()

    def left_out(self, scenarios: int, slow: list[str]) -> None:
        """Say that so many scenarios were not rehearsed, and which plugins were too slow."""
        if scenarios:
            text = LEFT_OUT[scenarios == 1, bool(slow)]
            self.warnings.append(phrase(text, count=scenarios, plugins=", ".join(slow)))


@dataclass(slots=True)
class _Baseline:
    """The runs on the configuration as it is, by scenario. ``version``: the account's before the
    change; ``rows``: all scenarios that the change can concern."""

    version: int | None
    rows: list[ScenarioRow]
    runs: dict[int, Run]


@dataclass(slots=True)
class Rehearsal:
    """Makes changes of accounts' configuration, each rehearsed.

    Args:
        store: where the configuration is.
        simulator: the live one.
    """

    store: Store
    simulator: Simulator

    @contextmanager
    def around(
        self,
        account_id: int,
        now: datetime,
        lines: Iterable[Any] | None = None,
        agrees: Callable[[list[Difference]], bool] = lambda differences: False,
    ) -> Iterator[Change]:
        """Make a change of an account's configuration in one transaction.

        Args:
            account_id: whose.
            now: the instant of both runs.
            lines: the numbers that the change can concern; None: all of the account.
            agrees: whether these differences may be; asked only when there are any.

        Raises:
            OutcomesChanged: they may not; nothing of the change holds.
        """
        if (outer := _around.get()) is not None:
            with self.store.transaction():
                yield outer
            return
        change = Change()
        entered = _around.set(change)
        try:
            with ExitStack() as stack:
                trial = self._begin(stack, account_id, lines, now, change)
                with unsettled():
                    yield change
                differences = self._differences(account_id, trial, now, change)
                if differences and not agrees(differences):
                    raise OutcomesChanged(differences)
        except BaseException:
            change.roll_back()
            raise
        finally:
            _around.reset(entered)
            if change.stuck:
                self.store.renew()

    def _begin(
        self,
        stack: ExitStack,
        account_id: int,
        lines: Iterable[Any] | None,
        now: datetime,
        change: Change,
    ) -> _Baseline:
        """Run what is concerned, then open the transaction; again, if somebody else changed the
        account in between."""
        found = scenarios_of_account(account_id) if lines is None else scenarios_of(lines)
        for last in (False,) * (MEANWHILE - 1) + (True,):
            version = self._version(account_id) if found else 0
            runs = self._runs_before(found, now, change)
            with ExitStack() as attempt:
                attempt.enter_context(self.store.transaction())
                if found:
                    self._lock(account_id)
                locked = self._version(account_id) if found else 0
                if locked == version or last:
                    stack.push(attempt.pop_all())
                    return _Baseline(locked, found, runs)
        raise AssertionError("the last attempt always begins")

    def _runs_before(
        self, found: list[ScenarioRow], now: datetime, change: Change
    ) -> dict[int, Run]:
        runs: dict[int, Run] = {}
        until = monotonic() + BEFORE_SECONDS
        slow: set[str] = set()
        for row in found:
            if monotonic() > until:
                break
            run = run_scenario(self.simulator, row, now)
            slow.update(run.slow)
            if not run.slow:
                runs[row.id] = run
        change.left_out(len(found) - len(runs), sorted(slow))
        return runs

    def _differences(
        self, account_id: int, before: _Baseline, now: datetime, change: Change
    ) -> list[Difference]:
        """What comes out differently now; nothing, if no configuration of calls was changed."""
        if not before.runs or self._version(account_id) in (before.version, None):
            return []
        after = self._runs_after(account_id, before, now, change)
        both = [row for row in before.rows if row.id in after]
        pairs = [Difference(row, before.runs[row.id], after[row.id]) for row in both]
        return [one for one in pairs if one.before.essence != one.after.essence]

    def _runs_after(
        self, account_id: int, before: _Baseline, now: datetime, change: Change
    ) -> dict[int, Run]:
        until = monotonic() + LOCKED_SECONDS
        runner = LendingRunner(self.store, self.simulator.runner, PLUGIN_SECONDS, until)
        simulator = replace(self.simulator, runner=runner)
        version = next(_versions)
        kept = {row.id for row in ScenarioRow.of(account_id).select(ScenarioRow.id)}
        wanted = [row for row in before.rows if row.id in before.runs and row.id in kept]
        runs: dict[int, Run] = {}
        slow: list[str] = []
        for row in wanted:
            if monotonic() > until:
                break
            try:
                runs[row.id] = self._try(simulator, row, version, now)
            except Stuck as stuck:
                change.stuck, slow = True, [stuck.plugin] if stuck.plugin else []
                break
            except Exception:
                log.exception("The scenario %r could not be rehearsed", row.name)
        change.left_out(len(wanted) - len(runs), slow)
        return runs

    def _try(self, simulator: Simulator, row: ScenarioRow, version: int, now: datetime) -> Run:
        """Run a scenario on the uncommitted rows, and take back all that might be written."""
        with self.store.database.savepoint() as point:
            try:
                self.store.execute(
                    "UPDATE accounts SET version = ? WHERE id = ?", (version, row.account_id)
                )
                return run_scenario(simulator, row, now)
            finally:
                point.rollback()

    def _version(self, account_id: int) -> int | None:
        """The account's version; None when it is gone."""
        found = self.store.row("SELECT version FROM accounts WHERE id = ?", (account_id,))
        return found[0] if found else None

    def _lock(self, account_id: int) -> None:
        """Nobody else changes the account until the end; SQLite's transaction has that already."""
        if not self.store.sqlite:
            self.store.row("SELECT id FROM accounts WHERE id = ? FOR NO KEY UPDATE", (account_id,))
