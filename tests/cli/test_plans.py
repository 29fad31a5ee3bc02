"""``plans check``, ``show`` and ``schema`` of files: no database is needed, and none is made."""

from __future__ import annotations

import json

import pytest

from core.config import PROJECT
from core.plans.file.schema import schema_text
from core.registry import load
from tests.support.commands import lines_of

SHIPPED = PROJECT / "plans.yaml"

FAULTY = """\
schema: 1
plans:
  free:
    title: Free
    features:
      recordng: true
      recording.monthly_calls: -1
"""

IDLE = """\
schema: 1
plans:
  free:
    title: Free
    features:
      recording.dual_channel: true
  basic:
    title: Basic
    extends: free
    features:
      recording: true
      recording.monthly_calls: {limit: 50, warn_at: [90]}
"""


@pytest.fixture
def file(home, monkeypatch):
    """A function that writes ``plans.yaml`` in the working folder, as a CI's checkout has it."""
    monkeypatch.chdir(home)

    def write(text: str | bytes, name: str = "plans.yaml") -> str:
        content = text.encode() if isinstance(text, str) else text
        (home / name).write_bytes(content)
        return name

    yield write
    assert not (home / "data").exists()


def test_the_shipped_plan_file_has_no_faults(run, file):
    said = run("plans", "check", file(SHIPPED.read_bytes()))
    assert (said.status, said.err) == (0, "")
    assert said.out == "plans.yaml: 5 plans, no faults.\n"


def test_every_fault_of_a_bad_file_is_a_line_with_its_place(run, file):
    said = run("plans", "check", file(FAULTY))
    assert (said.status, said.out) == (1, "")
    first, second = lines_of(said.err)
    assert first == (
        'plans.yaml:6:7 plans.free.features.recordng: unknown feature, did you mean "recording"?'
    )
    assert second.startswith("plans.yaml:7:32 plans.free.features.recording.monthly_calls: ")
    assert "unlimited" in second


def test_several_files_are_all_checked(run, file):
    good, bad = file(SHIPPED.read_bytes(), "good.yaml"), file(FAULTY, "bad.yaml")
    said = run("plans", "check", bad, good)
    assert said.status == 1
    assert said.out == "good.yaml: 5 plans, no faults.\n"
    assert [line.split(":")[0] for line in lines_of(said.err)] == ["bad.yaml", "bad.yaml"]


def test_a_warning_is_no_fault(run, file):
    said = run("plans", "check", file(IDLE))
    assert (said.status, said.out) == (0, "plans.yaml: 2 plans, no faults.\n")
    (warning,) = lines_of(said.err)
    assert warning.startswith("warning: plans.yaml:6:7 plans.free.features.recording.dual_channel")


def test_check_as_json(run, file):
    said = run("plans", "check", file(FAULTY, "bad.yaml"), file(IDLE), "--json")
    assert said.status == 1
    bad, idle = json.loads(said.out)["files"]
    assert (bad["file"], bad["plans"], bad["warnings"]) == ("bad.yaml", [], [])
    first = bad["faults"][0]
    assert (first["line"], first["column"]) == (6, 7)
    assert first["path"] == "plans.free.features.recordng"
    assert first["sentence"] == 'unknown feature, did you mean "recording"?'
    assert (idle["plans"], idle["faults"]) == (["free", "basic"], [])
    assert idle["warnings"][0]["line"] == 6
    assert len(lines_of(said.err)) == 3


@pytest.mark.parametrize("content", [b"", b"\xff", b"plans: [", b"schema: 1\nplans: {}\n"])
@pytest.mark.parametrize("command", ["check", "show"])
def test_files_that_are_no_plan_files(run, file, command, content):
    said = run("plans", command, file(content))
    assert (said.status, said.out) == (1, "")
    assert lines_of(said.err)
    assert all(line.startswith("plans.yaml:") for line in lines_of(said.err))


@pytest.mark.parametrize("command", ["check", "show"])
@pytest.mark.parametrize("name", ["nowhere.yaml", "."])
def test_a_file_that_is_not_there(run, command, name):
    said = run("plans", command, name)
    assert said.status != 0
    (line,) = lines_of(said.err)
    assert line.startswith("centralino: ")
    assert name in line


def test_show_prints_the_grid(run, file):
    said = run("plans", "show", file(IDLE))
    assert said.status == 0
    _, plans, *rows = lines_of(said.out)
    assert plans.split() == ["free", "basic"]
    cells = {row.split()[0]: row.split()[1:] for row in rows}
    assert list(cells) == list(load().features)
    assert cells["recording.dual_channel"] == ["✓", "(✓)"]
    assert cells["recording.monthly_calls"] == ["–", "50"]
    assert cells["crm"] == ["–", "–"]


def test_show_as_json(run, file):
    said = run("plans", "show", file(IDLE), "--json")
    shown = json.loads(said.out)
    assert (shown["version"]["name"], shown["version"]["number"]) == ("plans.yaml", None)
    assert [one["key"] for one in shown["features"]] == list(load().features)
    free, basic = shown["plans"]
    assert (basic["key"], basic["title"], basic["extends"]) == ("basic", "Basic", "free")
    assert list(free["cells"]) == ["recording.dual_channel"]
    assert free["cells"]["recording.dual_channel"]["included"] is False
    assert basic["cells"]["recording.dual_channel"] == {
        "value": True,
        "warn_at": [80, 100],
        "says": "free",
        "inherited": True,
        "line": 6,
        "included": True,
    }
    assert basic["cells"]["recording.monthly_calls"]["warn_at"] == [90]


def test_show_prints_the_text_as_it_is(run, file):
    assert run("plans", "show", file(IDLE), "--yaml").out == IDLE


def test_the_schema_is_the_one_of_the_installed_plugins(run, file):
    said = run("plans", "schema")
    assert (said.status, said.out) == (0, schema_text(load()))
