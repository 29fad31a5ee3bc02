"""A plugin's fault is its own: the call is served, others are not delayed, the plugin is named."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from pluggy import PluginValidationError

from core.api import Job, Stage, hookimpl
from core.calls import thinking
from core.contract.call import Client
from core.contract.errors import PluginFault
from core.contract.steps import (
    Connect,
    Destination,
    Gather,
    Phone,
    Ring,
    Say,
    Sip,
    TakeMessage,
    TalkTerms,
)
from tests.calls.plugins import (
    SLEEPS_SECONDS,
    Desk,
    Stager,
    asks,
    leaves,
    raises,
    rubbish,
    rubbish_step,
    sleeps,
)


@pytest.mark.parametrize("fault", [raises, leaves, rubbish, rubbish_step])
def test_the_call_goes_on_without_it_and_the_trace_names_it(install, fault):
    kit = install(partner=Stager(route=fault), desk=Desk())
    call = kit.company("full").call()

    assert isinstance(call.step, Ring)
    faults = [entry for entry in call.trace if entry["result"] == "fault"]
    assert [entry["plugin"] for entry in faults] == ["partner"]
    assert kit.app.store.rows("SELECT plugin FROM plugin_faults") == [("partner",)]


UNUSABLE = {
    "a phone without a number": Ring((Phone(None),)),
    "a SIP phone without an address": Ring((Sip(None),)),
    "an address too long to keep": Ring((Sip("a" * 300),)),
    "an employee who is no id": Ring((Sip("a@b", "anna"),)),
    "a prompt in no language": Gather((Say("Key?", 5),)),
    "a reason that is no text": Gather((Say("Key?"),), reason=5),
    "a destination that is no text": Connect(Destination("desk", 5)),
    "a recipient that is no text": TakeMessage((Say("Speak."),), recipient=5),
    "text that no database keeps": Gather((Say("Key?"),), state={"text": "\ud800"}),
}


@pytest.mark.parametrize("step", UNUSABLE.values(), ids=UNUSABLE)
def test_a_step_with_a_part_nobody_can_use_is_the_plugin_s_fault(install, step):
    kit = install(partner=Stager(route=lambda call: step), desk=Desk())
    call = kit.company("full").call()
    assert call.rings == ["sip:desk@pbx.example"]
    assert kit.app.store.rows("SELECT plugin FROM plugin_faults") == [("partner",)]


@pytest.mark.parametrize(
    "client",
    [Client("partner", "1", None), Client("partner", {1}, "Ada"), Client("partner", "1", "A", "x")],
)
def test_a_client_with_a_part_nobody_can_use_is_the_plugin_s_fault(install, client):
    kit = install(partner=Stager(identify=lambda call: client), desk=Desk())
    call = kit.company("full").call()
    assert call.order.call.client is None
    assert kit.app.store.rows("SELECT plugin FROM plugin_faults") == [("partner",)]


@pytest.mark.parametrize(
    "terms",
    [
        {"notice": "This call is recorded."},
        {"consent": "perhaps"},
        {"key": 1, "consent": "opt-in"},
        {"unit": None},
    ],
    ids=str,
)
def test_terms_with_a_part_nobody_can_use_are_the_plugin_s_fault(install, terms):
    class Partner(Stager):
        @hookimpl
        def prepare_talk(self):
            return TalkTerms(**{"unit": "desk.units", **terms})

    kit = install(partner=Partner(), desk=Desk())
    call = kit.company("full").call()
    assert call.rings == ["sip:desk@pbx.example"]
    assert not call.order.record
    assert kit.app.store.rows("SELECT plugin FROM plugin_faults") == [("partner",)]


def test_state_that_is_no_json_is_the_plugin_s_fault(install):
    partner = Stager(route=lambda call: Gather((Say("Key?"),), state={"call": call}))
    call = install(partner=partner, desk=Desk()).company("full").call()
    assert isinstance(call.step, Ring)
    assert any("not plain JSON" in entry["reason"] for entry in call.trace)


@pytest.mark.usefixtures("impatience")
def test_one_that_sleeps_costs_neither_the_answer_nor_other_calls(install):
    kit = install(partner=Stager(route=sleeps), desk=Desk())
    slow = kit.company("full")
    quick = kit.company("full", number="+390612345679")
    quick.profile("partner", on=False)
    seconds: dict[str, float] = {}

    def timed(name, company):
        with kit.app.store.connection():
            started = time.monotonic()
            call = company.call()
            seconds[name] = time.monotonic() - started
            assert isinstance(call.step, Ring)

    threads = [
        threading.Thread(target=timed, args=args) for args in (("slow", slow), ("quick", quick))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seconds["slow"] < SLEEPS_SECONDS
    assert seconds["quick"] < seconds["slow"], "it did not wait for the sleeper"


@pytest.mark.usefixtures("impatience")
def test_several_that_sleep_still_leave_an_answer_in_time(install):
    sleepers = {
        f"sleeper{n}": Stager(f"sleeper{n}", n, route=sleeps, identify=sleeps) for n in range(12)
    }
    kit = install(desk=Desk(), **sleepers)
    started = time.monotonic()
    call = kit.company("full", backup_number="+390699999999").call()
    assert time.monotonic() - started < SLEEPS_SECONDS, "nobody waited for them"
    assert call.rings == ["number:+390699999999"], "the last resort"


def test_after_three_faults_it_is_left_out_for_a_while(install):
    asked = []

    def faulty(call):
        asked.append(call.caller)
        raise ValueError

    kit = install(partner=Stager(route=faulty), desk=Desk())
    company = kit.company("full")
    for n in range(5):
        company.call(f"+39333123456{n}")
    assert len(asked) == 3
    until = kit.app.store.rows("SELECT left_out_until FROM plugin_faults ORDER BY id")
    assert [row[0] is not None for row in until] == [False, False, True]

    kit.clock.forward(seconds=31)
    company.call("+393331234569")
    assert len(asked) == 4


@pytest.mark.usefixtures("impatience")
def test_an_identification_that_comes_late_is_attached(install):
    routed = threading.Event()

    def identify(call):
        routed.wait(SLEEPS_SECONDS)
        return Client("partner", "7", "Ada Verdi")

    kit = install(partner=Stager(route=asks, identify=identify))
    call = kit.company("full").call()
    names = "SELECT client_name FROM calls"
    assert kit.app.store.rows(names) == [("",)], "routed without"
    routed.set()
    deadline = time.monotonic() + 30
    while kit.app.store.rows(names) == [("",)] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert kit.app.store.rows(names) == [("Ada Verdi",)]
    call.press("1")
    assert call.order.call.client.name == "Ada Verdi"


def test_an_identification_that_comes_before_the_call_is_stored_is_attached(install, monkeypatch):
    monkeypatch.setattr(thinking, "IDENTIFY_SECONDS", 0.2)
    asked = threading.Event()

    def identify(call):
        asked.wait(SLEEPS_SECONDS)
        return Client("partner", "7", "Ada Verdi")

    def route(call):
        asked.set()
        time.sleep(0.3)

    kit = install(partner=Stager(identify=identify), slow=Stager("slow", 5, route), desk=Desk())
    kit.company("full").call()
    names = "SELECT client_name FROM calls"
    deadline = time.monotonic() + 30
    while kit.app.store.rows(names) == [("",)] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert kit.app.store.rows(names) == [("Ada Verdi",)]


def test_a_faulty_identification_is_named_and_the_call_routed(install):
    kit = install(partner=Stager(route=asks, identify=raises))
    call = kit.company("full").call()
    assert isinstance(call.step, Gather)
    assert call.trace[0]["stage"] == "identify_caller"
    assert call.trace[0]["result"] == "fault"


def test_a_withheld_number_is_never_looked_up(install):
    looked = []
    partner = Stager(route=asks, identify=looked.append)
    install(partner=partner).company("full").call("")
    assert looked == []


class TestNotices:
    """Told by the jobs process, exactly once, in a transaction of their own."""

    def test_told_once_after_the_call(self, install):
        desk = Desk()
        kit = install(desk=desk)
        call = kit.company("full").call()
        call.answered()
        call.talked(12)
        assert desk.told == []
        kit.jobs(seconds=1)
        kit.jobs(seconds=1)
        assert [outcome for _, outcome in desk.told] == ["answered"]

    def test_one_that_fails_is_told_again_and_its_writing_is_undone(self, install):
        desk = Desk()
        kit = install(desk=desk)
        company = kit.company("full")

        def write_and_fail(call):
            desk.told.append(call.id)
            company.account.__class__.update(country="XX").execute()
            raise ValueError("after writing")

        desk.listen = write_and_fail
        call = company.call()
        call.answered()
        call.talked(12)
        kit.jobs(seconds=1)
        assert kit.app.store.rows("SELECT country FROM accounts") == [("IT",)]
        assert len(desk.told) == 1
        kit.jobs(seconds=30)
        assert len(desk.told) == 1, "not before a minute"
        desk.listen = None
        kit.jobs(seconds=60)
        assert len(desk.told) == 2
        assert kit.app.store.rows("SELECT count(*) FROM notices") == [(0,)]

    def test_one_that_is_left_out_hears_of_the_call_afterwards(self, install):
        desk = Desk()
        kit = install(desk=desk)
        company = kit.company("full")

        def fail(call):
            raise ValueError

        desk.listen = fail
        for n in range(5):
            call = company.call(f"+39333123456{n}")
            call.answered(after=0)
            call.talked(0)
        kit.jobs(seconds=1)
        desk.listen = None
        kit.jobs(seconds=1)
        assert desk.told == [], "left out for half a minute"
        kit.jobs(seconds=31)
        assert [call_id for call_id, _ in desk.told] == [4, 5], "nothing of it was lost"
        kit.jobs(seconds=60)
        assert sorted(call_id for call_id, _ in desk.told) == [1, 2, 3, 4, 5]

    def test_one_that_oversleeps_loses_the_write_lock(self, install, monkeypatch):
        monkeypatch.setattr("core.calls.notices.SECONDS", 0.4)
        desk = Desk()
        kit = install(desk=desk)
        company = kit.company("full")

        def write_and_sleep(call):
            company.account.__class__.update(country="XX").execute()
            time.sleep(SLEEPS_SECONDS)

        desk.listen = write_and_sleep
        call = company.call()
        call.answered()
        call.talked(12)
        started = time.monotonic()
        kit.jobs(seconds=1)
        company.call("+393339999999")
        assert time.monotonic() - started < SLEEPS_SECONDS, "nobody waited for it"
        assert kit.app.store.rows("SELECT country FROM accounts") == [("IT",)]


@pytest.mark.parametrize("fault", [raises, leaves])
def test_a_job_that_fails_stops_neither_the_others_nor_the_process(install, fault):
    ran = []

    class Partner(Stager):
        @hookimpl
        def register_jobs(self):
            return [Job("mine", 1, fault), Job("next", 1, ran.append)]

    kit = install(partner=Partner())
    kit.jobs(seconds=1)
    assert ran == [kit.clock()]


class TestLoading:
    """What breaks a rule of the registry does not start."""

    def test_two_plugins_cannot_share_a_stage(self, install):
        class Thief(Stager):
            @hookimpl
            def register_plugin(self):
                return replace(super().register_plugin(), stages=(Stage("desk", "Mine", 1),))

        with pytest.raises(PluginFault, match="Stage 'desk' of 'thief' belongs to 'desk'"):
            install(desk=Desk(), thief=Thief("thief"))

    def test_no_stage_stands_before_the_first(self, install):
        with pytest.raises(PluginFault, match="Stage 'early' of 'early' has position -1"):
            install(early=Stager("early", position=-1))

    def test_a_hook_with_an_argument_nobody_gives_is_refused(self, install):
        class Misspelt(Stager):
            @hookimpl
            def route_call(self, cal):
                return None

        with pytest.raises(PluginValidationError, match="cal"):
            install(partner=Misspelt())

    def test_a_hook_nobody_calls_is_refused(self, install):
        class Unknown(Stager):
            @hookimpl
            def rout_call(self, call):
                return None

        with pytest.raises(PluginValidationError, match="rout_call"):
            install(partner=Unknown())
