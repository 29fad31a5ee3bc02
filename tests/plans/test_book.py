"""The file in force: a change is taken, a bad file never replaces a good one (plans.md §4)."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.contract.errors import NotFound, StoreUnavailable
from core.plans.file.faults import PlansFault
from core.plans.gate import Gate
from core.plans.revisions import book as module
from core.plans.revisions.book import PlanBook
from core.plans.tables import PlanRevision
from tests.plans.conftest import NOON, catalogue_of, make_account

GOOD = "schema: 1\nplans: {free: {title: Free, features: {crm: true}}}\n"
OTHER = "schema: 1\nplans: {free: {title: Free, features: {crm: false}}}\n"
BAD = "schema: 1\nplans: {free: {features: {crmm: true}}}\n"
BAD_LINE = 'plans.yaml:2:27 plans.free.features.crmm: unknown feature, did you mean "crm"?'


@dataclass
class Desk:
    """A plan file that a test writes, and a clock that it moves."""

    path: Path
    now: float = 0.0
    writes: int = field(default=0)

    def write(self, text: str) -> None:
        """Change the file and let half a second pass."""
        self.path.write_text(text, encoding="utf-8")
        self.writes += 1
        os.utime(self.path, ns=(self.writes, self.writes))
        self.now += 0.6


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    desk = Desk(tmp_path / "plans.yaml")
    desk.write(GOOD)
    monkeypatch.setattr(module.time, "monotonic", lambda: desk.now)
    return desk


@pytest.fixture
def open_book(store, desk, catalogue):
    return lambda with_catalogue=catalogue: PlanBook(desk.path, store, with_catalogue)


def includes(book: PlanBook) -> bool:
    return book.settled().document.includes("free", "crm")


def test_a_change_is_taken_and_becomes_a_revision(open_book, desk, store):
    book = open_book()
    assert (book.settled().number, includes(book)) == (1, True)
    desk.write(OTHER)
    assert (book.settled().number, includes(book)) == (2, False)
    assert book.settled() is book.settled()
    row = PlanRevision.get_by_id(2)
    assert (row.text, row.sha, row.source) == (OTHER, book.settled().sha, "file")


def test_the_file_is_looked_at_every_half_second_at_most(open_book, desk):
    book = open_book()
    book.settled()
    desk.now += 1
    book.settled()
    desk.path.write_text(OTHER)
    desk.now += 0.4
    assert includes(book)
    desk.now += 0.2
    assert not includes(book)


def test_a_bad_file_keeps_the_last_good_revision(open_book, desk):
    book = open_book()
    good = book.settled()
    desk.write(BAD)
    assert book.settled() is good
    assert [str(one) for one in book.faults] == [BAD_LINE]
    desk.write(OTHER)
    assert book.settled().number == 2
    assert book.faults == ()


def test_a_file_that_vanishes_keeps_the_last_good_revision(open_book, desk):
    book = open_book()
    good = book.settled()
    desk.path.unlink()
    desk.now += 1
    assert book.settled() is good
    assert str(book.faults[0]) == (
        "plans.yaml:1:1 the file cannot be read: No such file or directory"
    )
    desk.write(GOOD)
    assert book.settled() is good
    assert book.faults == ()


def test_the_very_first_start_with_a_bad_file_is_refused(open_book, desk):
    desk.write(BAD)
    with pytest.raises(PlansFault) as refused:
        open_book().settled()
    assert str(refused.value) == BAD_LINE


def test_a_restart_with_a_bad_file_takes_the_last_good_revision(open_book, desk):
    first = open_book()
    first.settled()
    desk.write(OTHER)
    first.settled()
    desk.write(BAD)
    restarted = open_book()
    assert (restarted.settled().number, includes(restarted)) == (2, False)
    assert [str(one) for one in restarted.faults] == [BAD_LINE]
    desk.write(GOOD)
    assert restarted.settled().number == 1


def test_the_same_content_is_one_revision_however_often_it_comes(open_book, desk, store):
    numbers = []
    book = open_book()
    for text in (GOOD, OTHER, GOOD, OTHER):
        desk.write(text)
        numbers.append(book.settled().number)
        assert open_book().settled().number == numbers[-1]
    assert numbers == [1, 2, 1, 2]
    with store.connection():
        assert PlanRevision.select().count() == 2


def test_an_earlier_revision_is_found_by_its_number(open_book, desk, catalogue):
    book = open_book()
    book.settled()
    desk.write(OTHER)
    book.settled()
    another = open_book()
    assert another.revision(1).document.includes("free", "crm")
    assert another.revision(1) is another.revision(1)
    with pytest.raises(NotFound, match=r"There is no plan revision 9\."):
        another.revision(9)


def test_a_call_keeps_the_decisions_it_started_with(open_book, desk, store, catalogue):
    book = open_book()
    gate, account = Gate(store, catalogue, book), make_account(store)
    started_with = gate.grants(account, NOON).revision
    desk.write(OTHER)
    assert not gate.grants(account, NOON).ask("crm").allowed
    assert gate.grants(account, NOON, revision=started_with).ask("crm").allowed


def test_a_revision_that_the_plugins_of_today_cannot_read_gives_way(open_book, desk, store):
    old = open_book()
    old.settled()
    desk.write("schema: 1\nplans: {free: {}}\n")
    old.settled()
    today = catalogue_of()
    book = open_book(today)
    with pytest.raises(PlansFault):
        book.revision(1)
    assert Gate(store, today, book).grants(make_account(store), NOON, revision=1).revision == 2


def test_no_revision_is_taken_inside_a_transaction_that_might_roll_back(open_book, desk, store):
    book = open_book()
    book.settled()
    desk.write(OTHER)
    with store.connection():
        with store.transaction() as transaction:
            assert book.settled().number == 1
            transaction.rollback()
        desk.now += 0.6
        assert book.settled().number == 2


def test_a_database_that_does_not_answer_keeps_the_revision_and_is_asked_again(
    open_book, desk, monkeypatch
):
    def fail(*_):
        raise StoreUnavailable("gone")

    book = open_book()
    book.settled()
    with monkeypatch.context() as patch:
        patch.setattr(PlanBook, "_record", fail)
        desk.write(OTHER)
        assert book.settled().number == 1
    desk.now += 0.6
    assert book.settled().number == 2


def test_four_processes_that_see_a_new_file_at_once_agree_on_its_number(desk, store):
    program = (
        "import sys; from pathlib import Path; from core.store.database import Store;"
        "from core.plans.revisions.book import PlanBook; from tests.plans.conftest import *;"
        "store = Store(sys.argv[1]);"
        "print(PlanBook(Path(sys.argv[2]), store, catalogue_of(*FEATURES)).settled().number)"
    )
    command = [sys.executable, "-c", program, store.url, str(desk.path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert {process.communicate()[0] for process in running} == {"1\n"}
    with store.connection():
        assert PlanRevision.select().count() == 1
