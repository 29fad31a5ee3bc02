"""The commands, and that the examples of the documentation do what they say."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click
import pytest

from core.api import LineRow, save_profile
from core.config import PROJECT
from plugins.asterisk.commands import asterisk, serving
from plugins.asterisk.models import SLOTS, PhoneRow, ServerRow, SlotRow, TrunkRow, phone_digest
from tests.plugins.asterisk.setup.conftest import plugin_tables

PAGE = (PROJECT / "docs" / "asterisk.md").read_text()


def words_of(group, *before):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from words_of(command, *before, name)
        else:
            yield " ".join((*before, name))


def test_the_page_of_commands_has_them_all():
    page = (PROJECT / "docs" / "commands.md").read_text().partition("## Asterisk")[2]
    listed = re.findall(r"^\| `([a-z -]+?)(?: [A-Z\[].*)?` \|", page, re.MULTILINE)
    assert sorted(listed) == sorted(words_of(asterisk))


def test_the_documents_examples_work(run, tmp_path):
    (block,) = re.findall(r"<!-- tried -->\n```sh\n(.*?)```", PAGE, re.DOTALL)
    said = [run(*words(line)) for line in block.splitlines()]
    assert "Added" in said[0]
    assert "Added as trunk-" in said[1]
    password = re.search(r"Password: (\w+)", said[2])[1]
    with plugin_tables():
        row = PhoneRow.get()
        assert row.digest == phone_digest(row.employee_id, password)
        assert LineRow.get().gateway_id == TrunkRow.get().gateway_id
    assert "pjsip.conf" in run("config", "--to", str(tmp_path / "etc"))
    assert "+393331112222@trunk-" in (tmp_path / "etc/extensions.conf").read_text()
    assert "entry = " in (tmp_path / "etc/musiconhold.conf").read_text()
    assert "is as the database says" in run("config", "--to", str(tmp_path / "etc"))


def words(line):
    found = re.findall(r'"([^"]*)"|(\S+)', line.removeprefix("centralino asterisk "))
    return [one or other for one, other in found]


def test_a_number_has_its_own_music_on_hold(run, tmp_path):
    run("server", "add", "pbx", "--sip-host", "pbx.example")
    run("trunk", "add", "Officine Verdi", "T", "--host", "192.0.2.1", "--number", "+3905100146300")
    with plugin_tables():
        line = LineRow.get()
        save_profile(line, "melodies", values={"hold": "melodies:ready/waiting"})
    run("config", "--to", str(tmp_path))
    text = (tmp_path / "musiconhold.conf").read_text()
    (own,) = re.findall(rf"\[number-{line.id}\]\nmode = playlist\nentry = (.*)", text)
    (common,) = re.findall(rf"\[account-{line.account_id}\]\nmode = playlist\nentry = (.*)", text)
    assert own != common


def test_servers_are_listed_with_who_serves_them(run):
    run("server", "add", "pbx", "--sip-host", "pbx.example")
    held = {"holder": "host/7:42:ab", "until": datetime.now(UTC) + timedelta(hours=1)}
    given_back, ran_out = {}, held | {"until": datetime.now(UTC)}
    too_many = held | {"number": SLOTS + 1}
    with plugin_tables():
        for number, one in enumerate((held, given_back, ran_out, too_many), 1):
            SlotRow.create(**{"server": ServerRow.get(), "number": number} | one)
    assert run("server", "list").endswith("1 of 4 slots served  host (42)\n")


def test_what_is_not_there_is_named(run):
    assert "add one" in run("config")
    run("server", "add", "pbx", "--sip-host", "pbx.example")
    assert run("config", "--server", "x") == "There is no Asterisk server 'x'; there is pbx."
    assert "no account 'Nobody'" in run("phone", "add", "Nobody", "101")
    assert "no employee '999'" in run("phone", "add", "Officine Verdi", "999")
    assert "Several employees" in run("phone", "add", "Officine Verdi", "Anna")
    assert "no trunk 'trunk-99'" in run("trunk", "remove", "trunk-99")
    assert "has no number '+1'" in run(
        "trunk", "add", "Officine Verdi", "T", "--host", "192.0.2.1", "--number", "+1"
    )


def test_a_refused_password_makes_no_phone(run):
    given = {"CENTRALINO_ASTERISK_PASSWORD": "two words"}
    run("server", "add", "pbx", "--sip-host", "pbx.example.com")
    assert "without spaces" in run("phone", "add", "Officine Verdi", "101", **given)
    assert "No phones." in run("phone", "list")


def test_a_phone_gets_the_password_of_the_environment(run):
    run("server", "add", "pbx", "--sip-host", "pbx.example")
    given = {"CENTRALINO_ASTERISK_PASSWORD": "geheim"}
    said = run("phone", "add", "Officine Verdi", "101", **given)
    assert "geheim" not in said
    with plugin_tables():
        row = PhoneRow.get()
        assert row.digest == phone_digest(row.employee_id, "geheim")
    assert "Password: " in run("phone", "password", "Officine Verdi", "101")
    assert "has a phone already" in run("phone", "add", "Officine Verdi", "101")
    assert "employee-" in run("phone", "list")
    assert "phones (1)" in run("server", "remove", "pbx")
    run("phone", "remove", "Officine Verdi", "101")
    assert "Removed" in run("server", "remove", "pbx")


def test_check_says_that_nobody_is_there(run):
    run("server", "add", "pbx", "--sip-host", "pbx.example", "--url", "http://127.0.14.77:1")
    said = run("check")
    assert said.startswith("pbx: Asterisk cannot be reached at http://127.0.14.77:1")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("option", "typed", "sentence"),
    [
        ("--bind", "pbx.example.com", "is no address; write it like 192.0.2.10."),
        ("--local-net", "192.168.0.1/16", "is no network; write it like 192.168.0.0/16."),
        ("--rtp", "10000", "are no ports for sound; write them like 10000-20000."),
        ("--modules", "/my modules", "cannot be --modules: letters, digits and _.:@+*/,- may"),
    ],
)
def test_an_option_that_asterisk_would_not_take(run, tmp_path, option, typed, sentence):
    run("server", "add", "pbx", "--sip-host", "pbx.example")
    said = run("config", "--to", str(tmp_path / "etc"), option, typed)
    assert f"'{typed}' {sentence}" in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "etc").exists()


def test_addresses_that_change_ask_for_a_restart(run, tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "reload", lambda server: None)
    monkeypatch.setattr(serving, "is_older", lambda server, picture: True)
    run("server", "add", "pbx", "--sip-host", "pbx.example")
    config = ("config", "--to", str(tmp_path / "etc"), "--reload")
    run(*config)
    assert "Restart" not in run(*config)
    said = run(*config, "--bind", "127.0.0.1")
    assert "Restart Asterisk: it reads the addresses of pjsip.conf only as it starts." in said
