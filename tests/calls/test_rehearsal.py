"""The rehearsal: scenarios are run on a change before it holds; nobody else sees it meanwhile."""

from __future__ import annotations

import threading
import time
from itertools import count

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.api import Hangup, Outcome, Plugin, Ring, Say, Sip, Stage, hookimpl, snapshot
from core.app import tables
from core.calls.rehearsal import rehearsing
from core.calls.rehearsal.run import Run
from core.calls.rehearsal.saved import save_scenario
from core.contract.errors import OutcomesChanged
from core.contract.events import CallArrived
from core.store.lines import LineRow
from core.store.people import EmployeeRow
from core.store.scenarios import ScenarioRow
from core.store.snapshot import forget_all

callers = count(1)

HANGS_SECONDS = 30
"""So long a plugin hangs; whoever waited for it would take as long."""

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@snapshot
def phones(account_id: int) -> tuple[str, ...]:
    """What a call reads: the addresses of the account's employees."""
    rows = EmployeeRow.of(account_id).order_by(EmployeeRow.id)
    return tuple(row.sip for row in rows if row.available)


class Front:
    """Rings the first employee who is available; ``before`` is told first, as a lookup
    that may be slow."""

    def __init__(self) -> None:
        self.before = lambda found: None

    @hookimpl
    def register_plugin(self) -> Plugin:
        return Plugin("front", "Front", stages=(Stage("front", "Front", 10),), on_by_default=True)

    @hookimpl
    def route_call(self, call):
        found = phones(call.account)
        self.before(found)
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
            found.append(company.call(f"+39333{next(callers):07}").rings)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(20)
    return found[0]


def counts(kit):
    """How many rows each table has, and what stands in the accounts."""
    store = kit.app.store
    names = [one._meta.table_name for one in tables(kit.app.registry)]
    found = {name: store.row(f'SELECT count(*) FROM "{name}"')[0] for name in names}
    return found, store.rows("SELECT * FROM accounts ORDER BY id")


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


def test_a_change_that_changes_no_outcome_holds_unasked(company):
    with rehearsed(company):
        company.anna.mobile = "+393331234567"
        company.anna.save()
    assert EmployeeRow.get_by_id(company.anna.id).mobile == "+393331234567"


def test_a_fault_of_the_change_itself_rolls_back_as_ever(company):
    company.anna.sip, company.anna.account = "berta@pbx.example", 999
    with pytest.raises(peewee.IntegrityError), rehearsed(company):
        company.anna.save()
    assert stored_phone(company) == "anna@pbx.example"


def test_what_is_no_row_is_undone_when_the_change_is_refused(company):
    undone = []

    def change_both(change):
        change.undo(lambda: undone.append("the first"))
        change.undo(lambda: undone.append("the second"))
        change_phone(company)

    with pytest.raises(OutcomesChanged), rehearsed(company) as change:
        change_both(change)
    assert undone == ["the second", "the first"]
    with rehearsed(company, agrees=lambda differences: True) as change:
        change.undo(lambda: undone.append("never"))
        change_phone(company)
    assert "never" not in undone


def test_one_change_inside_another_is_part_of_it(company):
    def change_twice():
        with rehearsed(company):
            change_phone(company)
        with rehearsed(company):
            change_phone(company, "carla@pbx.example")

    with pytest.raises(OutcomesChanged) as refused, rehearsed(company):
        change_twice()
    (difference,) = refused.value.differences
    assert difference.after.steps[0]["rings"] == ["sip:carla@pbx.example"]
    assert stored_phone(company) == "anna@pbx.example"


def test_only_the_scenarios_of_the_numbers_concerned_are_run(company):
    other = LineRow.create(account=company.account, gateway=company.gateway, number="+390612345600")
    with rehearsed(company, lines=[other]):
        change_phone(company)
    assert stored_phone(company) == "berta@pbx.example"


def test_a_scenario_of_a_number_that_is_deleted_does_not_ask(company):
    with rehearsed(company):
        LineRow.get_by_id(company.line.id).delete_instance()
    assert ScenarioRow.select().count() == 0


def test_a_number_that_loses_its_gateway_comes_out_otherwise(company):
    company.line.gateway = None
    with pytest.raises(OutcomesChanged) as refused, rehearsed(company):
        company.line.save()
    (difference,) = refused.value.differences
    assert "has no gateway yet" in difference.after.problem


def test_nothing_is_left_behind_by_runs_and_refused_changes(company):
    kit = company.kit
    kit.app.book.settled()  # enters the plan file, the first time it is looked at
    before = counts(kit)
    row = ScenarioRow.get()
    kit.app.simulator().simulate({"call": {"to": company.line.number}}, kit.clock())
    rehearsing.run_scenario(kit.app.simulator(), row, kit.clock())
    with pytest.raises(OutcomesChanged), rehearsed(company):
        change_phone(company)
    assert counts(kit) == before


def test_what_a_plugin_writes_during_a_rehearsal_does_not_stay(company, front):
    def writes(found):
        if found == ("berta@pbx.example",):
            EmployeeRow.create(account=company.account, name="A mistake", extension="999")

    front.before = writes
    with rehearsed(company, agrees=lambda differences: True):
        change_phone(company)
    assert EmployeeRow.select().where(EmployeeRow.name == "A mistake").count() == 0
    assert stored_phone(company) == "berta@pbx.example"


# --- Live calls meanwhile ---------------------------------------------------------------------


def test_a_live_call_during_a_rehearsal_sees_only_what_is_committed(company, front):
    """Also in this process, whose snapshots the rehearsal fills with what is not committed."""
    seen, agreed = [], threading.Event()

    def looks(found):
        if found == ("berta@pbx.example",) and not agreed.is_set():
            agreed.set()
            seen.extend(read_live(company) for _ in range(3))

    front.before = looks
    with rehearsed(company, agrees=lambda differences: True):
        change_phone(company)
        seen.append(read_live(company))
    assert agreed.is_set()
    assert seen == [("anna@pbx.example",)] * 4
    assert read_live(company) == ("berta@pbx.example",)


def read_live(company):
    """What an event of a live call would be routed by now, read as the engine reads it."""
    found = []

    def read():
        kit = company.kit
        with kit.app.store.connection():
            event = arrival(company.gateway.id, company.line.number, kit.clock())
            arrived = kit.app.journal.find(event)
            found.append(phones(arrived.account))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join(20)
    return found[0]


def arrival(gateway, number, at):
    return CallArrived(gateway, f"live-{time.monotonic_ns()}", number, "+393331234567", at)


def test_what_the_change_itself_reads_is_not_remembered(company):
    """Rows that were written are read under the account's old version, and then rolled back."""
    picture = company.account.picture()
    forget_all()

    def change_and_read():
        change_phone(company)
        assert phones(picture) == ("berta@pbx.example",)

    with pytest.raises(OutcomesChanged), rehearsed(company):
        change_and_read()
    assert phones(picture) == ("anna@pbx.example",)


def test_somebody_elses_change_between_the_runs_is_not_taken_for_this_one(company, monkeypatch):
    before = iter([True, False])
    runs = rehearsing.Rehearsal._runs_before

    def run_before(self, found, now, change):
        done = runs(self, found, now, change)
        if next(before, False):
            elsewhere(company, lambda: change_phone(company, "daria@pbx.example"))
        return done

    monkeypatch.setattr(rehearsing.Rehearsal, "_runs_before", run_before)
    with rehearsed(company):
        company.line.name = "Renamed"
        company.line.save()
    assert LineRow.get_by_id(company.line.id).name == "Renamed"


def elsewhere(company, work):
    """Do something in another thread, with its own connection."""

    def run():
        with company.kit.app.store.connection():
            work()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)


ADDRESSES = ("anna@pbx.example", "berta@pbx.example", "carla@pbx.example", "")
CHANGES = st.lists(
    st.tuples(st.sampled_from(ADDRESSES), st.booleans(), st.booleans()), min_size=1, max_size=6
)
FEW = settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FEW
@given(changes=CHANGES)
def test_after_any_changes_a_live_call_is_routed_as_in_a_fresh_process(company, changes):
    """Changes that are refused and agreed to, each with a live call in between or not."""
    for address, agreed, calls in changes:
        company.anna.sip, company.anna.available = address or "x@pbx.example", bool(address)
        try:
            with rehearsed(company, agrees=lambda differences, agreed=agreed: agreed):
                company.anna.save()
        except OutcomesChanged:
            company.anna = EmployeeRow.get_by_id(company.anna.id)
        if calls:
            remembered = read_live(company)
            forget_all()
            assert remembered == read_live(company)
    remembered = rung(company)
    forget_all()
    assert remembered == rung(company)


# --- Plugins that fail ------------------------------------------------------------------------


@pytest.mark.usefixtures("impatience")
def test_a_plugin_that_hangs_on_the_change_is_named_and_the_change_holds(company, front):
    def hangs(found):
        if found == ("berta@pbx.example",):
            time.sleep(HANGS_SECONDS)

    front.before = hangs
    begun = time.monotonic()
    with rehearsed(company) as change:
        change_phone(company)
    assert time.monotonic() - begun < HANGS_SECONDS
    assert stored_phone(company) == "berta@pbx.example"
    (warning,) = change.warnings
    assert warning == "A saved scenario was not rehearsed: front took too long."
    company.anna.name = "Anna again"  # this thread has a connection that works
    company.anna.save()


@pytest.mark.usefixtures("impatience")
def test_a_plugin_that_hangs_already_is_left_alone(company, front):
    front.before = lambda found: time.sleep(HANGS_SECONDS)
    begun = time.monotonic()
    with rehearsed(company) as change:
        change_phone(company)
    assert time.monotonic() - begun < HANGS_SECONDS
    assert stored_phone(company) == "berta@pbx.example"
    assert change.warnings == ["A saved scenario was not rehearsed: front took too long."]


def test_a_plugin_that_raises_on_the_change_is_a_changed_outcome(company, front):
    def raises(found):
        if found == ("berta@pbx.example",):
            raise ValueError("a mistake")

    front.before = raises
    with pytest.raises(OutcomesChanged) as refused, rehearsed(company):
        change_phone(company)
    assert ["front", "ValueError: a mistake"] in refused.value.differences[0].after.faults


def test_what_is_not_run_in_time_is_said_and_does_not_hold_the_lock(company, monkeypatch):
    for n in range(4):
        save_scenario(company.line, {"name": f"More {n}", "call": {"at": "today 10:00"}})
    monkeypatch.setattr(rehearsing, "LOCKED_SECONDS", 0.0)
    with rehearsed(company) as change:
        change_phone(company)
    assert change.warnings == ["5 saved scenarios were not rehearsed: the time for it was over."]


# --- What counts as a change ------------------------------------------------------------------


def run(*steps, outcome="answered", ends=""):
    return Run(outcome=outcome, ends=ends, steps=[{"at": "…", **one} for one in steps])


RING = {"step": "ring", "rings": ["employee:1"]}
SAYS = {"step": "play", "says": ["Hello."]}


@pytest.mark.parametrize(
    ("after", "differs"),
    [
        (run(SAYS, RING), False),
        (run(SAYS, {**RING, "at": "later", "result": "answered, 90 s"}), False),
        (run(SAYS, RING, RING), False),  # a longer ring, or one more round, is no other outcome
        (run({**SAYS, "says": ["Good day."]}, RING), True),
        (run(SAYS, {**RING, "rings": ["employee:2"]}), True),
        (run(RING), True),
        (run(SAYS, {**RING, "recorded": True}), True),
        (run(SAYS, RING, outcome="missed"), True),
        (run(SAYS, RING, ends="employee:2"), True),
    ],
)
def test_what_an_admin_cares_about(after, differs):
    assert (run(SAYS, RING).essence != after.essence) is differs
