"""A conversation: who hears whom, its recording, its transfers, its end."""

import pytest

from core.api import Result, ResultKind, RingOutcome, TalkHandedOver
from tests.plugins.asterisk.performing.hurried import run
from tests.plugins.asterisk.performing.pbx import CALLER
from tests.plugins.asterisk.performing.stage import TOKEN, Stage, instruct, ring

ANNA, BRUNO = "PJSIP/employee-17", "PJSIP/employee-18"
TALKS = [(0, "ring"), (2, "answer")]
LEG = f"{TOKEN}.1"


def staged(*happenings, lines=(), phones=None, by=3600, **more):
    """The stage of a conversation with Anna; she answers after two seconds."""

    async def play():
        stage = Stage(ring(ANNA, **more), *lines, phones={ANNA: TALKS, **(phones or {})})
        return await stage.play(*happenings, seconds=by)

    return run(play())


def answered(seconds, **more):
    return Result(ResultKind.RANG, ring=RingOutcome.ANSWERED, seconds=seconds, **more)


def test_the_operator_hangs_up_and_the_caller_stays_for_what_follows():
    stage = staged((62.5, "hang_up", LEG), lines=[instruct("wait", seconds=5)])
    assert stage.results == [answered(60), Result(ResultKind.WAITED)]


def test_the_caller_hangs_up():
    stage = staged((62.5, "hang_up", CALLER))
    assert stage.results == [answered(60, caller_gone=True)]


def test_both_hang_up_in_the_same_instant():
    stage = staged((62.5, "hang_up", LEG), (62.5, "hang_up", CALLER))
    assert stage.results[0].seconds == 60
    assert len(stage.results) <= 2


def test_no_conversation_lasts_for_days():
    stage = staged(by=20_000)
    assert stage.results == [answered(4 * 3600)]


@pytest.mark.parametrize(("dialled", "outside"), [(False, CALLER), (True, LEG)])
def test_whoever_is_outside_hears_the_numbers_music_on_hold(dialled, outside):
    stage = staged((10, "hang_up", LEG), line=17, dialled=dialled)
    asked = stage.pbx.asked("POST channels/.*/variable")
    music = {"variable": "CHANNEL(musicclass)", "value": "number-17"}
    assert [path for _, path, said in asked if said == music] == [f"channels/{outside}/variable"]


def test_nothing_is_recorded_that_is_not_to_be():
    stage = staged((10, "hang_up", LEG))
    assert not stage.news
    assert not stage.pbx.stored


@pytest.mark.parametrize("who", [LEG, CALLER])
@pytest.mark.parametrize(
    ("dual", "files", "channels", "url"),
    [
        (False, {f"centralino/{TOKEN}.1"}, 1, f"pbx/centralino/{TOKEN}.1"),
        (
            True,
            {f"centralino/{TOKEN}.1-in", f"centralino/{TOKEN}.1-out"},
            2,
            f"pbx/centralino/{TOKEN}.1?sides=2",
        ),
    ],
)
def test_it_is_recorded_from_the_answer_to_the_end(who, dual, files, channels, url):
    stage = staged((32.5, "hang_up", who), record=True, dual=dual)
    assert set(stage.pbx.stored) == files
    begun, ended = stage.news
    assert (begun.status, ended.status) == ("in-progress", "completed")
    assert begun.ref == ended.ref == f"centralino/{TOKEN}.1"
    assert (ended.url, ended.channels, ended.kind) == (url, channels, "conversation")
    assert ended.seconds == pytest.approx(30, abs=1)
    kinds = [type(event).__name__ for event in stage.told]
    assert kinds.index("StepEnded") > max(
        place for place, kind in enumerate(kinds) if kind == "RecordingChanged"
    )


def test_a_recording_that_did_not_come_about_is_told_after_the_talk():
    """Only then does it give the unit back (Q4)."""

    async def play():
        stage = Stage(ring(ANNA, record=True), phones={ANNA: TALKS})
        ask = stage.pbx.ask

        async def refuse(method, path, body=None, **query):
            if path.endswith("/record") or "/snoop/" in path:
                path = path.replace(CALLER, "nobody").replace(f"{TOKEN}.1.both", "nobody")
            return await ask(method, path, body, **query)

        stage.pbx.ask = refuse
        return await stage.play((10, "hang_up", LEG))

    stage = run(play())
    assert [type(event).__name__ for event in stage.told] == [
        "LegChanged",
        "StepEnded",
        "RecordingChanged",
        "CallEnded",
    ]
    assert [news.status for news in stage.news] == ["absent"]


# Transfers


def blind(destination="102"):
    return {"requested_destination": {"destination": destination}}


def test_a_blind_transfer_ends_the_conversation_and_the_caller_stays():
    stage = staged(
        (12.5, "transfer", LEG, blind()),
        lines=[ring("", BRUNO)],
        phones={BRUNO: [(0, "ring"), (1, "answer"), (20, "hangup")]},
        record=True,
    )
    assert stage.results[0] == answered(10, transfer="102")
    assert stage.results[1].ring is RingOutcome.ANSWERED
    told = [query["states"] for _, _, query in stage.pbx.asked(".*/transfer_progress")]
    assert told == ["channel_progress", "channel_answered"]


def test_an_employee_who_dialled_may_transfer_too_and_the_other_party_stays():
    stage = staged(
        (12.5, "transfer", CALLER, blind("0612345")), lines=[instruct("wait", seconds=5)]
    )
    assert stage.results == [
        answered(10, transfer="0612345", by_caller=True),
        Result(ResultKind.WAITED),
    ]


def consult(stage, answered=True):
    """Anna's second call, with Bruno; it is another one than ours."""
    pbx = stage.pbx
    pbx.add("pbx-1.9", "PJSIP/employee-17-00000009")
    pbx.add("other.1", "PJSIP/employee-18-0000000a")
    pbx.bridges["other"] = ["pbx-1.9", "other.1"]
    channel = {**pbx.channels["pbx-1.9"], "dialplan": {"exten": "102"}}
    refer_to = {"destination_channel": channel, "requested_destination": {"destination": "102"}}
    if answered:
        refer_to["connected_channel"] = pbx.channels["other.1"]
    pbx.transfer(LEG, refer_to)


def attended(*happenings, answered=True, **more):
    async def play():
        stage = Stage(ring(ANNA, **more), instruct("wait", seconds=5), phones={ANNA: TALKS})
        happenings_ = [(12.5, consult, stage, answered), *happenings]
        stage.pbx.later(13.5, stage.pbx.bridges.pop, "other", None)
        if not answered:
            stage.pbx.later(13.5, stage.pbx.hang_up, "other.1")
        return await stage.play(*happenings_)

    return run(play())


def test_an_attended_transfer_lets_somebody_else_talk_on():
    stage = attended((30.5, "hang_up", "other.1"), record=True)
    assert stage.results == [answered(28), Result(ResultKind.WAITED)]
    (handed,) = [event for event in stage.told if isinstance(event, TalkHandedOver)]
    assert (handed.employee, handed.number, handed.by_caller) == (18, "", False)
    assert [news.status for news in stage.news] == ["in-progress", "completed"]
    assert stage.news[1].seconds >= 27


def test_an_attended_transfer_to_somebody_who_has_just_hung_up_is_declined():
    async def play():
        stage = Stage(ring(ANNA), phones={ANNA: TALKS})

        def consult_too_late():
            consult(stage)
            stage.pbx.hang_up("other.1")
            stage.pbx.bridges.pop("other")

        happenings = [(12.5, consult_too_late), (20, "hang_up", "pbx-1.9"), (62.5, "hang_up", LEG)]
        return await stage.play(*happenings)

    stage = run(play())
    assert stage.results == [answered(60)]
    told = [query["states"] for _, _, query in stage.pbx.asked(".*/transfer_progress")]
    assert told == ["channel_unavailable"]


def test_two_whom_asterisk_does_not_connect_do_not_wait_for_ever():
    async def play():
        stage = Stage(ring(ANNA), phones={ANNA: TALKS})
        ask = stage.pbx.ask

        async def refuse(method, path, body=None, **query):
            if path.endswith("/addChannel"):
                query["channel"] = "nobody"
            return await ask(method, path, body, **query)

        stage.pbx.ask = refuse
        return await stage.play()

    assert run(play()).results == [answered(2)]


def test_after_an_attended_transfer_the_caller_may_hang_up():
    stage = attended((30.5, "hang_up", CALLER))
    assert stage.results == [answered(28, caller_gone=True)]
    assert "other.1" not in stage.pbx.channels


def test_a_transfer_to_somebody_who_has_not_answered_yet_is_a_blind_one():
    stage = attended(answered=False)
    assert stage.results[0] == answered(10, transfer="102")


def test_who_was_led_into_another_call_is_left_alone():
    """We are the consultation: our partner is in the bridge of the call that goes on."""

    async def play():
        stage = Stage(ring(ANNA), phones={ANNA: TALKS})
        pbx = stage.pbx

        def led_away():
            pbx.bridges[TOKEN].remove(LEG)
            pbx.bridges["other"] = [LEG]
            pbx.hang_up(CALLER)

        pbx.later(10, led_away)
        await stage.begin()
        still_there = LEG in pbx.channels
        pbx.bridges.clear()
        pbx.hang_up(LEG)
        return still_there, stage

    still_there, stage = run(play())
    assert still_there
    assert stage.results[0].caller_gone
    assert stage.left == [LEG]


def test_somebody_whom_another_call_has_brought_takes_the_partners_place():
    async def play():
        stage = Stage(ring(ANNA), phones={ANNA: TALKS})
        pbx = stage.pbx

        def brought():
            pbx.add("other.1", "PJSIP/trunk-3-0000000a")
            pbx.channels["other.1"]["caller"]["number"] = "+39061"
            pbx.bridges[TOKEN].append("other.1")
            pbx.hang_up(LEG)

        return await stage.play((12.5, brought), (30.5, "hang_up", "other.1"))

    stage = run(play())
    (handed,) = [event for event in stage.told if isinstance(event, TalkHandedOver)]
    assert (handed.employee, handed.number) == (None, "+39061")
    assert stage.results == [answered(28)]
