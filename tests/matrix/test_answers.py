"""Plan × feature at the doors that only answer: all say the same, and what the plan file says.

The doors: the gate as a call asks it, the gate as pages ask it, the API, and the command ``why``.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.cli import main
from tests.matrix.conftest import Matrix
from tests.matrix.plan_file import FEATURES, PLANS, granted, reason


@pytest.fixture(scope="module")
def told(matrix: Matrix) -> dict[str, dict[str, Any]]:
    """The decisions of the API, by plan and feature."""
    found = {}
    for plan, column in matrix.columns.items():
        answer = column.browser.get("/api/features").json
        assert answer["plan"] == plan
        found[plan] = answer["features"]
    return found


@pytest.fixture
def why(matrix, monkeypatch, capsys):
    """The command, on the same database."""
    config = matrix.site.kit.app.config
    monkeypatch.setenv("CENTRALINO_DATA", str(config.data))
    monkeypatch.setenv("CENTRALINO_DATABASE", config.database)
    monkeypatch.setenv("CENTRALINO_PLANS", str(config.plans))

    def ask(*words: str) -> str:
        with pytest.raises(SystemExit) as exited:
            main(["why", *words])
        said = capsys.readouterr()
        assert not exited.value.code, said.err
        return said.out

    yield ask
    matrix.site.resume()


@pytest.mark.parametrize("plan", PLANS)
def test_the_api_answers_for_every_feature(told, plan):
    assert set(told[plan]) == set(FEATURES)


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("plan", PLANS)
def test_all_doors_agree(matrix, told, why, plan, feature):
    account = matrix.columns[plan].company.account.picture()
    gate, now = matrix.site.kit.app.gate, matrix.site.kit.clock()
    asked = gate.ask(account, feature, now).as_json()
    called = gate.grants(account, now).ask(feature).as_json()
    at = now.astimezone(account.zone).strftime("%Y-%m-%dT%H:%M")
    said = json.loads(why(account.name, feature, "--json", "--at", at))

    assert told[plan][feature] == asked
    assert said == asked
    for decision in (asked, called):
        assert decision["allowed"] is granted(plan, feature)
        assert decision["reason"] == reason(plan, feature)


@pytest.mark.parametrize("plan", PLANS)
def test_why_in_words_says_the_sentence_of_all_doors(matrix, told, why, plan):
    feature = next((one for one in FEATURES if not granted(plan, one)), FEATURES[0])
    lines = why(matrix.columns[plan].company.account.name, feature).splitlines()
    decision = told[plan][feature]
    assert lines[0] == decision["sentence"]
    assert decision["reason"] in lines[1]
