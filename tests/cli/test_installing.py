"""``init``, ``migrate`` and ``demo``: an empty folder becomes an installation."""

from __future__ import annotations

import pytest
from flask_security import verify_password

from core.app import create_app, installation
from core.demo import DEMO_PASSWORD
from core.store.accounts import AccountRow
from core.store.people import Membership, UserRow
from tests.support.commands import everything, lines_of

PASSWORD = "correct horse battery"


def test_init_makes_an_empty_installation_with_one_operator(run, monkeypatch):
    monkeypatch.setenv("CENTRALINO_PASSWORD", PASSWORD)
    said = run("init", "--email", "anna@rossi.example")
    assert said.status == 0, said.err
    assert lines_of(said.out)[-1] == (
        "anna@rossi.example is the operator. Start with `centralino serve` and sign in."
    )
    app = create_app()
    with app.app_context(), app.extensions["centralino"].store.connection():
        user = UserRow.get()
        assert verify_password(PASSWORD, user.password)
        assert not verify_password(DEMO_PASSWORD, user.password)
        assert [(one.user, one.account, one.role) for one in Membership.select()] == [
            (user, None, "operator")
        ]
        assert not AccountRow.select().exists()


def test_init_asks_for_what_is_missing(run, monkeypatch):
    answers = iter(["anna@rossi.example", PASSWORD, PASSWORD])
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: next(answers))
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: next(answers))
    assert run("init").status == 0
    with installation():
        assert UserRow.get().email == "anna@rossi.example"


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("anna", PASSWORD, "centralino: 'anna' is no e-mail address."),
        (
            "anna@rossi.example",
            "short",
            "centralino: The password has 5 characters; give at least 10.",
        ),
    ],
)
def test_init_refuses_in_one_line_and_prepares_nothing(
    run, home, monkeypatch, email, password, sentence
):
    monkeypatch.setenv("CENTRALINO_PASSWORD", password)
    said = run("init", "--email", email)
    assert (said.status, lines_of(said.err), said.out) == (1, [sentence], "")
    assert not (home / "data" / "centralino.db").exists()


def test_a_second_init_makes_another_operator_but_never_the_same(run, monkeypatch):
    monkeypatch.setenv("CENTRALINO_PASSWORD", PASSWORD)
    assert run("init", "--email", "anna@rossi.example").status == 0
    again = run("init", "--email", "anna@rossi.example")
    assert again.status == 1
    assert lines_of(again.err) == ["centralino: anna@rossi.example can sign in already."]
    assert run("init", "--email", "bruno@rossi.example").status == 0
    with installation():
        assert Membership.select().where(Membership.role == "operator").count() == 2


def test_migrate_prepares_once(run):
    first = run("migrate")
    assert first.status == 0, first.err
    assert lines_of(first.out)[0] == "prepared core 0001_initial"
    before = everything()
    again = run("migrate")
    assert (again.status, lines_of(again.out)) == (0, ["The database is up to date."])
    assert everything() == before


def test_every_table_is_made_by_a_migration(run):
    assert run("migrate").status == 0
    with installation() as centralino:
        from core.app import tables

        made = set(everything())
        wanted = {table._meta.table_name for table in tables(centralino.registry)}
        assert wanted <= made
        for table in tables(centralino.registry):
            list(table.select().limit(1))


def test_a_second_demo_keeps_the_data(run, demo):
    before = everything()
    said = run("demo")
    assert said.status == 0, said.err
    assert "The database has users already; its data is kept." in said.out
    assert f"Demo sign-ins (password {DEMO_PASSWORD}):" in said.out
    assert any(line.split()[0] == "operator@demo.example" for line in lines_of(said.out))
    assert everything() == before


def test_the_demo_leaves_an_own_installation_alone(run, monkeypatch):
    monkeypatch.setenv("CENTRALINO_PASSWORD", PASSWORD)
    assert run("init", "--email", "anna@rossi.example").status == 0
    before = everything()
    said = run("demo")
    assert said.status == 0
    assert "The database has users already; its data is kept." in said.out
    assert DEMO_PASSWORD not in said.out
    assert everything() == before
