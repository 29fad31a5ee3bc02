"""``plans diff`` of files, as a biller's CI runs it: no database is needed, and none is made."""

from __future__ import annotations

import json

import pytest

from tests.support.commands import lines_of

BEFORE = """\
schema: 1
plans:
  free:
    title: Free
    features:
      recording: true
      recording.monthly_calls: 100
      ivr.max_depth: 2
  basic:
    title: Basic
    extends: free
    features:
      quality_rating: true
"""

AFTER = """\
schema: 1
plans:
  trial:
    title: Trial
    extends: free
    features:
      crm: true
  free:
    title: Free
    features:
      recording: true
      recording.monthly_calls: {limit: 50, warn_at: [90]}
      ivr.max_depth: 3
  basic:
    title: Base
    extends: free
    features:
      quality_rating: true
"""


@pytest.fixture
def files(home, monkeypatch):
    """Two files in the working folder."""
    monkeypatch.chdir(home)
    (home / "before.yaml").write_text(BEFORE)
    (home / "after.yaml").write_text(AFTER)
    yield "before.yaml", "after.yaml"
    assert not (home / "data").exists()


def test_diff_says_each_change_in_a_line(run, files):
    said = run("plans", "diff", *files)
    assert (said.status, said.err) == (0, "")
    assert [" ".join(line.split()) for line in lines_of(said.out)] == [
        "+ plan trial (Trial) extends free",
        "crm: ✓",
        "and 2 features from free",
        "~ plan basic: title Basic → Base",
        "free recording.monthly_calls 100 → 50 (warns at 90 %)",
        "basic recording.monthly_calls 100 → 50 (warns at 90 %) (inherited from free)",
        "free ivr.max_depth: says 3 now, without an effect",
    ]


def test_diff_the_other_way_round(run, files):
    said = run("plans", "diff", *reversed(files))
    lines = lines_of(said.out)
    assert lines[0] == "- plan trial (Trial)"
    assert lines[1] == "~ plan basic: title Base → Basic"


def test_what_a_plugin_takes_along_is_told_with_it(run, files, home):
    (home / "without.yaml").write_text(BEFORE.replace("recording: true", "recording: false"))
    said = run("plans", "diff", files[0], "without.yaml")
    rows = [" ".join(line.split()) for line in lines_of(said.out)]
    assert rows[:2] == [
        "free recording ✓ → –",
        "free recording.monthly_calls 100 → – (without recording)",
    ]


def test_a_plan_that_moves(run, files, home):
    first, second = BEFORE[: BEFORE.index("  basic:")], BEFORE[BEFORE.index("  basic:") :]
    head, free = first.split("plans:\n")
    (home / "moved.yaml").write_text(f"{head}plans:\n{second}{free}")
    said = run("plans", "diff", files[0], "moved.yaml")
    assert len(lines_of(said.out)) == 1
    assert "stands" in said.out


def test_another_plan_to_extend(run, files, home):
    (home / "alone.yaml").write_text(BEFORE.replace("    extends: free\n", ""))
    said = run("plans", "diff", files[0], "alone.yaml")
    assert lines_of(said.out)[0] == "~ plan basic: extends free → nothing"


def test_nothing_changes(run, files):
    said = run("plans", "diff", files[0], files[0], "--exit-code")
    assert (said.status, said.out) == (0, "Nothing changes.\n")


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_the_exit_can_say_that_something_differs(run, files, option):
    assert run("plans", "diff", *files, "--exit-code", *option).status == 1
    assert run("plans", "diff", files[0], files[0], "--exit-code", *option).status == 0


def test_diff_as_json(run, files):
    found = json.loads(run("plans", "diff", *files, "--json").out)
    assert set(found) == {"from", "to", "changes", "matrix"}
    assert [found["from"]["name"], found["to"]["name"]] == list(files)
    assert found["changes"][0] == {
        "change": "add-plan",
        "key": "trial",
        "title": "Trial",
        "extends": "free",
        "after": "",
    }
    free, basic = found["matrix"]["cells"]
    assert (free["plan"], free["feature"]) == ("free", "recording.monthly_calls")
    assert free["before"] == {"value": 100, "warn_at": [80, 100]}
    assert free["after"] == {"value": 50, "warn_at": [90]}
    assert (free["direction"], free["inherited"]) == ("lose", False)
    assert (basic["inherited"], basic["says"]) == (True, "free")
    assert [one["key"] for one in found["matrix"]["added"]] == ["trial"]


def test_a_faulty_file_is_not_compared(run, files, home):
    (home / "bad.yaml").write_text(BEFORE.replace("ivr.max_depth: 2", "ivr.max_depth: no"))
    said = run("plans", "diff", files[0], "bad.yaml")
    assert (said.status, said.out) == (1, "")
    (line,) = lines_of(said.err)
    assert line.startswith("bad.yaml:8:22 plans.free.features.ivr.max_depth: ")


def test_a_missing_file(run, files):
    said = run("plans", "diff", files[0], "nowhere.yaml")
    assert said.status == 1
    assert lines_of(said.err) == ["centralino: nowhere.yaml: No such file or directory"]
