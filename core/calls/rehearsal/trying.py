"""Runs a saved scenario, whatever comes of it."""

from __future__ import annotations

from datetime import datetime

from core.calls.rehearsal.run import Run, run_of
from core.calls.rehearsal.saved import scenario_json
from core.calls.simulator import Simulator
from core.contract.errors import BadInput
from core.store.scenarios import ScenarioRow


def run_scenario(simulator: Simulator, row: ScenarioRow, now: datetime) -> Run:
    """Run a scenario.

    Args:
        simulator: the live one, or one that sees what is not committed yet.
        row: with its number.
        now: the instant from which a moment such as "sunday 22:00" is counted.

    Returns:
        The run; one that could not be made, because the number has no gateway or the plan is gone,
        says so in ``problem``.
    """
    try:
        return run_of(simulator.simulate(scenario_json(row), now, row.account_id))
    except BadInput as error:
        return Run(problem=error.message)


def run_all(simulator: Simulator, rows: list[ScenarioRow], now: datetime) -> dict[int, Run]:
    """Run scenarios, all from the same instant; the runs by the scenarios' ids."""
    return {row.id: run_scenario(simulator, row, now) for row in rows}
