"""News that comes late, out of order, twice or never: one outcome, one file, no unit too many."""

from __future__ import annotations

import errno
import os
from datetime import timedelta

from core.api import Sip, hookimpl
from core.contract.events import RecordingChanged, ResultKind, RingOutcome
from core.contract.plugin import GatewayKind
from core.contract.steps import Play, Ring, Say, TakeMessage
from tests.calls.plugins import Desk, Stager, phone
from tests.calls.test_terms import report, units


class Twice(Desk):
    """Rings a second time when nobody answered."""

    @hookimpl
    def continue_call(self, call):
        return None if call.facts.get("desk") else Ring(self.targets, 20, facts={"again": True})


def leave_message(kit, call):
    """The provider has the message, whatever became of the step."""
    event = RecordingChanged(
        call.company.gateway.id, call.order.token, "RE1", "completed", kit.clock(),
        "https://x/RE1", 7, kind="message",
    )  # fmt: skip
    kit.app.engine.deliver(event, lambda order: "")


def recordings(kit, columns="status"):
    return kit.app.store.rows(f"SELECT {columns} FROM recordings ORDER BY id")


def test_the_begin_of_a_recording_that_is_told_last_does_not_lose_it(install):
    kit = install(desk=Desk(terms={}))
    call = kit.company("full").call()
    call.answered()
    call.talked(30)
    report(kit, call, "completed")
    report(kit, call, "in-progress", seconds=0)
    assert recordings(kit, "status, seconds") == [("announced", 30)]


def test_a_recording_whose_end_is_never_told_gives_its_unit_back(install):
    kit = install(desk=Desk(terms={}))
    call = kit.company("full").call()
    call.answered()
    report(kit, call, "in-progress", seconds=0)
    call.talked(30)
    kit.jobs(seconds=25 * 3600)
    assert units(kit) == ((0, 0), ["released"])


def test_ringing_without_sound_leaves_the_unit_for_the_next_to_be_rung(install):
    kit = install(desk=Twice(terms={}))
    call = kit.company("full").call()
    report(kit, call, "absent", seconds=0)
    call.no_answer()
    assert call.order.record, "rung again"
    assert units(kit) == ((0, 1), ["started"])


def test_a_unit_that_came_back_records_nothing_any_more(install):
    kit = install(desk=Twice(terms={}))
    company = kit.company("full")
    call = company.call()
    kit.app.quota.release(company.account.picture(), "desk.units", 1, kit.clock())
    call.no_answer()
    assert call.rings, "rung again"
    assert not call.order.record


def test_who_answered_is_known_though_the_result_never_came(install):
    kit = install(desk=Desk(Sip("anna@x"), terms={}))
    call = kit.company("full").call()
    call.answered()
    kit.clock.forward(seconds=40)
    call.hang_up()
    kit.jobs(seconds=31)
    assert call.outcome == "answered"
    assert kit.app.store.row("SELECT talk_seconds FROM calls") == (40,)
    assert units(kit) == ((0, 1), ["started"]), "there may be a recording"
    assert kit.app.store.rows("SELECT 1 FROM call_legs WHERE ended_at IS NULL") == []


def test_who_answered_is_believed_over_a_ringing_of_which_nothing_is_known(install):
    """The result was lost, and the provider's fallback brought the caller back."""
    kit = install(desk=Desk(Sip("anna@x")))
    call = kit.company("full").call()
    call.answered()
    call.no_answer(RingOutcome.FAILED, after=40)
    assert call.outcome == "answered"
    assert kit.app.store.row("SELECT talk_seconds FROM calls") == (40,)
    assert kit.app.store.rows("SELECT ring FROM call_legs") == [("answered",)]


def test_a_message_after_a_talk_leaves_the_call_answered(install):
    class Asking(Desk):
        @hookimpl
        def follow_talk(self):
            return TakeMessage((Say("What did you think?"),))

    call = install(desk=Asking()).company("full").call()
    call.answered()
    call.talked(60)
    call.left_message(5)
    assert call.outcome == "answered"


def test_a_message_is_known_though_its_result_never_came(install):
    partner = Stager(route=lambda call: TakeMessage((Say("Speak."),), "queue:1"))
    kit = install(partner=partner)
    call = kit.company("full").call()
    call.hang_up()
    leave_message(kit, call)
    kit.jobs(seconds=31)
    assert call.outcome == "voicemail"


def test_the_second_to_press_1_does_not_take_the_call_from_the_first(install):
    mobiles = [phone(f"+39333111222{n}", confirm=True) for n in range(2)]
    kit = install(desk=Desk(*mobiles))
    call = kit.company("full").call()
    first, second = [leg.number for leg in call.order.legs]
    call.answered(leg=first)
    call.answered(leg=second, after=1)
    call.talked(9)
    talk = kit.app.store.row("SELECT state FROM calls WHERE ref = ?", (call.ref,))[0]
    assert '"target":"number:+393331112220"' in talk


def test_a_message_stays_with_its_recipient_whatever_comes_after(install):
    thanks = Play((Say("Thank you."),))
    partner = Stager(
        route=lambda call: TakeMessage((Say("Speak."),), "queue:1"),
        proceed=lambda call, result, state: thanks if result.kind is ResultKind.MESSAGE else None,
    )
    kit = install(partner=partner)
    call = kit.company("full").call()
    call.left_message(7)
    leave_message(kit, call)
    assert recordings(kit, "recipient") == [("queue:1",)]


def test_a_gateway_that_stumbles_over_a_recording_fails_that_one_only(install, monkeypatch):
    kit = install(desk=Desk(terms={}))

    def fetch(gateway, url):
        if url.endswith("RE1"):
            raise ValueError("a mistake")
        return b"sound"

    kit.app.registry.gateways["test"] = GatewayKind("test", "Test", (), lambda row: [], fetch)
    for ref in ("RE1", "RE2"):
        call = kit.company("full", number=f"+39061234567{ref[-1]}").call()
        call.answered()
        call.talked(30)
        event = RecordingChanged(
            call.company.gateway.id, call.order.token, ref, "completed", kit.clock(),
            f"https://x/{ref}", 30,
        )  # fmt: skip
        kit.app.engine.deliver(event, lambda order: "")
    kit.jobs(seconds=3)
    assert recordings(kit) == [("announced",), ("stored",)]
    for _ in range(8):
        kit.jobs(seconds=10 * 3600)
    assert recordings(kit) == [("failed",), ("stored",)]
    assert units(kit)[1] == ["released", "committed"]


def test_a_full_disk_loses_no_recording(install, monkeypatch, caplog):
    kit = install(desk=Desk(terms={}))
    kind = GatewayKind("test", "Test", (), lambda row: [], lambda gateway, url: b"sound")
    kit.app.registry.gateways["test"] = kind
    call = kit.company("full").call()
    call.answered()
    call.talked(30)
    report(kit, call)

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        for _ in range(9):  # more often than a gateway is asked that makes mistakes
            kit.jobs(seconds=10 * 3600)
    assert recordings(kit) == [("announced",)]
    assert [one for one in kit.app.config.storage.rglob("*") if one.is_file()] == []
    assert "Recording 1 cannot be stored yet: [Errno 28] No space left on device" in caplog.text
    assert "Traceback" not in caplog.text
    kit.jobs(seconds=10 * 3600)
    assert recordings(kit) == [("stored",)]
    assert units(kit) == ((1, 0), ["committed"])


def test_two_that_fetch_the_same_recording_settle_it_once(install):
    """A fetch that took longer than the pause before the next try."""
    told = []

    class Listener(Desk):
        @hookimpl
        def recording_stored(self, recording):
            told.append(recording.id)

    kit = install(desk=Listener(terms={}))
    other = []

    def fetch(gateway, url):
        if not other:
            other.append(True)
            kit.app.jobs().run_due(kit.clock() + timedelta(minutes=3))
        return b"sound"

    kit.app.registry.gateways["test"] = GatewayKind("test", "Test", (), lambda row: [], fetch)
    call = kit.company("full").call()
    call.answered()
    call.talked(30)
    report(kit, call)
    kit.jobs(seconds=3)
    kit.jobs(seconds=600)
    assert told == [1]
    assert units(kit) == ((1, 0), ["committed"])
