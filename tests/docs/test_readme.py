"""The README and the operators' page: what they promise can be done."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from core.app import installation
from core.cli import commands, main
from core.config import PROJECT
from core.store.database import Store

README = (PROJECT / "README.md").read_text()
OPERATORS = (PROJECT / "docs" / "operators.md").read_text()
PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
LARGEST_PICTURE = 200_000
VARIABLE = re.compile(r'"(CENTRALINO_\w+)"')


def test_it_opens_with_the_two_commands_and_a_picture():
    head = README.splitlines()[:14]
    assert [line.split("  ")[0] for line in head if line.startswith("make ")] == [
        "make run",
        "make test",
    ]
    (picture,) = [line for line in head if line.startswith("![")]
    path = PROJECT / re.search(r"\(([^)]+)\)", picture)[1]
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path.stat().st_size < LARGEST_PICTURE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_no_link_leads_nowhere(page):
    for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_the_commands_are_those_there_are():
    listed = re.findall(r"^\| `centralino ([a-z]+)[^`]*` \|", README, re.MULTILINE)
    assert sorted(listed) == sorted(commands.commands)
    page = (PROJECT / "docs" / "commands.md").read_text()
    listed = re.findall(r"^\| `centralino ([a-z -]+?)(?: [A-Z\[].*)?` \|", page, re.MULTILINE)
    assert sorted(listed) == sorted(words_of(commands))


def words_of(group: click.Group, *before: str) -> list[str]:
    """Every command with its groups, such as ``plans check``."""
    found = []
    for name, command in group.commands.items():
        words = (*before, name)
        inner = words_of(command, *words) if isinstance(command, click.Group) else None
        found += inner or [" ".join(words)]
    return found


def test_the_scenario_can_be_simulated(run, demo, tmp_path):
    (scenario,) = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "sunday.yaml").write_text(scenario)
    said = run("simulate", str(tmp_path / "sunday.yaml"))
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines()[-1] == "Outcome: closed"


def test_the_environment_table_names_what_is_read():
    sources = [PROJECT / "core" / "config.py", *(PROJECT / "plugins").rglob("*.py")]
    read = {name for path in sources for name in VARIABLE.findall(path.read_text())}
    rows = set(re.findall(r"^\| `(CENTRALINO_\w+)` \|", OPERATORS, re.MULTILINE))
    assert rows == read


def test_the_backup_is_a_whole_database(demo):
    line = r'^/opt/centralino/\.venv/bin/python (-c "import sqlite3.*)$'
    (command,) = re.findall(line, OPERATORS, re.MULTILINE)
    shell = ["bash", "-c", f"{sys.executable} {command}"]
    subprocess.run(shell, env=os.environ | {"CENTRALINO_DATA": str(demo)}, check=True, timeout=60)
    copy = demo / "backup.db"
    store = Store(f"sqlite:///{copy}")
    with installation() as centralino, store.connection():
        for table in ("calls", "accounts", "quota_holds"):
            count = f"SELECT count(*) FROM {table}"
            assert store.row(count) == centralino.store.row(count) != (0,)
    store.database.close_all()
    copy.unlink()


def test_the_password_of_scripts_is_the_one_the_page_names(home, monkeypatch):
    monkeypatch.setenv("CENTRALINO_PASSWORD", "short")
    with pytest.raises(SystemExit):
        main(["init", "--email", "anna@rossi.example"])
    assert "`CENTRALINO_PASSWORD`" in OPERATORS
    assert not Path(os.environ["CENTRALINO_DATA"], "centralino.db").exists()
