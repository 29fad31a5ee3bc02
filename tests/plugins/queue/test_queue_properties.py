"""Whatever people do while a call is in a group: nobody unavailable is rung, nobody waits for
ever under evenly, and every visit ends (R6, R7)."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from core import api
from core.api import RingOutcome
from plugins.queue import service
from plugins.queue.groups import Group, Member
from plugins.queue.models import NoAnswer, Strategy
from tests.support.calls import NOON, make_call, make_employee

PLAN = {"queue.ring_all": True, "queue.max_groups": "unlimited", "queue.max_members": "unlimited"}
EMPLOYEES = range(1, 7)
MEMBERS = [*(Member(id) for id in EMPLOYEES), Member(number="+393401112233")]
UNANSWERED = [one for one in RingOutcome if one is not RingOutcome.ANSWERED]

moments = st.fixed_dictionaries(
    {
        "off": st.sets(st.sampled_from(EMPLOYEES)),
        "busy": st.frozensets(st.sampled_from(EMPLOYEES)),
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
    no_answer=st.sampled_from([NoAnswer.HANGUP, NoAnswer.CONTINUE, NoAnswer.VOICEMAIL]),
    members=st.lists(st.sampled_from(MEMBERS), unique=True).map(tuple),
)


class World:
    """People, what they were offered, and the clock."""

    def __init__(self, group):
        self.group = group
        self.at = NOON
        self.off, self.busy = set(), frozenset()
        self.refused = set()
        self.offers = {}
        self.facts = {}

    def call(self):
        return make_call(
            plan=PLAN,
            at=self.at,
            busy=self.busy,
            refused=frozenset(self.refused),
            facts={"queue": self.facts},
        )

    def people(self, account):
        return {id: make_employee(id, available=id not in self.off) for id in EMPLOYEES}

    def last_offers(self, call, keys):
        return {key: self.offers[key] for key in keys if key in self.offers}

    def patched(self):
        return patch.multiple(
            service,
            groups=lambda account: {1: self.group},
            api=Api(employees=self.people, last_offers=self.last_offers),
        )

    def able(self, member):
        """Whether this member could be rung now: said a second time, in other words."""
        talked = self.offers.get(member.key, api.NEVER).talked_until
        if talked and (self.at - talked).total_seconds() < self.group.wrap_up_seconds:
            return False
        return member.number or not (member.employee in self.off or member.employee in self.busy)

    def offer(self, step):
        """What the engine does when it sends a Ring out."""
        self.facts.update(step.facts)
        for target in step.targets:
            self.offers[target.key] = api.LastOffer(self.at, None)

    def pass_time(self, seconds, off=(), busy=()):
        self.at += timedelta(seconds=seconds)
        self.off, self.busy = set(off), frozenset(busy)


class Api:
    """`core.api` with some functions replaced."""

    def __init__(self, **replaced):
        self.__dict__.update(replaced)

    def __getattr__(self, name):
        return getattr(api, name)


@given(group=groups, life=st.lists(moments, min_size=1))
def test_a_visit_rings_only_who_can_be_rung_and_ends(group, life):
    world = World(group)
    world.offers["employee:1"] = api.LastOffer(NOON, NOON)
    always = {
        m.key for m in group.members if all(m.employee not in t["off"] | t["busy"] for t in life)
    }
    rung, refused = [], world.refused
    with world.patched():
        world.pass_time(0, life[0]["off"], life[0]["busy"])
        step = service.visit_group(world.call(), group)
        while isinstance(step, api.Ring):
            by_key = {member.key: member for member in group.members}
            targets = [target.key for target in step.targets]
            assert all(world.able(by_key[key]) for key in targets)
            assert not refused & set(targets)
            assert len(targets) <= 10 if group.strategy is Strategy.ALL else len(targets) == 1
            rung += targets
            world.offer(step)
            now = life[len(rung) % len(life)]
            if now["ring"] in (RingOutcome.DECLINED, RingOutcome.BUSY):
                refused |= set(targets)
            world.pass_time(step.seconds, now["off"], now["busy"])
            step = service.ring_ended(world.call(), step.state)
    rounds = 1 if group.strategy is Strategy.ALL else group.rounds
    assert all(rung.count(key) <= rounds for key in rung)
    assert world.facts.get("rings", 0) <= service.MAX_RINGS
    wrapping_up = {"employee:1"} if group.wrap_up_seconds else set()
    assert always - wrapping_up <= set(rung)


@given(
    group=groups.filter(lambda group: group.members),
    life=st.lists(moments, min_size=1, max_size=8),
)
def test_evenly_the_one_who_waited_longest_is_rung_first(group, life):
    group = Group(1, "Sales", members=group.members)
    world = World(group)
    with world.patched():
        for now in life:
            world.pass_time(60, now["off"], now["busy"])
            world.facts.clear()
            step = service.visit_group(world.call(), group)
            waiting = [member.key for member in group.members if world.able(member)]
            if not isinstance(step, api.Ring):
                assert not waiting
                continue
            oldest = min(_offered(world, key) for key in waiting)
            assert _offered(world, step.targets[0].key) == oldest
            world.offer(step)


@given(st.integers(1, 7), st.integers(1, 4))
def test_evenly_shares_calls_out_one_by_one(members, times):
    world = World(Group(1, "Sales", members=tuple(MEMBERS[:members])))
    rung = []
    with world.patched():
        for _ in range(members * times):
            world.pass_time(60)
            world.facts.clear()
            step = service.visit_group(world.call(), world.group)
            rung.append(step.targets[0].key)
            world.offer(step)
    assert all(rung.count(key) == times for key in rung)


def _offered(world, key):
    return world.offers.get(key, api.LastOffer(NOON - timedelta(days=999), None)).offered_at
