"""Whatever goes wrong is one line on standard error and a status that is not 0."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing

import pytest

from core.cli import commands
from core.store import database
from tests.support.commands import lines_of


def one_line(said) -> str:
    assert said.status != 0
    (line,) = lines_of(said.err)
    assert "Traceback" not in line
    return line


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["sing"], "sing"),
        (["serve", "--port", "many"], "many"),
        (["serve", "--port", "0"], "0"),
        (["serve", "--workers", "1000"], "1000"),
        (["simulate"], "SCENARIO"),
        (["plugins", "list", "--yaml"], "--yaml"),
    ],
)
def test_a_mistyped_command(run, words, word):
    line = one_line(run(*words))
    assert line.startswith("centralino: ")
    assert word in line


def test_help_lists_the_commands(run):
    said = run("--help")
    assert said.status == 0
    for command in commands.commands:
        assert f"\n  {command} " in said.out


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CENTRALINO_DATABASE", "mysql://localhost/x", "'mysql://localhost/x' is no database"),
        ("CENTRALINO_DATABASE", "mysql://me:secret@localhost/x", "'mysql://…@localhost/x' is no"),
        ("CENTRALINO_PLUGIN_SECONDS", "soon", "CENTRALINO_PLUGIN_SECONDS is 'soon'"),
        ("CENTRALINO_DATA", "/dev/null/data", "/dev/null/data: Not a directory"),
        (
            "CENTRALINO_DATABASE",
            "postgresql://nobody@127.0.0.1:1/nothing",
            "The database does not answer",
        ),
    ],
)
def test_a_wrong_environment(run, monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    said = run("migrate")
    assert said.status == 1
    assert words in one_line(said)


@pytest.mark.parametrize("words", [["serve"], ["jobs"]])
def test_an_unprepared_database_is_not_served(run, words):
    line = one_line(run(*words))
    assert line.startswith("centralino: The database is not prepared (")
    assert "Run `centralino migrate`, or `centralino init` for a new installation." in line


@pytest.mark.parametrize("words", [["demo"], ["serve"], ["jobs"]])
def test_a_missing_plan_file_at_the_first_start(run, monkeypatch, words):
    assert run("migrate").status == 0
    monkeypatch.setenv("CENTRALINO_PLANS", "/nowhere/plans.yaml")
    assert "plans.yaml:1:1" in one_line(run(*words))


def test_a_database_that_is_something_else(run, home):
    (home / "data").mkdir()
    (home / "data" / "centralino.db").write_text("a shopping list " * 100)
    line = one_line(run("migrate"))
    assert "not a database" in line


def test_a_database_that_somebody_holds(run, home, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    assert run("migrate").status == 0
    with closing(sqlite3.connect(home / "data" / "centralino.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        line = one_line(run("init", "--email", "a@b.example", "--password", "a-long-password"))
    assert line == (
        "centralino: The database is locked: another program is writing to it. Try again when it"
        " has finished."
    )


def test_a_table_that_is_missing(run):
    assert "Try `centralino migrate`" in one_line(run("asterisk", "check"))


def test_a_new_database_is_its_owners_alone(run, home):
    assert run("migrate").status == 0
    files = (home / "data").glob("centralino.db*")
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_port_that_somebody_has(run, demo):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        line = one_line(run("serve", "--port", port))
    assert line == (
        f"centralino: Nothing can listen on 127.0.0.1:{port}: Address already in use."
        " Choose another --port."
    )


def test_a_host_that_does_not_exist(run, demo):
    line = one_line(run("serve", "--host", "nowhere.invalid", "--port", "1"))
    assert line.startswith("centralino: Nothing can listen on nowhere.invalid:1: ")
