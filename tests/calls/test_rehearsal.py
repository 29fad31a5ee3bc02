"""The rehearsal: scenarios are run on a change before it holds, and nobody else sees it meanwhile."""

from __future__ import annotations

import threading
import time

import pytest

from core.api import Hangup, Outcome, Plugin, Ring, Say, Sip, Stage, hookimpl, snapshot
from core.calls.rehearsal import rehearsing
from core.calls.rehearsal.saved import save_scenario
from core.contract.errors import BadInput, OutcomesChanged
from core.contract.events import CallArrived
from core.store.database import Store
from core.store.lines import LineProfile, LineRow
from core.store.people import EmployeeRow
from core.store.scenarios import ScenarioRow

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@snapshot
def phones(account_id: int) -> tuple[str, ...]:
    """What a call reads: the addresses of the account's employees."""
    rows = EmployeeRow.of(account_id).order_by(EmployeeRow.id)
    return tuple(row.sip for row in rows if row.available)


class Front:
    """Rings the first employee who is available; ``before`` is called first, as a slow lookup."""

    def __init__(self) -> None:
        self.before = lambda call: None

    @hookimpl
    def register_plugin(self) -> Plugin:
        return Plugin("front", "Front", stages=(Stage("front", "Front", 10),), on_by_default=True)

    @hookimpl
    def route_call(self, call):
        self.before(call)
        found = phones(call.account)
        if not found:
            return Hangup((Say("Nobody is here."),), outcome=Outcome.CLOSED)
        return Ring((Sip(found[0]),), 20)


@pytest.fixture(params=DATABASES)
def database(request):
    """Both databases in turn."""
    return request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""


@pytest.fixture
def front():
    return Front()


@pytest.fixture
def company(install, database, front):
    """A number that Anna answers, with a scenario that says so."""
    company = install(database=database, front=front).company("full")
    company.anna = company.employee("101", name="Anna", sip="anna@pbx.example")
    save_scenario(company.line, {"name": "By day", "call": {"at": "today 10:00"}})
    return company


def rehearsed(company, agrees=lambda differences: False, lines=None):
    kit = company.kit
    return kit.app.rehearsal().around(company.account.id, kit.clock(), lines, agrees)


def change_phone(company, sip="berta@pbx.example"):
    company.anna.sip = sip
    company.anna.save()


def stored_phone(company):
    return EmployeeRow.get_by_id(company.anna.id).sip


def version(company):
    return company.kit.app.store.row(
        "SELECT version FROM accounts WHERE id = ?", (company.account.id,)
    )[0]


def rung(company):
    """Who is rung by a live call of now, in a thread of its own, as a webhook is."""
    found = []

    def call():
        with company.kit.app.store.connection():
            found.append(company.call(f"+39333{len(found):07}{time.monotonic_ns() % 100}").rings)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(20)
    return found[0]


def test_a_changed_outcome_is_refused_and_rolls_the_change_back(company):
    before = version(company)
    with pytest.raises(OutcomesChanged) as refused, rehearsed(company):
        change_phone(company)
    (difference,) = refused.value.differences
    assert difference.scenario.name == "By day"
    assert difference.before.steps[0]["rings"] == ["sip:anna@pbx.example"]
    assert difference.after.steps[0]["rings"] == ["sip:berta@pbx.example"]
    assert stored_phone(company) == "anna@pbx.example"
    assert version(company) == before
    assert rung(company) == ["sip:anna@pbx.example"]


def test_an_agreed_change_holds_and_raises_the_version_as_any_other(company):
    before = version(company)
    with rehearsed(company, agrees=lambda differences: True):
        change_phone(company)
    assert stored_phone(company) == "berta@pbx.example"
    assert version(company) == before + 1
    assert rung(company) == ["sip:berta@pbx.example"]
