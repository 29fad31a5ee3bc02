"""Publishing: checked, entered with its audit, written to the file, and nobody overwritten (§5)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.contract.errors import BadInput, Conflict, NotFound
from core.plans.revisions import copies, placing
from core.plans.revisions import mirror as mirrors
from core.plans.revisions.book import PlanBook
from core.plans.revisions.publishing import Publisher
from core.plans.revisions.revisions import Entry
from core.plans.revisions.starting import Start
from core.plans.tables import PlanTrial
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from core.store.database import Store
from tests.plans.conftest import NOON, book_of, make_account

PLANS = """schema: 1
plans:
  free:
    title: Free
    features:
      crm: true            # everybody has it
      queue.max_groups: 1
  plus:
    title: Plus
    extends: free
"""
TWO = PLANS.replace("max_groups: 1", "max_groups: 2")
NINE = PLANS.replace("max_groups: 1", "max_groups: 9")
NO_CRM = PLANS.replace("crm: true ", "crm: false")
WITHOUT_PLUS = PLANS[: PLANS.index("  plus:")]
NEW_YEAR = Start.parse("2027-01-01")
SPRING = Start.parse("2027-03-01")
ROME, AUCKLAND, HONOLULU = map(ZoneInfo, ("Europe/Rome", "Pacific/Auckland", "Pacific/Honolulu"))


@dataclass
class Office:
    """A plan file, its book, and a clock that stands still until it is moved."""

    path: Path
    store: Store
    catalogue: Any
    now: datetime = NOON

    def __post_init__(self) -> None:
        self.path.write_text(PLANS)
        self.book = self.another()
        self.publisher = Publisher(self.store, self.book, self.book.mirror)
        self.book.settled()

    def another(self) -> PlanBook:
        """The book of another process."""
        return book_of(self.path, self.store, self.catalogue, lambda: self.now)

    def publish(self, text: str, start: str | Start = "now", **options: Any) -> Entry:
        """Publish as ada, who has seen everything."""
        options = {
            "base": self.book.settled().number,
            "newest": self.book.newest,
            "author": "ada@example.com",
            "message": "prices of 2027",
            "source": "web",
            "at": self.now,
        } | options
        start = Start.parse(start) if isinstance(start, str) else start
        return self.publisher.publish(text, start=start, **options)

    def cancel(self, number: int) -> Entry:
        """Cancel as bob, who has seen everything."""
        return self.publisher.cancel(
            number,
            newest=self.book.newest,
            author="bob@example.com",
            message="not this year",
            source="web",
            at=self.now,
        )

    def groups(self, zone: ZoneInfo = ROME, at: datetime | None = None) -> Any:
        """How many groups the plan free has for accounts of a zone."""
        revision = self.book.in_force(zone, at or self.now)
        return revision.document.cell("free", "queue.max_groups").value

    def forward(self, to: str) -> None:
        """Move the clock to an instant, and notice it."""
        self.now = datetime.fromisoformat(to).replace(tzinfo=UTC)
        self.book.look()

    def told(self) -> AuditEntry:
        """The last entry of the audit."""
        return AuditEntry.select().order_by(AuditEntry.id.desc()).get()


@pytest.fixture
def office(store, tmp_path, catalogue) -> Office:
    with store.connection():
        yield Office(tmp_path / "plans.yaml", store, catalogue)


def test_a_publish_is_a_revision_an_audit_entry_and_the_file(office):
    entry = office.publish(TWO)
    assert (entry.number, entry.author, entry.source) == (2, "ada@example.com", "web")
    assert (entry.message, entry.published_at, str(entry.start)) == ("prices of 2027", NOON, "now")
    assert office.book.settled().number == office.book.newest == 2
    assert office.book.revisions.entry(2) == entry
    assert (office.book.settled().text, office.path.read_text()) == (TWO, TWO)
    told = office.told()
    assert (told.action, told.subject, told.ref) == ("plans.publish", "revision 2", "2")
    assert (told.author, told.message, told.at) == ("ada@example.com", "prices of 2027", NOON)
    assert told.before == {"revision": 1}
    assert [one["feature"] for one in told.after["changes"]] == ["queue.max_groups"]
    assert sorted(office.path.parent.glob("*plans.yaml*")) == [office.path]


def test_every_process_takes_it_soon(office):
    others = [office.another() for _ in range(3)]
    assert {one.settled().number for one in others} == {1}
    office.publish(TWO)
    published = time.monotonic()
    while {one.settled().number for one in others} != {2}:
        assert time.monotonic() < published + 30
        time.sleep(0.02)


def test_of_two_who_publish_the_second_is_told_by_whom_the_first_was(office):
    office.publish(TWO)
    with pytest.raises(Conflict) as refused:
        office.publish(NINE, base=1, newest=1, author="bob@example.com")
    assert refused.value.details == {"newest": 2, "author": "ada@example.com"}
    assert str(refused.value) == (
        "Revision 2 by ada@example.com came into force or was scheduled since you began;"
        " look at it, and publish again."
    )
    assert office.path.read_text() == TWO


def test_who_did_not_see_what_was_scheduled_is_told(office):
    office.publish(TWO, NEW_YEAR)
    with pytest.raises(Conflict) as refused:
        office.publish(NINE, newest=1)
    assert refused.value.details == {"newest": 2, "author": "ada@example.com"}


def test_a_text_made_before_a_scheduled_one_came_into_force_is_a_conflict(office):
    office.publish(TWO, NEW_YEAR)
    office.forward("2027-01-01T12:00")
    with pytest.raises(Conflict, match="Revision 2 by ada"):
        office.publish(NO_CRM, base=1)


def test_going_back_says_which_revision(office):
    office.publish(TWO)
    assert office.publish(PLANS, reverts=1).reverts == 1
    assert office.path.read_text() == PLANS


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        (PLANS, {}, "Nothing was changed: revision 1 says the same."),
        (TWO, {"message": " \n"}, "Say why: the message is missing."),
        (TWO, {"message": "x" * 501}, "The message has 501 characters; 500 are the most."),
        (
            TWO,
            {"start": "2026-11-23"},
            "2026-11-23 has begun, or nearly so, in a part of the world;"
            " give 2026-11-24 or a later day, or now.",
        ),
        (TWO.replace("crm", "crmm"), {}, "plans.yaml:6:7 plans.free.features.crmm: unknown"),
    ],
)
def test_what_cannot_be_published_is_told_in_a_sentence(office, text, options, sentence):
    with pytest.raises(BadInput) as refused:
        office.publish(text, **options)
    assert str(refused.value).startswith(sentence)
    assert (office.book.newest, office.path.read_text()) == (1, PLANS)


def test_a_plan_that_accounts_have_is_not_removed(office, store):
    for _ in range(4):
        make_account(store, "plus")
    with pytest.raises(BadInput) as refused:
        office.publish(WITHOUT_PLUS)
    assert str(refused.value) == (
        "The plan “plus” cannot be removed while accounts have it: 4 (Company 1, Company 2,"
        " Company 3 …). Give them another one first: `centralino account set-plan`."
    )
    with pytest.raises(BadInput, match="cannot be removed"):
        office.publish(WITHOUT_PLUS, NEW_YEAR)
    AccountRow.update(plan="free").execute()
    office.publish(WITHOUT_PLUS)
    assert list(office.book.settled().document.plans) == ["free"]


def test_a_plan_that_somebody_tries_is_not_removed(office, store):
    account = make_account(store)
    trial = PlanTrial.create(
        account=account.id,
        plan="plus",
        reason="fair",
        author="ada@example.com",
        from_at=NOON,
        until=NOON + timedelta(days=7),
        created_at=NOON,
    )
    with pytest.raises(BadInput, match=r"while accounts try it: 1 \(Company 1\)\. End their"):
        office.publish(WITHOUT_PLUS)
    trial.ended_at = NOON
    trial.save()
    assert office.publish(WITHOUT_PLUS).number == 2


def test_an_edit_by_hand_comes_first(office):
    office.path.write_text(NINE)
    with pytest.raises(Conflict) as refused:
        office.publish(TWO, base=1, newest=1)
    assert refused.value.details == {"newest": 2, "author": "file"}
    assert (office.path.read_text(), office.book.revisions.text(2)) == (NINE, NINE)


def test_nothing_is_published_over_a_refused_edit(office):
    bad = TWO.replace("crm", "crmm")
    office.path.write_text(bad)
    office.book.look()
    with pytest.raises(BadInput) as refused:
        office.publish(TWO)
    assert str(refused.value) == (
        "plans.yaml was edited by hand and is refused, so nothing can be published; correct the"
        " file or put it back: plans.yaml:6:7 plans.free.features.crmm: unknown feature, did you"
        ' mean "crm"?'
    )
    with pytest.raises(BadInput, match="edited by hand"):
        office.cancel(1)
    assert office.path.read_text() == bad
    office.book.mirror.restore("ada@example.com", office.now)
    assert office.publish(TWO).number == 2


def test_a_missing_file_is_written_by_a_publish(office):
    office.path.unlink()
    office.publish(TWO, NEW_YEAR)
    assert not office.path.exists()
    office.publish(NINE)
    assert (office.path.read_text(), office.book.faults) == (NINE, ())


def test_a_file_that_cannot_be_written_does_not_stop_a_publish(office, monkeypatch):
    def fail(*_: Any) -> bool:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(copies, "place", fail)
        assert office.publish(TWO).number == 2
        assert (office.groups(), office.path.read_text()) == (2, PLANS)
        assert [str(one) for one in office.book.faults] == [
            "plans.yaml:1:1 revision 2 is in force, but the file could not be written:"
            " Permission denied"
        ]
        assert office.publish(NINE).number == 3
    assert office.publish(PLANS).number == 4
    assert (office.path.read_text(), office.book.faults) == (PLANS, ())


def test_mode_and_links_of_the_file_stay(office, tmp_path):
    target = tmp_path / "elsewhere" / "real.yaml"
    target.parent.mkdir()
    os.rename(office.path, target)
    office.path.symlink_to(target)
    target.chmod(0o640)
    office.publish(TWO)
    assert office.path.is_symlink()
    assert (target.read_text(), target.stat().st_mode & 0o777) == (TWO, 0o640)


def test_a_scheduled_revision_starts_on_each_accounts_own_clock(office):
    entry = office.publish(TWO, "next-period")
    assert (office.book.newest, office.book.settled().number) == (2, 1)
    assert [one.entry for one in office.book.scheduled()] == [entry]
    assert office.path.read_text() == PLANS
    for at, auckland, honolulu in (
        ("2026-11-30T10:59:59", 1, 1),
        ("2026-11-30T11:00", 2, 1),
        ("2026-12-01T09:59:59", 2, 1),
        ("2026-12-01T10:00", 2, 2),
    ):
        office.forward(at)
        assert (office.groups(AUCKLAND), office.groups(HONOLULU)) == (auckland, honolulu), at
        assert office.book.settled().number == 1
    office.forward("2026-12-01T12:00")
    assert (office.book.settled().number, office.book.scheduled()) == (2, ())
    assert office.path.read_text() == TWO
    past = datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert office.book.as_of(AUCKLAND, past).number == 2
    assert office.book.as_of(HONOLULU, past).number == 1
    assert office.book.as_of(HONOLULU, NOON - timedelta(days=400)).number == 1


def test_what_is_published_before_its_day_keeps_it_and_its_day(office):
    office.publish(TWO, NEW_YEAR)
    office.publish(NO_CRM)
    page = office.book.revisions.page()
    assert [(one.number, str(one.start), one.carries) for one in page] == [
        (4, "2027-01-01", 2),
        (3, "now", None),
        (2, "2027-01-01", None),
        (1, "now", None),
    ]
    assert (page[0].author, page[0].message, page[0].counted_from) == (
        "ada@example.com",
        "prices of 2027",
        NOON,
    )
    assert office.told().after["carried"] == [[2, 4]]
    assert [one.revision.number for one in office.book.scheduled()] == [4]
    carried = office.book.revision(4)
    assert carried.text == NO_CRM.replace("max_groups: 1", "max_groups: 2")
    assert office.path.read_text() == NO_CRM
    office.forward("2027-01-01T12:00")
    assert office.path.read_text() == carried.text


def test_an_edit_by_hand_keeps_what_is_scheduled_too(office):
    office.publish(TWO, NEW_YEAR)
    office.path.write_text(NO_CRM)
    office.book.look()
    assert (office.book.settled().number, office.book.newest) == (3, 4)
    assert office.groups(at=datetime(2027, 1, 2, tzinfo=UTC)) == 2


def test_what_starts_later_lies_upon_what_starts_before(office):
    office.publish(TWO, NEW_YEAR)
    later = office.publish(NO_CRM, SPRING)
    assert [one.entry.number for one in office.book.scheduled()] == [2, 3]
    assert office.book.revision(later.number).text == NO_CRM.replace(": 1\n  plus", ": 2\n  plus")
    assert office.groups(at=datetime(2027, 4, 1, tzinfo=UTC)) == 2


def test_one_in_between_is_laid_between(office):
    office.publish(TWO, NEW_YEAR)
    office.publish(NINE, SPRING)
    office.publish(NO_CRM, "2027-02-01")
    assert [(str(one.entry.start), one.entry.number) for one in office.book.scheduled()] == [
        ("2027-01-01", 2),
        ("2027-02-01", 4),
        ("2027-03-01", 5),
    ]
    in_spring = office.book.in_force(ROME, datetime(2027, 4, 1, tzinfo=UTC)).document
    assert in_spring.cell("free", "queue.max_groups").value == 9
    assert not in_spring.includes("free", "crm")


def test_a_cancelled_revision_never_starts_and_the_others_do(office):
    office.publish(TWO, NEW_YEAR)
    office.publish(NO_CRM, SPRING)
    entry = office.cancel(2)
    assert (entry.number, str(entry.start), entry.sha) == (4, "now", office.book.revision(1).sha)
    told = office.told()
    assert (told.action, told.author, told.message) == (
        "plans.cancel",
        "bob@example.com",
        "not this year",
    )
    assert (told.before["revision"], told.after["carried"]) == (2, [[3, 5]])
    assert [one.entry.carries for one in office.book.scheduled()] == [3]
    assert office.groups(at=datetime(2027, 2, 1, tzinfo=UTC)) == 1
    in_spring = office.book.in_force(ROME, datetime(2027, 4, 1, tzinfo=UTC)).document
    assert in_spring.cell("free", "queue.max_groups").value == 1
    assert not in_spring.includes("free", "crm")


@pytest.mark.parametrize("number", [1, 2, 3, 99])
def test_only_what_is_scheduled_can_be_cancelled(office, number):
    office.publish(TWO, NEW_YEAR)
    office.publish(NO_CRM)  # 2 is carried by 4
    with pytest.raises(NotFound, match=f"Revision {number} is not scheduled"):
        office.cancel(number)


def test_what_does_not_go_together_with_an_earlier_start_is_refused(office):
    office.publish(PLANS + "  max:\n    title: Max\n", NEW_YEAR)
    with pytest.raises(BadInput, match="This does not go together with revision 2, which starts"):
        office.publish(PLANS + "  max:\n    title: Maximum\n", SPRING)
    assert office.book.newest == 2


def test_a_plan_that_a_scheduled_revision_changes_is_not_removed(office):
    with_groups = PLANS.replace("extends: free", "extends: free\n    features: {crm: false}")
    office.publish(with_groups, NEW_YEAR)
    with pytest.raises(BadInput) as refused:
        office.publish(WITHOUT_PLUS)
    assert "Revision 2, scheduled for 2027-01-01, does not go together with" in str(refused.value)
    assert str(refused.value).endswith("Cancel it first.")
    assert (office.book.newest, office.path.read_text()) == (2, PLANS)


def test_a_start_that_is_before_another_only_here_and_there_is_refused(office):
    office.forward("2026-11-30T18:00")  # December has begun in Auckland only
    office.publish(TWO, "2026-12-10")
    with pytest.raises(BadInput) as refused:
        office.publish(NO_CRM, "next-period")
    assert str(refused.value) == (
        "Revision 2 starts 2026-12-10, in one part of the world before next-period and in another"
        " after it; choose another start."
    )


def test_a_publish_waits_for_its_turn(office, monkeypatch):
    monkeypatch.setattr(mirrors, "WAIT_SECONDS", 0.1)
    with office.book.mirror.turn(), pytest.raises(Conflict, match="Somebody else is publishing"):
        office.publish(TWO)
    assert office.publish(TWO).number == 2


@pytest.mark.parametrize("save", ["in place", "by a rename"])
def test_a_save_while_the_file_is_written_is_not_overwritten(office, monkeypatch, save):
    """The edit comes after the last look at the file, before both change places."""
    monkeypatch.setattr(placing, "exchange", _after(_saver(office, save)))
    office.publish(TWO)
    monkeypatch.undo()
    assert (office.book.settled().number, office.path.read_text()) == (2, NINE)
    office.book.look()
    assert "edited on top of revision 1, but revision 2" in str(office.book.faults[0])


def _saver(office: Office, save: str) -> Callable[[], None]:
    def write() -> None:
        if save == "in place":
            office.path.write_text(NINE)
        else:
            other = office.path.with_name("editor.tmp")
            other.write_text(NINE)
            os.replace(other, office.path)

    return write


def _after(save: Callable[[], None]) -> Callable[[Path, Path], None]:
    exchange, saves = placing.exchange, [save]

    def exchange_later(one: Path, other: Path) -> None:
        while saves:
            saves.pop()()
        exchange(one, other)

    return exchange_later


def test_where_files_cannot_be_exchanged_they_are_renamed(office, monkeypatch):
    def fail(one: Path, other: Path) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(placing, "exchange", fail)
    office.path.chmod(0o640)
    office.publish(TWO)
    assert (office.path.read_text(), office.path.stat().st_mode & 0o777) == (TWO, 0o640)
    assert not placing.place(office.path, b"new", expected=b"old")
    assert office.path.read_text() == TWO


def test_a_file_that_appears_where_none_was_is_left_alone(office):
    assert not placing.place(office.path, b"new", expected=None)
    assert office.path.read_text() == PLANS
