"""``plans restore``: a refused plan file is put back, and nothing of it is lost."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import PLANS
from tests.support.commands import lines_of

pytestmark = pytest.mark.usefixtures("company")


def test_a_refused_file_is_put_back_and_kept_beside(run, plan_file):
    assert run("plans", "history").status == 0
    broken = PLANS + "nonsense: [\n"
    plan_file.write_text(broken)
    said = json.loads(run("plans", "restore", "--json").out)
    assert said["revision"] == 1
    assert plan_file.read_text() == PLANS
    kept = plan_file.parent / said["kept"].rpartition("/")[2]
    assert kept.read_text() == broken


def test_a_good_file_needs_no_restoring(run):
    said = run("plans", "restore")
    (line,) = lines_of(said.err)
    assert said.status == 1
    assert "there is nothing to put back" in line
