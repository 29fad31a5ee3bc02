"""``centralino user``: from the machine, somebody who is locked out is let in again."""

from __future__ import annotations

import shutil

import pytest
from flask_security import verify_password

from core.app import application
from core.store.people import UserRow

OPERATOR = "operator@demo.example"


@pytest.fixture
def installed(home, demo_data, monkeypatch):
    """A demo of this test's own."""
    monkeypatch.setenv("CENTRALINO_DATA", str(shutil.copytree(demo_data, home / "demo")))


def test_a_new_password(installed, run):
    told = run("user", "password", OPERATOR.upper(), "--password", "a fresh secret")
    assert told.out == f"{OPERATOR} signs in with the new password.\n"
    with application():
        assert verify_password("a fresh secret", UserRow.get(email=OPERATOR).password)


def test_a_password_that_is_too_short_changes_nothing(installed, run):
    told = run("user", "password", OPERATOR, "--password", "short")
    assert told.status != 0
    assert "at least 10 characters" in told.err
    with application():
        assert verify_password("centralino-demo", UserRow.get(email=OPERATOR).password)


def test_a_lost_second_factor_is_turned_off(installed, run):
    assert run("user", "factor-off", OPERATOR).out == f"{OPERATOR} had none.\n"
    with application():
        UserRow.update(tf_primary_method="authenticator").where(UserRow.email == OPERATOR).execute()
    told = run("user", "factor-off", OPERATOR)
    assert told.out == f"{OPERATOR} signs in with the password alone.\n"
    with application():
        assert UserRow.get(email=OPERATOR).tf_primary_method is None


@pytest.mark.parametrize("command", ["password", "factor-off"])
def test_nobody_of_that_name(installed, run, monkeypatch, command):
    monkeypatch.setenv("CENTRALINO_PASSWORD", "a fresh secret")
    told = run("user", command, "who@demo.example")
    assert told.status != 0
    assert told.err == "centralino: Nobody signs in as 'who@demo.example'.\n"
