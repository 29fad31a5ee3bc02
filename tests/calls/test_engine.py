"""The life of a call through the engine: order, frames, repeats, limits, outcomes."""

from __future__ import annotations

import pytest

from core.api import Sip, hookimpl
from core.calls.conductor import MAX_STEPS
from core.calls.state import State
from core.calls.tables import CallRow
from core.contract.call import Outcome
from core.contract.errors import NotFound
from core.contract.events import (
    CallArrived,
    LegChanged,
    Result,
    ResultKind,
    RingOutcome,
    StepEnded,
)
from core.contract.steps import Gather, Hangup, Reject, Ring, Say, TakeMessage
from tests.calls.plugins import Desk, Stager, asks, connects, phone


def test_stages_are_asked_in_order_until_one_answers(install):
    asked = []

    def note(name):
        return lambda call: asked.append(name)

    kit = install(
        late=Stager("late", 90, note("late")),
        first=Stager("first", 5, note("first")),
        desk=Desk(),
    )
    call = kit.company("full").call()

    assert asked == ["first"]
    assert call.rings == ["sip:desk@pbx.example"]
    assert [entry["stage"] for entry in call.trace] == ["first", "desk"]


def test_a_result_goes_back_to_the_owner_with_its_state(install):
    seen = []

    def proceed(call, result, state):
        seen.append((result.kind, result.digits, dict(state)))

    kit = install(partner=Stager(route=asks, proceed=proceed), desk=Desk())
    call = kit.company("full").call()
    call.press("7")

    assert seen == [(ResultKind.DIGITS, "7", {"asked": 1})]
    assert isinstance(call.step, Ring), "done with its own, the call goes on to the next stage"


def test_whoever_connected_is_told_when_nobody_answers(install):
    partner = Stager(route=connects("desk"), proceed=lambda call, result, state: Hangup())
    kit = install(partner=partner, desk=Desk())
    call = kit.company("full").call()
    call.no_answer(RingOutcome.BUSY)

    assert [(one.kind, one.ring) for one in partner.results] == [
        (ResultKind.NOT_CONNECTED, RingOutcome.BUSY)
    ]
    assert isinstance(call.step, Hangup)
    assert call.outcome == "missed"


def test_a_call_from_before_an_update_goes_on(install):
    """Its frames do not say how many rings there had been."""
    partner = Stager(route=connects("desk", "1"))
    kit = install(partner=partner, desk=Desk(position=90))
    call = kit.company("full").call()
    row = CallRow.get(CallRow.ref == call.ref)
    state = State.from_text(row.state)
    state.frames = [frame[:2] for frame in state.frames]
    CallRow.update(state=state.as_text()).where(CallRow.id == row.id).execute()
    call.no_answer(RingOutcome.BUSY)
    assert [(one.kind, one.ring) for one in partner.results] == [
        (ResultKind.NOT_CONNECTED, RingOutcome.BUSY)
    ]


@pytest.mark.parametrize("destination", [("desk", "nobody"), ("no-such-kind", "")])
def test_a_destination_that_reaches_nobody_is_reported_at_once(install, destination):
    partner = Stager(route=connects(*destination))
    kit = install(partner=partner, desk=Desk())
    call = kit.company("full").call()

    assert partner.results[0].kind is ResultKind.NOT_CONNECTED
    assert isinstance(call.step, Ring), "the next stage"


def test_a_repeated_event_gets_the_same_bytes_and_asks_nobody(install):
    partner = Stager(route=asks)
    kit = install(partner=partner)
    company = kit.company("full")
    call = company.call()
    result_event = StepEnded(
        company.gateway.id,
        call.order.token,
        call.order.number,
        _digits("1"),
        kit.clock(),
    )
    bodies = [
        kit.app.engine.deliver(result_event, lambda order: f"<{order.number}>") for _ in range(3)
    ]

    assert len({answer.body for answer in bodies}) == 1
    assert [answer.repeated for answer in bodies] == [False, True, True]
    assert len(partner.results) == 1


def test_a_result_under_a_number_that_is_not_due_is_refused(install):
    kit = install(partner=Stager(route=asks))
    company = kit.company("full")
    call = company.call()
    ahead = StepEnded(
        company.gateway.id, call.order.token, call.order.number + 1, _digits("1"), kit.clock()
    )
    with pytest.raises(NotFound):
        kit.app.engine.deliver(ahead, lambda order: "never")
    call.press("1")


def test_an_unknown_number_and_a_foreign_gateway_are_not_found(install):
    kit = install(desk=Desk())
    company = kit.company("full")
    other = kit.company("full", number="+390612345679")
    for gateway, number in (
        (company.gateway.id, "+390600000000"),
        (other.gateway.id, company.line.number),
    ):
        event = CallArrived(gateway, "x", number, "", kit.clock())
        with pytest.raises(NotFound):
            kit.app.engine.deliver(event, lambda order: "never")


def test_the_step_for_a_new_call_is_told_once_and_before_it_is_written(install):
    kit = install(partner=Stager(route=asks))
    company = kit.company("full")
    told = []

    def decided(step):
        told.append((type(step), kit.app.store.row("SELECT COUNT(*) FROM calls")[0]))

    event = CallArrived(company.gateway.id, "x", company.line.number, "", kit.clock())
    for _ in range(2):
        kit.app.engine.deliver(event, lambda order: "asked", decided)
    assert told == [(Gather, 0)]


def test_a_plugin_cannot_make_an_endless_call(install):
    def again(call, result, state):
        return asks(call)

    kit = install(partner=Stager(route=asks, proceed=again))
    call = kit.company("full").call()
    while isinstance(call.step, Gather):
        call.silence()

    assert len(call.orders) == MAX_STEPS + 1
    assert isinstance(call.step, Hangup)


def test_plugins_that_connect_in_a_circle_end_at_the_last_resort(install):
    circle = connects("desk", "nobody")
    partner = Stager(route=circle, proceed=lambda call, result, state: circle(call))
    kit = install(partner=partner, desk=Desk())
    call = kit.company("full", backup_number="+390699999999").call()

    assert call.rings == ["number:+390699999999"]
    assert "circles" in call.trace[-1]["reason"]


def test_the_backup_number_is_rung_when_no_plugin_has_an_answer(install):
    kit = install(partner=Stager())
    call = kit.company("full", backup_number="+390699999999").call()
    assert call.rings == ["number:+390699999999"]
    call.answered()
    call.talked(30)
    assert call.outcome == "forwarded"


def test_the_number_s_own_backup_comes_before_the_account_s(install):
    kit = install(partner=Stager())
    company = kit.company("full", backup_number="+390699999999")
    company.line.backup_number = "+390688888888"
    company.line.save()
    assert company.call().rings == ["number:+390688888888"]


def test_without_a_backup_the_call_is_ended_and_missed(install):
    kit = install(partner=Stager())
    call = kit.company("full").call()
    assert isinstance(call.step, Hangup)
    assert call.outcome == "missed"


def test_a_call_that_was_answered_cannot_be_rejected_any_more(install):
    partner = Stager(route=asks, proceed=lambda call, result, state: Reject(Outcome.CLOSED))
    kit = install(partner=partner)
    call = kit.company("full").call()
    call.silence()
    assert isinstance(call.step, Hangup)
    assert call.outcome == "closed"


class TestOutcome:
    """Exactly one per call (R9)."""

    def test_answered(self, install):
        call = install(desk=Desk()).company("full").call()
        call.answered()
        call.talked(60)
        call.hang_up()
        assert call.outcome == "answered"

    def test_abandoned_before_anyone_was_offered(self, install):
        call = install(partner=Stager(route=asks)).company("full").call()
        call.hang_up()
        assert call.outcome == "abandoned"

    def test_missed_after_somebody_was_offered(self, install):
        kit = install(desk=Desk())
        call = kit.company("full").call()
        call.hang_up()
        assert call.outcome is None, "the ringing may yet report an answer"
        kit.jobs(seconds=31)
        assert call.outcome == "missed"

    def test_an_answer_reported_after_the_end_is_no_missed_call(self, install):
        kit = install(desk=Desk())
        call = kit.company("full").call()
        call.answered()
        call.hang_up()
        call.talked(20, caller_gone=True)
        assert call.outcome == "answered"
        kit.jobs(seconds=60)
        assert call.outcome == "answered"

    def test_a_message_is_voicemail_even_when_the_caller_just_hangs_up(self, install):
        partner = Stager(route=lambda call: TakeMessage((Say("Speak."),), "queue:1"))
        call = install(partner=partner).company("full").call()
        call.left_message(7)
        assert call.outcome == "voicemail"

    def test_an_empty_message_is_none(self, install):
        partner = Stager(route=lambda call: TakeMessage((Say("Speak."),), "queue:1"))
        call = install(partner=partner).company("full").call()
        call.left_message(0)
        assert call.outcome == "missed"

    def test_hanging_up_keeps_what_the_step_says_it_is_otherwise(self, install):
        message = TakeMessage((Say("Closed."),), otherwise=Outcome.CLOSED)
        call = install(partner=Stager(route=lambda call: message)).company("full").call()
        call.result(Result(ResultKind.MESSAGE, caller_gone=True))
        assert call.outcome == "closed"

    def test_a_call_nobody_closed_is_closed_after_hours(self, install):
        kit = install(partner=Stager(route=asks))
        call = kit.company("full").call()
        kit.jobs(seconds=5 * 3600)
        assert call.outcome is None
        kit.jobs(seconds=2 * 3600)
        assert call.outcome == "abandoned"


class TestPressOne:
    """An outside phone that must press 1 has not answered before (R6)."""

    def test_a_voicemail_box_that_picked_up_is_no_answer(self, install):
        partner = Stager("fallback", 90, route=lambda call: Hangup((Say("Nobody."),)))
        mobile = phone("+393331112222", employee=None, confirm=True)
        kit = install(desk=Desk(mobile), fallback=partner)
        call = kit.company("full").call()
        call.talked(8)
        assert call.says == ["Nobody."]
        assert call.outcome == "missed"

    def test_the_one_who_pressed_has_the_call(self, install):
        mobiles = [phone(f"+39333111222{n}", confirm=True) for n in range(3)]
        kit = install(desk=Desk(*mobiles))
        call = kit.company("full").call()
        call.answered(leg=call.order.legs[1].number)
        call.talked(9)
        row = kit.app.store.row("SELECT state FROM calls WHERE ref = ?", (call.ref,))
        assert "number:+393331112221" in row[0]
        assert call.outcome == "answered"


def _digits(keys):
    return Result(ResultKind.DIGITS, digits=keys)


def test_who_declined_is_known_to_the_plugins(install):
    seen = []

    class Twice(Desk):
        @hookimpl
        def continue_call(self, call, result):
            seen.append(call.refused)

    kit = install(desk=Twice(Sip("anna@x", 1), Sip("bruno@x", 2)))
    call = kit.company("full").call()
    gateway, order = call.company.gateway.id, call.order
    declined = LegChanged(
        gateway, order.token, order.legs[1].number, "ended", kit.clock(), RingOutcome.DECLINED
    )
    kit.app.engine.deliver(declined, lambda order: "")
    call.no_answer()
    assert seen == [frozenset({"employee:2"})]
