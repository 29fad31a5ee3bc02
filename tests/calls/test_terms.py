"""What a talk is recorded on: the unit, the notice, the consent, and what settles the unit (Q)."""

from __future__ import annotations

import pytest

from core.api import Say
from core.contract.events import RecordingChanged
from core.contract.steps import Gather, Ring
from tests.calls.plugins import Desk

NOTICE = (Say("This call is recorded."),)


def units(kit):
    """The counter and the ledger: used, held, and the statuses of all holds."""
    counted = kit.app.store.row("SELECT sum(used), sum(held) FROM quota_counters")
    holds = kit.app.store.rows("SELECT status FROM quota_holds ORDER BY id")
    return counted, [status for (status,) in holds]


def report(kit, call, status="completed", seconds=30):
    """The provider has news of the call's recording."""
    gateway = call.company.gateway.id
    event = RecordingChanged(
        gateway, call.order.token, "RE1", status, kit.clock(), "https://x/RE1", seconds
    )
    kit.app.engine.deliver(event, lambda order: "")


def test_the_notice_is_played_once_and_the_unit_is_started_with_the_order(install):
    kit = install(desk=Desk(terms={"notice": NOTICE}))
    call = kit.company("full").call()
    assert call.order.record
    assert call.says == ["This call is recorded."]
    assert units(kit) == ((0, 1), ["started"])


def test_nobody_answered_gives_the_unit_back(install):
    kit = install(desk=Desk(terms={}))
    call = kit.company("full").call()
    call.no_answer()
    assert call.outcome == "missed"
    assert units(kit) == ((0, 0), ["released"])


def test_the_unit_stays_until_there_is_evidence(install):
    kit = install(desk=Desk(terms={}))
    call = kit.company("full").call()
    call.answered()
    call.talked(30)
    assert units(kit) == ((0, 1), ["started"])
    report(kit, call, "absent")
    assert units(kit) == ((0, 0), ["released"])


def test_no_news_for_a_day_gives_the_unit_back(install):
    kit = install(desk=Desk(terms={}))
    call = kit.company("full").call()
    call.answered()
    call.talked(30)
    kit.jobs(seconds=23 * 3600)
    assert units(kit)[1] == ["started"]
    kit.jobs(seconds=2 * 3600)
    assert units(kit)[1] == ["released"]


def test_the_unit_that_is_one_too_many_is_refused_and_the_call_goes_on(install):
    kit = install(desk=Desk(terms={"notice": NOTICE}))
    company = kit.company("full")
    calls = [company.call(f"+39333123456{n}") for n in range(4)]
    assert [call.order.record for call in calls] == [True, True, True, False]
    last = calls[-1]
    assert isinstance(last.step, Ring)
    assert last.says == [], "no notice where nothing is recorded"
    refused = last.trace[-1]
    assert refused["reason"] == "quota-held", "units of running calls may come back"
    assert refused["decision"]["feature"] == "desk.units"


def test_a_plan_without_the_feature_is_refused_without_a_count(install):
    kit = install(desk=Desk(terms={}))
    company = kit.company("empty")
    call = company.call()
    skipped = call.trace[0]
    assert (skipped["result"], skipped["reason"]) == ("skipped", "not-in-plan")
    assert units(kit) == ((None, None), [])


@pytest.mark.parametrize(
    ("consent", "key", "recorded"),
    [("opt-in", "1", True), ("opt-in", "", False), ("opt-out", "1", False), ("opt-out", "", True)],
)
def test_consent_is_asked_before_anyone_rings(install, consent, key, recorded):
    kit = install(desk=Desk(terms={"notice": NOTICE, "consent": consent, "key": "1"}))
    call = kit.company("full").call()
    assert isinstance(call.step, Gather)
    assert call.says == ["This call is recorded."]
    assert units(kit) == ((0, 1), ["held"])

    if key:
        call.press(key)
    else:
        call.silence()
    assert isinstance(call.step, Ring)
    assert call.order.record is recorded
    assert call.says == [], "the notice was the question"
    assert units(kit)[1] == ["started" if recorded else "released"]
    assert any(entry["stage"] == "consent" for entry in call.trace)
    kept = {
        "mode": consent,
        "text": "This call is recorded.",
        "key": "1",
        "answer": "agreed" if recorded else "refused",
    }
    assert call.order.call.facts["desk"]["consent"] == kept, "what was played and answered (Q3)"


def test_hanging_up_during_the_question_gives_the_unit_back(install):
    kit = install(desk=Desk(terms={"notice": NOTICE, "consent": "opt-in"}))
    call = kit.company("full").call()
    call.hang_up()
    assert units(kit) == ((0, 0), ["released"])
    assert call.outcome == "abandoned"


def test_a_repeated_arrival_takes_no_second_unit(install):
    kit = install(desk=Desk(terms={}))
    call = kit.company("full").call()
    call.arrive("+393331234567")
    assert units(kit) == ((0, 1), ["started"])


def test_a_call_keeps_the_plan_it_started_with(install):
    kit = install(desk=Desk(terms={"consent": "opt-in", "notice": NOTICE}))
    company = kit.company("full")
    call = company.call()
    company.account.plan = "empty"
    company.account.save()
    call.press("1")
    assert call.order.record
    assert company.call("+393339999999").rings == []


def test_a_deleted_recording_leaves_the_storage_folder(install):
    kit = install(desk=Desk(terms={}))
    call = kit.company("full").call()
    call.answered()
    call.talked(30)
    report(kit, call)
    file = kit.app.config.storage / "account-1" / "1.wav"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"sound")
    kit.app.store.execute("UPDATE recordings SET status = 'deleted', path = 'account-1/1.wav'")
    kit.jobs(seconds=1)
    assert not file.exists()
    assert kit.app.store.rows("SELECT path, bytes FROM recordings") == [("", 0)]
