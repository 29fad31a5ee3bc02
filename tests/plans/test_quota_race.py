"""Exactly one hundred: never 101 at any moment, 100 once settled, with processes killed (§6)."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from core.config import PROJECT
from tests.plans.race import KILLED_FROM_OUTSIDE, LIMIT

REPEATS = 20


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_exactly_one_hundred_with_any_number_of_processes_duplicates_and_crashes(engine, request):
    url = request.getfixturevalue(f"{engine}_url")
    command = [sys.executable, "-W", "error", "-m", "tests.plans.race", url, str(REPEATS)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    repeats = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(repeats) == REPEATS
    for race in repeats:
        assert race["failed"] == 0, done.stderr
        assert race["wrong_samples"] == [], race
        assert race["samples"] > 20, race
        assert race["most_at_any_moment"] == LIMIT, race
        assert race["final"] == [LIMIT, 0, LIMIT, 0], race
        assert race["warnings"] == [[80, 1], [100, 1]], race
    assert sum(race["killed"] for race in repeats) >= REPEATS * KILLED_FROM_OUTSIDE // 2
    assert sum(race["left_by_the_dead"] for race in repeats) > 0
    assert sum(race["granted_later"] for race in repeats) > 0
