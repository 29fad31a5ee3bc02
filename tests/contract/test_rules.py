"""The rules of the house, checked by a machine: floors, the partners' door, documented hooks."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import core.api
from core.contract import hookspecs
from core.registry import GROUP

PROJECT = Path(__file__).resolve().parents[2]
CORE = sorted((PROJECT / "core").rglob("*.py"))
PLUGIN_NAMES = {
    folder.name for folder in (PROJECT / "plugins").iterdir() if (folder / "plugin.py").exists()
}
CALL_HOOKS = 12


MODULE = re.compile(rf"plugins\.({'|'.join(PLUGIN_NAMES)})\b")

COMMON_WORDS = {"recording", "voicemail", "extension", "queue", "forward", "melodies"}
"""Plugins named after things that the core has, too: a call's recording, an employee's extension;
as words of the vocabulary they stand in the core."""


ALLOWED = {"testing.py": {"professional", "basic"}}
"""The test kit's default plan is one of the default matrix."""


def hooks():
    """Every hook specification by name."""
    return {
        name: function
        for name, function in vars(hookspecs).items()
        if inspect.isfunction(function) and hasattr(function, "centralino_spec")
    }


def test_imports_only_go_down_and_plugins_use_the_partners_door():
    """In a process of its own: import-linter silences the loggers of the one it runs in."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(PROJECT)))
def test_core_names_no_plugin_not_even_in_a_string(path):
    tree = ast.parse(path.read_text())
    named = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and (node.value in PLUGIN_NAMES - COMMON_WORDS or MODULE.match(node.value))
    ]
    assert not named


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_plan_name_stands_in_the_code(path):
    plans = {"free", "basic", "standard", "professional", "enterprise"}
    strings = {
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not plans & strings - ALLOWED.get(path.name, set())


def test_the_partners_door_is_one_exact_sorted_list():
    public = {
        name
        for name, value in vars(core.api).items()
        if not name.startswith("_") and not inspect.ismodule(value) and name != "annotations"
    }
    assert core.api.__all__ == sorted(core.api.__all__)
    assert set(core.api.__all__) == public


@pytest.mark.parametrize("name", hooks())
def test_every_hook_is_documented(name):
    function = hooks()[name]
    said = inspect.getdoc(function)
    assert "When:" in said
    assert "None:" in said or "notice" in said.lower()
    arguments = ", ".join(inspect.signature(function).parameters)
    page = (PROJECT / "docs" / "hooks.md").read_text()
    assert f"### `{name}({arguments})`" in page


def test_the_page_of_hooks_lists_no_other():
    page = (PROJECT / "docs" / "hooks.md").read_text()
    assert re.findall(r"^### `(\w+)\(", page, re.MULTILINE) == list(hooks())


@pytest.mark.parametrize("name", hooks())
def test_every_hook_has_a_test(name):
    tests = "\n".join(path.read_text() for path in (PROJECT / "tests").rglob("test_*.py"))
    assert re.search(rf"def test_hook_{name}\b", tests)


def test_there_are_at_most_a_dozen_hooks_on_the_path_of_a_call():
    on_a_call = [
        name
        for name, function in hooks().items()
        if "call" in inspect.signature(function).parameters
    ]
    assert len(on_a_call) <= CALL_HOOKS


def test_the_built_ins_come_in_by_entry_points():
    text = (PROJECT / "pyproject.toml").read_text()
    section = text.split(f'[project.entry-points."{GROUP}"]')[1].split("\n[")[0]
    named = set(re.findall(r"^(\w+) = ", section, re.MULTILINE))
    assert named == PLUGIN_NAMES


def test_every_file_says_why_it_exists():
    silent = [
        str(path.relative_to(PROJECT))
        for folder in ("core", "plugins", "tests", "benchmarks")
        for path in (PROJECT / folder).rglob("*.py")
        if "migrations" not in path.parts
        and path.read_text().strip()
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent
