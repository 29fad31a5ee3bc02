"""Runs a scripted caller through the live engine and leaves the database unchanged (S3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.calls.engine import Engine
from core.calls.memory import MemoryJournal, MemoryLedger
from core.calls.runner import Runner
from core.calls.scenario import read_scenario
from core.calls.script import Script
from core.calls.thinking import Thinker
from core.contract.errors import BadInput
from core.contract.texts import N_, phrase
from core.plans.gate import Gate
from core.plans.quota.units import Quota
from core.registry import Registry
from core.store.accounts import AccountRow
from core.store.lines import LineRow


@dataclass(slots=True)
class Simulator:
    """Makes dry runs.

    Args:
        registry, gate, engine, runner, quota: the live ones.
        answer_seconds: how long plugins may think about one event.
    """

    registry: Registry
    gate: Gate
    engine: Engine
    runner: Runner
    quota: Quota
    answer_seconds: float

    def simulate(self, data: Any, now: datetime, account_id: int | None = None) -> dict[str, Any]:
        """Run a scenario.

        Args:
            data: see ``core.calls.scenario.read_scenario``.
            now: the instant of a scenario that names no time, and from which one such as "sunday
                22:00" is counted.
            account_id: only this account's numbers may be called; None: all (the operator).

        Returns:
            ``outcome``, where it ``ends`` (a destination's text, "" for nowhere), ``steps``,
            ``trace``, ``usage`` and ``faults`` ([plugin, sentence]), plain JSON.

        Raises:
            BadInput: the scenario is faulty, or names a plan or a number that does not exist.
        """
        scenario = read_scenario(data)
        line = self._line(scenario["call"]["to"], account_id)
        plan = scenario["call"]["plan"]
        if plan:
            self._check_plan(plan)
        journal = MemoryJournal(self.engine.journal, plan)
        ledger = MemoryLedger(self.quota)
        thinker = Thinker(self.registry, self.gate, journal, self.runner)
        engine = Engine(journal, ledger, thinker, self.answer_seconds)
        script = Script(engine, journal, scenario, line, now)
        return script.play() | {"usage": dict(+ledger.used)}

    def _check_plan(self, plan: str) -> None:
        plans = self.gate.book.settled().document.plans
        if plan not in plans:
            known = ", ".join(plans)
            words = N_("There is no plan “%(plan)s”; there are %(known)s.")
            raise BadInput(phrase(words, plan=plan, known=known), fields={"plan": plan})

    def _line(self, number: str, account_id: int | None) -> LineRow:
        query = LineRow.select(LineRow, AccountRow).join(AccountRow, on=LineRow.account)
        line = query.where(LineRow.number == number).first()
        if line is None or account_id not in (None, line.account_id):
            raise BadInput(f"{number!r} is no number here.", fields={"to": number})
        return line
