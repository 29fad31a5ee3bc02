"""The engine's orders as stored instructions: they say all of it, and read back as the same."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.api import (
    Account,
    Call,
    Client,
    Direction,
    Employee,
    Gather,
    Hangup,
    Leg,
    Line,
    LineKind,
    Order,
    Outcome,
    Phone,
    Play,
    Reject,
    Ring,
    Say,
    Sip,
    Sound,
    TakeMessage,
    Wait,
)
from plugins.asterisk import instructions
from plugins.asterisk.instructions import KINDS, Instruction, RungLeg, render

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NUMBER, CALLER = "+390612345678", "+393331234567"
ACCOUNT = Account(1, "Acme", "free", "Europe/Rome", "IT", "it", 1)
LINE = Line(1, NUMBER, "Main", LineKind.RENTED, "Europe/Rome")
ANNA = Employee(17, "Anna Bianchi", "101", "", "", "", True)


@pytest.fixture(autouse=True)
def known(monkeypatch):
    """What the account's configuration says."""

    def endpoint_of(account, gateway_id, target, server):
        user = target.number if isinstance(target, Phone) else target.address
        return f"PJSIP/{user}@trunk-{gateway_id}"

    monkeypatch.setattr(instructions, "endpoint_of", endpoint_of)
    monkeypatch.setattr(instructions, "employees", lambda account: {17: ANNA})


def rendered(step, **more):
    """What an order's instruction says."""
    call = Call(1, ACCOUNT, LINE, CALLER, NUMBER, NOW, NOW, **more.pop("call", {}))
    if isinstance(step, Ring):
        more["legs"] = tuple(Leg(place, target) for place, target in enumerate(step.targets, 1))
    order = Order(call=call, token="tok-EN_1", number=3, step=step, **more)
    return Instruction.read(render(4, "pbx", order))


SAID = (Say("Hello"), Sound("melodies:3", "Music"), Say("Ciao", "it"))
AS_SAID = (("say", "Hello", ""), ("sound", "melodies:3", "Music"), ("say", "Ciao", "it"))

STEPS = [
    (Play(SAID), {"kind": "play", "prompts": AS_SAID}),
    (
        Gather(SAID, digits=4, finish_key=""),
        {
            "kind": "gather",
            "prompts": AS_SAID,
            "digits": 4,
            "first_seconds": 5,
            "between_seconds": 2,
        },
    ),
    (Wait(SAID, seconds=9, heard=40), {"kind": "wait", "prompts": AS_SAID, "seconds": 9,
                                       "heard": 40}),
    (TakeMessage(SAID, max_seconds=90), {"kind": "message", "prompts": AS_SAID, "seconds": 90}),
    (Hangup(SAID), {"kind": "hangup", "prompts": AS_SAID}),
    (Hangup(), {"kind": "hangup"}),
    (Reject(busy=True), {"kind": "reject", "busy": True}),
    (Reject(), {"kind": "reject"}),
    (Reject(Outcome.MISSED, busy=True), {"kind": "reject", "busy": True}),
    (Reject(Outcome.MISSED), {"kind": "hangup"}),
]  # fmt: skip


@pytest.mark.parametrize(("step", "said"), STEPS)
def test_a_step_says(step, said):
    assert rendered(step) == Instruction(
        token="tok-EN_1", number=3, gateway=4, account=1, language="it", **said
    )


def test_a_text_of_nothing_is_not_spoken():
    assert rendered(Play((Say("  "), Say("Hello")))).prompts == (("say", "Hello", ""),)


def test_a_ring_says_whom_and_how():
    ring = Ring(
        (Sip("anna@pbx", 17), Phone("+393330000001", 18, confirm=True)), seconds=30, music=SAID
    )
    said = rendered(ring, notice=(Say("Recorded"),), record=True, dual_channel=True)
    assert said.legs == (
        RungLeg(1, "PJSIP/anna@pbx@trunk-4", f"<{CALLER}>", False, 17),
        RungLeg(2, "PJSIP/+393330000001@trunk-4", f"<{NUMBER}>", True, 18),
    )
    assert (said.seconds, said.music, said.notice) == (30, AS_SAID, (("say", "Recorded", ""),))
    assert (said.record, said.dual, said.line) == (True, True, LINE.id)


def test_what_is_not_recorded_has_no_sides():
    assert not rendered(Ring((Sip("a@b"),)), dual_channel=True).dual


INSIDE, OUTSIDE = Sip("anna@pbx", 17), Phone("+393330000001", 17)
CLIENT = Client("crm", "7", "Ada Lovelace")

SHOWN = [
    ("the caller", INSIDE, {}, {}, f"<{CALLER}>"),
    ("a client by name", INSIDE, {}, {"client": CLIENT}, f'"Ada Lovelace" <{CALLER}>'),
    ("nobody who withheld", INSIDE, {}, {"caller": ""}, "<anonymous>"),
    ("the rented number", OUTSIDE, {}, {"client": CLIENT}, f"<{NUMBER}>"),
    ("the caller (O6)", OUTSIDE, {"show_caller": True}, {}, f"<{CALLER}>"),
    ("no withheld number", OUTSIDE, {"show_caller": True}, {"caller": ""}, f"<{NUMBER}>"),
    (
        "a colleague",
        INSIDE,
        {},
        {"direction": Direction.INTERNAL, "caller": "101", "employee": 17},
        '"Anna Bianchi" <101>',
    ),
    (
        "who was called, when a colleague hands them over",
        INSIDE,
        {},
        {"direction": Direction.OUTGOING, "caller": NUMBER, "called": "+39333", "employee": 17},
        "<+39333>",
    ),
]


@pytest.mark.parametrize(("what", "target", "ring", "call", "caller_id"), SHOWN)
def test_a_phone_shows(what, target, ring, call, caller_id):
    values = {"caller": CALLER, "called": NUMBER, **call}
    made = Call(1, ACCOUNT, LINE, values.pop("caller"), values.pop("called"), NOW, NOW, **values)
    step = Ring((target,), **ring)
    order = Order(call=made, token="T", number=1, step=step, legs=(Leg(1, target),))
    assert Instruction.read(render(4, "pbx", order)).legs[0].caller_id == caller_id


@given(st.text(max_size=80))
def test_no_name_breaks_out_of_the_header(name):
    call = {"client": Client("crm", "7", name)}
    shown = rendered(Ring((INSIDE,)), call=call).legs[0].caller_id
    assert shown.endswith(f"<{CALLER}>")
    written = shown.removesuffix(f"<{CALLER}>").strip()
    assert len(written) <= 42
    assert not set(written[1:-1]) & set('"<>\\\r\n\0')


texts = st.text(max_size=20)
prompts = st.lists(st.tuples(st.sampled_from(["say", "sound"]), texts, texts), max_size=3)
legs = st.builds(RungLeg, st.integers(1, 99), texts, texts, st.booleans(), st.integers(1, 9))


@given(
    st.builds(
        Instruction,
        kind=st.sampled_from(sorted(KINDS.values())),
        token=texts,
        number=st.integers(1, 99),
        gateway=st.integers(1, 99),
        account=st.integers(1, 99),
        prompts=prompts.map(tuple),
        notice=prompts.map(tuple),
        legs=st.lists(legs, max_size=3).map(tuple),
        seconds=st.integers(0, 600),
        record=st.booleans(),
    )
)
def test_it_reads_back_as_the_same(instruction):
    assert Instruction.read(instruction.as_text()) == instruction


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"kind": "play"}', "<Response/>", '{"a": 1}'])
def test_what_is_no_instruction_is_refused(text):
    with pytest.raises(ValueError):
        Instruction.read(text)
