"""Whatever people do while calls are in groups: nobody unavailable is rung, nobody is starved
under evenly, no overflow loops, and every wait ends (R6, R7)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core import api
from core.api import RingOutcome
from plugins.queue import service, waiting
from plugins.queue.groups import Group, Member
from plugins.queue.models import NoAnswer, Strategy
from tests.plugins.queue.world import EMPLOYEES, MEMBERS, Caller, World
from tests.support.calls import NOON

UNANSWERED = [one for one in RingOutcome if one is not RingOutcome.ANSWERED]
RULES = [NoAnswer.HANGUP, NoAnswer.CONTINUE, NoAnswer.VOICEMAIL]

moments = st.fixed_dictionaries(
    {
        "off": st.sets(st.sampled_from(EMPLOYEES)),
        "busy": st.frozensets(st.sampled_from(EMPLOYEES)),
        "away": st.sets(st.sampled_from(EMPLOYEES)),
        "ring": st.sampled_from(UNANSWERED),
    }
)
groups = st.builds(
    Group,
    id=st.just(1),
    name=st.just("Sales"),
    strategy=st.sampled_from(Strategy),
    rounds=st.integers(1, 5),
    wrap_up_seconds=st.sampled_from([0, 60]),
    no_answer=st.sampled_from([*RULES, NoAnswer.WAIT]),
    after_wait=st.sampled_from(RULES),
    wait_minutes=st.integers(1, 60),
    members=st.lists(st.sampled_from(MEMBERS), unique=True).map(tuple),
)


@given(group=groups, life=st.lists(moments, min_size=1))
def test_a_visit_rings_only_who_can_be_rung_and_ends(group, life):
    world = World(group)
    world.offers["employee:1"] = api.LastOffer(NOON, NOON)
    caller = Caller(world)
    always = {
        m.key
        for m in group.members
        if all(m.employee not in t["off"] | t["busy"] | t["away"] for t in life)
    }
    rung, steps = [], 0
    with world.open():
        world.pass_time(0, life[0]["off"], life[0]["busy"], life[0]["away"])
        caller.enter(group)
        while isinstance(caller.step, (api.Ring, api.Wait)):
            steps += 1
            now, keys, in_round = life[steps % len(life)], caller.rung, caller.step.state["tried"]
            assert all(world.able(group, key) for key in keys)
            assert not caller.refused & set(keys)
            assert len(in_round) == len(set(in_round)), "tried twice in one round"
            assert len(keys) <= (10 if group.strategy is Strategy.ALL else 1)
            rung += keys
            if now["ring"] in (RingOutcome.DECLINED, RingOutcome.BUSY) and keys:
                caller.refused |= set(keys)
            world.pass_time(caller.step.seconds, now["off"], now["busy"], now["away"])
            caller.result(now["ring"])
    assert caller.facts.get("rings", 0) <= service.MAX_RINGS + caller.facts.get("waits", 0)
    assert caller.facts.get("waits", 0) <= waiting.MAX_PAUSES
    if not group.waits:
        rounds = 1 if group.strategy is Strategy.ALL else group.rounds
        assert all(rung.count(key) <= rounds for key in rung)
    wrapping_up = {"employee:1"} if group.wrap_up_seconds else set()
    assert always - wrapping_up <= set(rung)


@settings(max_examples=30)
@given(group=groups.map(lambda one: replace(one, no_answer=NoAnswer.WAIT)))
def test_a_wait_ends_when_the_group_says(group):
    """Nobody ever comes: the caller waits exactly as long as the group says, then the last rule."""
    assume(any(member.employee for member in group.members))
    people = [member for member in group.members if member.employee]
    group = replace(group, members=tuple(people))
    world = World(group)
    caller = Caller(world)
    with world.open():
        world.pass_time(0, off=EMPLOYEES)
        caller.enter(group)
        while isinstance(caller.step, api.Wait):
            world.pass_time(caller.step.seconds, off=EMPLOYEES)
            caller.result()
    assert (world.at - NOON).total_seconds() == group.wait_minutes * 60
    assert not isinstance(caller.step, api.Ring)
    assert caller.facts["waiting"] is None or caller.step is None


# --- Evenly ---

calls = st.lists(
    st.tuples(moments, st.integers(0, 7), st.sampled_from([0, 1, 7, 100])), min_size=1, max_size=25
)


@given(
    members=st.lists(st.sampled_from(MEMBERS), unique=True, min_size=1).map(tuple),
    always=st.sets(st.sampled_from(EMPLOYEES)),
    life=calls,
)
def test_evenly_starves_nobody(members, always, life):
    """One call after the other, people coming and going at random. Between two offers of a member
    who was there all the time, every other member who was there all the time has exactly one.

    At least one: A is chosen at t2, so that nobody who can be rung waits longer than A, who was
    offered the last call at t1; hence B was offered one after t1. At most one: had B two, the same
    words with A and B exchanged give A an offer between them.
    """
    group = Group(1, "Sales", members=members)
    world = World(group)
    offers = []
    with world.open():
        for now, answered_after, pause in life:
            gone = now["off"] - always, now["busy"] - always, now["away"] - always
            caller = Caller(world)
            world.pass_time(1 + pause, *gone)
            caller.enter(group)
            while caller.rung:
                offers += caller.rung
                if len(offers) > 7 * len(life) or not answered_after:
                    break
                answered_after -= 1
                world.pass_time(group.seconds, *gone)
                caller.result()
            caller.step = None
    there = {m.key for m in members if m.employee in always or m.number}
    sequence = [key for key in offers if key in there]
    for first, key in enumerate(sequence):
        following = sequence[first + 1 :]
        if key in following:
            between = following[: following.index(key)]
            assert sorted(between) == sorted(there - {key})


@given(members=st.lists(st.sampled_from(MEMBERS), unique=True, min_size=1), life=calls)
def test_evenly_with_calls_at_once(members, life):
    """Calls at once: whoever is rung has waited longest of all whom this call may still ring."""
    group = Group(1, "Sales", rounds=3, members=tuple(members))
    world = World(group)
    with world.open():
        for now, who, pause in life:
            world.pass_time(1 + pause, now["off"], now["busy"], now["away"])
            live = [one for one in world.calls if one.rung]
            caller = live[who % len(live)] if live and who else Caller(world)
            before = dict(world.offers)
            if caller.step is None:
                tried = []
                caller.enter(group)
            else:
                tried = caller.step.state["tried"]
                caller.result()
            if not caller.rung:
                continue
            fresh = caller.step.state["round"] > 1 and len(caller.step.state["tried"]) == 1
            tried = [] if fresh else tried
            busy = caller._rung_by_others()
            waiting_ones = [
                m.key
                for m in members
                if world.able(group, m.key) and m.key not in tried and m.employee not in busy
            ]
            world.offers, after = before, world.offers
            oldest = min(world.offered(key) for key in waiting_ones)
            assert world.offered(caller.rung[0]) == oldest
            world.offers = after


# --- Overflow ---


@given(
    targets=st.lists(st.integers(1, 6), min_size=6, max_size=6),
    members=st.lists(st.sets(st.sampled_from(EMPLOYEES)), min_size=6, max_size=6),
    holds=st.sets(st.integers(1, 6)),
    start=st.integers(1, 6),
)
def test_overflow_never_loops(targets, members, holds, start):
    """Whatever circles are stored (the form refuses them), a call is in every group once."""
    made = [
        Group(
            id,
            f"Group {id}",
            no_answer=NoAnswer.WAIT if id in holds else NoAnswer.QUEUE,
            after_wait=NoAnswer.QUEUE,
            wait_minutes=1,
            no_answer_group=target,
            members=tuple(Member(one) for one in sorted(who)),
        )
        for id, (target, who) in enumerate(zip(targets, members, strict=True), start=1)
    ]
    world = World(*made)
    caller = Caller(world)
    with world.open():
        caller.enter(world.groups[start])
        while isinstance(caller.step, (api.Ring, api.Wait)):
            world.pass_time(caller.step.seconds)
            caller.result()
    visited = [start, *caller.connects]
    assert len(visited) == len(set(visited))
    assert caller.step.destination == api.Destination("voicemail", f"queue:{visited[-1]}")
