"""``kill -9`` at every step of a publish, and two who change the plans at once (plans.md §5)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from core.config import PROJECT
from core.plans.revisions.revisions import sha_of
from tests.support.postgres import new_database

pytestmark = pytest.mark.slow

REPEATS = 20
ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]

ENTERED = ("lock", "begin", "row", "row", "audit", "commit")
REMEMBERED = ("sync", "remember")

PUBLISH = (
    *(f"{when} {step}" for step in ENTERED for when in ("before", "after")),
    "before write aside",
    "before sync",
    "after sync",
    "after write aside",
    "before exchange",
    "after exchange",
    "before sync folder",
    "before sync",
    "after sync",
    "after sync folder",
    *(f"{when} {step}" for step in REMEMBERED for when in ("before", "after")),
    "before lock",
    "after lock",
)
"""All that a publish does to disk and database, in order; afterwards the process looks again."""

EDIT = tuple(f"{when} {one}" for one in (*ENTERED, *REMEMBERED) for when in ("before", "after"))
"""The same for an edit by hand that is taken."""

DEATHS = [
    pytest.param(mode, f"{place:02} {step}", id=f"{mode}-{place:02}-{step.replace(' ', '-')}")
    for mode, steps in (("publish", PUBLISH), ("edit", EDIT))
    for place, step in enumerate(steps)
]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def publishers(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., list[dict[str, Any]]]:
    """Runs the program in an empty installation; each way once for all tests."""
    cluster = request.getfixturevalue("postgres_cluster") if engine == "postgres" else None

    @cache
    def run(*words: str) -> list[dict[str, Any]]:
        folder = tmp_path_factory.mktemp(words[0])
        url = new_database(cluster) if cluster else f"sqlite:///{folder / 'plans.db'}"
        what, *more = words
        command = [sys.executable, "-W", "error", "-m", "tests.served.publishers"]
        done = subprocess.run(
            [*command, what, url, str(folder), *more],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


@pytest.mark.parametrize(("mode", "step"), DEATHS)
def test_after_a_kill_file_and_revisions_agree(publishers, mode, step):
    deaths = {one["step"]: one for one in publishers("kill", mode)}
    steps = PUBLISH if mode == "publish" else EDIT
    assert list(deaths) == [f"{place:02} {one}" for place, one in enumerate(steps)]
    death = deaths[step]
    assert death["left"] in (death["before"], death["text"])
    assert death["file_after_a_look"] == death["in_force"]
    entered = death["text"] == death["in_force"]
    committed = mode == "edit" or list(deaths).index(step) > steps.index("before commit")
    assert entered is committed
    _in_order(death)
    assert death["shas"].count(sha_of(death["text"])) == int(entered)
    assert (death["faults"], death["again"]) == ([], True)
    assert all(name.endswith(".new") for name in death["beside"])


def _in_order(found: dict[str, Any]) -> None:
    """No hole, no duplicate, one audit entry per publish, and the scheduled one still to come."""
    assert found["numbers"] == list(range(1, len(found["numbers"]) + 1))
    published = len(found["numbers"]) / 2  # each carries the scheduled one behind it
    assert found["audited"] == published + 1
    assert len(found["scheduled"]) == 1


def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told(publishers):
    races = publishers("race", "publish", str(REPEATS))
    assert len(races) == REPEATS
    for race in races:
        winner = race["said"].index("published")
        assert race["said"][1 - winner] == f"conflict with {('ada', 'bob')[winner]}"
        assert race["in_force"] == race["file_after_a_look"] == race["texts"][winner]
        assert len(race["numbers"]) == race["newest"] + 2
        assert sha_of(race["texts"][1 - winner]) not in race["shas"]
        _in_order(race)
        assert race["faults"] == []


def test_a_publish_and_an_edit_by_hand_never_overwrite_each_other(publishers):
    for race in publishers("race", "edit", str(REPEATS)):
        (ada, _), (published, edited) = race["said"], race["texts"]
        assert (sha_of(published) in race["shas"]) is (ada == "published")
        if race["faults"]:
            assert "this was edited on top of revision" in race["faults"][0]
            assert (race["in_force"], race["file_after_a_look"]) == (published, edited)
        else:
            assert race["in_force"] == race["file_after_a_look"] == edited
        assert ada in ("published", "conflict with file") or ada.startswith("refused: ")
        _in_order(race)
