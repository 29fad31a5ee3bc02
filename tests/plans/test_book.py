"""File and database are one thing: what is in force, and how an edit by hand gets there."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.contract.errors import BadInput, NotFound, StoreUnavailable
from core.plans.file.faults import PlansFault
from core.plans.gate import Gate
from core.plans.revisions import book as module
from core.plans.revisions import copies
from core.plans.revisions.book import PlanBook
from core.plans.revisions.copies import Copy
from core.plans.tables import PlanRevision
from core.store.audit import AuditEntry
from tests.plans.conftest import NOON, book_of, catalogue_of, make_account

GOOD = "schema: 1\nplans: {free: {title: Free, features: {crm: true}}}\n"
OTHER = "schema: 1\nplans: {free: {title: Free, features: {crm: false}}}\n"
THIRD = "schema: 1\nplans: {free: {title: Free, features: {workhours: true}}}\n"
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

    def forget(self) -> None:
        """The machine's memory is gone."""
        for note in self.path.parent.glob("plan-file/*.json"):
            note.unlink()


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    desk = Desk(tmp_path / "plans.yaml")
    desk.write(GOOD)
    monkeypatch.setattr(module.time, "monotonic", lambda: desk.now)
    return desk


@pytest.fixture
def open_book(store, desk, catalogue):
    return lambda with_catalogue=catalogue: book_of(desk.path, store, with_catalogue)


def includes(book: PlanBook) -> bool:
    return book.settled().document.includes("free", "crm")


def enter(book: PlanBook, text: str) -> int:
    """Publish as another machine does: into the database, not into this machine's file."""
    store = book.store
    with store.connection(), store.transaction():
        newest = book.revisions.newest()
        entry = book.revisions.page(most=1)[0]
        entry = module.replace(
            entry, number=newest + 1, sha=module.sha_of(text), author="ada@example.com"
        )
        book.revisions.add(entry, text)
    return entry.number


def sentences(book: PlanBook) -> list[str]:
    return [str(one) for one in book.faults]


def test_an_edit_by_hand_becomes_a_revision(open_book, desk, store):
    book = open_book()
    assert (book.settled().number, includes(book)) == (1, True)
    desk.write(OTHER)
    assert (book.settled().number, includes(book)) == (2, False)
    assert book.settled() is book.settled()
    assert (book.settled().text, book.newest, book.faults) == (OTHER, 2, ())
    row = PlanRevision.get_by_id(2)
    assert (row.text, row.sha) == (OTHER, book.settled().sha)
    assert (row.source, row.author, row.message) == ("file", "file", "edited by hand")
    assert (row.published_at, row.start) == (NOON, "now")
    note = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (note.action, note.before) == ("plans.publish", {"revision": 1})
    cell = {"change": "set-cell", "plan": "free", "feature": "crm"}
    written = {"value": False, "warn_at": [80, 100]}
    assert note.after == {
        "revision": 2,
        "start": "now",
        "changes": [cell | {"written": written}],
    }


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


def test_a_question_costs_one_stat_and_one_query_every_half_second(open_book, desk, monkeypatch):
    book = open_book()
    book.settled()
    desk.now += 1
    book.settled()
    asked = []
    row, stamp = book.store.row, Copy.stamp
    monkeypatch.setattr(book.store, "row", lambda *sql: asked.append(sql[0]) or row(*sql))
    monkeypatch.setattr(Copy, "stamp", lambda copy: asked.append("stat") or stamp(copy))
    zone = make_account(book.store).zone
    for _ in range(100):
        book.in_force(zone, NOON)
    assert asked == []
    desk.now += 1
    for _ in range(100):
        book.in_force(zone, NOON)
    assert asked == ["SELECT max(number) FROM plan_revisions", "stat"]


def test_a_bad_file_keeps_the_last_good_revision(open_book, desk):
    book = open_book()
    good = book.settled()
    desk.write(BAD)
    assert book.settled() is good
    assert sentences(book) == [BAD_LINE]
    desk.write(OTHER)
    assert book.settled().number == 2
    assert book.faults == ()


def test_a_file_that_vanishes_is_told_and_not_made_anew(open_book, desk):
    book = open_book()
    good = book.settled()
    desk.path.unlink()
    desk.now += 1
    assert book.settled() is good
    assert sentences(book) == ["plans.yaml:1:1 the file cannot be read: No such file or directory"]
    assert not desk.path.exists()
    assert book.mirror.restore("ada@example.com", NOON) is None
    assert desk.path.read_text() == GOOD
    desk.now += 1
    assert (book.settled(), book.faults) == (good, ())


def test_something_else_in_the_place_of_the_file_is_told_and_left_alone(open_book, desk):
    book = open_book()
    book.settled()
    desk.path.unlink()
    desk.path.mkdir()
    enter(book, OTHER)
    desk.now += 1
    assert book.settled().number == 2
    assert sentences(book) == ["plans.yaml:1:1 the file cannot be read: Is a directory"]
    with pytest.raises(BadInput, match=r"plans\.yaml cannot be put back: Is a directory\."):
        book.mirror.restore("ada@example.com", NOON)


def test_the_very_first_start_with_a_bad_file_is_refused(open_book, desk):
    desk.write(BAD)
    with pytest.raises(PlansFault) as refused:
        open_book().settled()
    assert str(refused.value) == BAD_LINE


def test_the_very_first_start_without_a_file_is_refused(open_book, desk):
    desk.path.unlink()
    with pytest.raises(PlansFault, match="the file cannot be read: No such file or directory"):
        open_book().settled()


def test_a_restart_with_a_bad_file_takes_the_last_good_revision(open_book, desk):
    first = open_book()
    first.settled()
    desk.write(OTHER)
    first.settled()
    desk.write(BAD)
    restarted = open_book()
    assert (restarted.settled().number, includes(restarted)) == (2, False)
    assert sentences(restarted) == [BAD_LINE]
    desk.write(THIRD)
    assert restarted.settled().number == 3


def test_going_back_to_an_old_content_is_a_new_revision_and_a_restart_is_none(open_book, desk):
    numbers = []
    book = open_book()
    for text in (GOOD, OTHER, GOOD, OTHER):
        desk.write(text)
        numbers.append(book.settled().number)
        assert open_book().settled().number == numbers[-1]
    assert numbers == [1, 2, 3, 4]


def test_a_publish_of_another_process_is_taken_and_the_file_written(open_book, desk):
    book = open_book()
    book.settled()
    assert enter(book, OTHER) == 2
    assert book.settled().number == 1
    desk.now += 0.6
    assert (book.settled().number, includes(book)) == (2, False)
    assert desk.path.read_text() == OTHER
    desk.now += 0.6
    assert (book.settled().number, book.newest, book.faults) == (2, 2, ())


def test_a_file_that_missed_several_revisions_catches_up(open_book, desk):
    """Killed after the rename, before it was remembered; then another machine published."""
    book = open_book()
    book.settled()
    enter(book, OTHER)
    desk.write(OTHER)
    enter(book, THIRD)
    assert book.settled().number == 3
    assert desk.path.read_text() == THIRD


def test_a_machine_without_memory_takes_what_is_new_and_replaces_what_is_old(open_book, desk):
    book = open_book()
    book.settled()
    enter(book, OTHER)
    desk.forget()
    desk.now += 0.6
    assert book.settled().number == 2
    assert desk.path.read_text() == OTHER
    desk.forget()
    desk.write(THIRD)
    assert (open_book().settled().number, open_book().faults) == (3, ())


def test_a_memory_of_another_database_counts_as_none(open_book, desk):
    book = open_book()
    book.settled()
    desk.write(OTHER)
    book.settled()
    with book.store.connection():
        PlanRevision.delete_by_id(2)  # a backup is put back
    desk.now += 0.6
    assert (book.settled().number, includes(book)) == (2, False)
    assert PlanRevision.get_by_id(2).text == OTHER


def test_an_edit_on_an_old_revision_is_refused_and_left_alone(open_book, desk, store):
    book = open_book()
    book.settled()
    enter(book, OTHER)
    desk.write(THIRD)
    assert book.settled().number == 2
    assert sentences(book) == [
        "plans.yaml:1:1 this was edited on top of revision 1, but revision 2 came into force"
        " meanwhile; put the file back with `centralino plans restore`, which keeps your text"
        " beside it, and make the changes again"
    ]
    assert desk.path.read_text() == THIRD
    kept = book.mirror.restore("ada@example.com", NOON)
    assert kept == desk.path.with_name("plans.yaml.refused-20261122T120000Z")
    assert (kept.read_text(), desk.path.read_text()) == (THIRD, OTHER)
    desk.now += 0.6
    assert (book.settled().number, book.faults) == (2, ())
    note = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (note.action, note.after) == ("plans.restore", {"revision": 2, "kept": kept.name})
    with pytest.raises(BadInput, match="nothing to put back"):
        book.mirror.restore("ada@example.com", NOON)


def test_an_edit_that_takes_a_plan_away_from_accounts_is_refused(open_book, desk, store):
    desk.write(GOOD.replace("}}}", "}}, plus: {title: Plus, extends: free}}"))
    book = open_book()
    book.settled()
    make_account(store, "plus")
    desk.write(GOOD)
    assert book.settled().number == 1
    assert sentences(book) == [
        "plans.yaml:1:1 The plan “plus” cannot be removed while accounts have it: 1 (Company 1)."
        " Give them another one first: `centralino account set-plan`."
    ]


def test_a_file_that_cannot_be_written_does_not_stop_a_revision(open_book, desk, monkeypatch):
    book = open_book()
    book.settled()
    enter(book, OTHER)

    def fail(*_):
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(copies, "place", fail)
        desk.now += 0.6
        assert (book.settled().number, includes(book)) == (2, False)
    told = (
        "plans.yaml:1:1 revision 2 is in force, but the file could not be written:"
        " Read-only file system"
    )
    assert sentences(book) == [told]
    desk.now += 4
    book.settled()
    assert (desk.path.read_text(), sentences(book)) == (GOOD, [told])
    desk.now += 2
    book.settled()
    assert (desk.path.read_text(), book.faults) == (OTHER, ())


def test_a_data_folder_that_cannot_be_written_is_told(open_book, desk, tmp_path):
    open_book().settled()
    for note in (tmp_path / "plan-file").iterdir():
        note.unlink()
    (tmp_path / "plan-file").rmdir()
    (tmp_path / "plan-file").write_text("no folder")
    book = open_book()
    assert book.settled().number == 1
    assert sentences(book) == ["plans.yaml:1:1 the data folder cannot be written: File exists"]


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


def test_what_another_process_can_read_and_this_one_cannot_is_told(open_book, desk):
    book = open_book(catalogue_of())
    desk.write("schema: 1\nplans: {free: {}}\n")
    good = book.settled()
    enter(book, GOOD)
    desk.now += 0.6
    assert book.settled() is good
    assert sentences(book) == [
        "plans.yaml:2:40 plans.free.features.crm: unknown feature; no installed plugin has it"
    ]
    enter(book, "schema: 1\nplans: {free: {title: Free}}\n")
    desk.now += 0.6
    assert (book.settled().number, book.faults) == (3, ())


def test_a_file_can_be_mended_after_a_plugin_is_gone(open_book, desk):
    open_book().settled()
    today = catalogue_of()
    with pytest.raises(PlansFault, match="crm: unknown feature"):
        open_book(today).settled()
    desk.write("schema: 1\nplans: {free: {}}\n")
    assert open_book(today).settled().number == 2


def test_no_revision_is_taken_inside_a_transaction_that_might_roll_back(open_book, desk, store):
    book = open_book()
    book.settled()
    desk.write(OTHER)
    with store.connection():
        with store.transaction() as transaction:
            assert book.settled().number == 1
            transaction.rollback()
        assert book.settled().number == 2


def test_a_database_that_does_not_answer_keeps_the_revision_and_is_asked_again(
    open_book, desk, monkeypatch
):
    def fail(*_):
        raise StoreUnavailable("gone")

    book = open_book()
    book.settled()
    with monkeypatch.context() as patch:
        patch.setattr(book.revisions, "newest", fail)
        desk.write(OTHER)
        assert book.settled().number == 1
    desk.now += 0.6
    assert book.settled().number == 2


def test_four_processes_that_see_a_new_file_at_once_agree_on_its_number(desk, store):
    program = (
        "import sys; from pathlib import Path; from core.store.database import Store;"
        "from tests.plans.conftest import *;"
        "store = Store(sys.argv[1]); store.database.bind([AuditEntry, AccountRow, *TABLES]);"
        "print(book_of(Path(sys.argv[2]), store, catalogue_of(*FEATURES)).settled().number)"
    )
    command = [sys.executable, "-c", program, store.url, str(desk.path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert {process.communicate()[0] for process in running} == {"1\n"}
    with store.connection():
        assert PlanRevision.select().count() == 1
