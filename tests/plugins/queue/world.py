"""A world of plain data for tests of groups: people, what they were offered, and the clock."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from datetime import timedelta
from unittest.mock import patch

from core import api
from core.contract.call import WaitingCall
from plugins.queue import rules, service
from plugins.queue.groups import Member
from tests.support.calls import NOON, make_call, make_employee

PLAN = {
    "queue.ring_all": True,
    "queue.overflow": True,
    "queue.max_groups": "unlimited",
    "queue.max_members": "unlimited",
}
EMPLOYEES = range(1, 7)
MEMBERS = [*(Member(id) for id in EMPLOYEES), Member(number="+393401112233")]


class World:
    """Groups by id, who is off, busy or absent, and one call after the other, or many at once."""

    def __init__(self, *groups):
        self.groups = {group.id: group for group in groups}
        self.at = NOON
        self.off, self.busy, self.away = set(), frozenset(), set()
        self.offers = {}
        self.calls = []

    @contextmanager
    def open(self):
        """While this is open, the plugin sees this world."""
        seen = Api(employees=self._people, last_offers=self._last_offers)
        with ExitStack() as stack:
            for module in (service, rules):
                stack.enter_context(patch.object(module, "groups", lambda account: self.groups))
                stack.enter_context(patch.object(module, "api", seen))
            yield self

    def pass_time(self, seconds, off=(), busy=(), away=()):
        """The clock moves on, and people come and go."""
        self.at += timedelta(seconds=seconds)
        self.off, self.busy, self.away = set(off), frozenset(busy), set(away)

    def able(self, group, key):
        """Whether a member could be rung now: said a second time, in other words."""
        talked = self.offers.get(key, api.NEVER).talked_until
        if talked and (self.at - talked).total_seconds() < group.wrap_up_seconds:
            return False
        kind, _, id = key.partition(":")
        return kind == "number" or int(id) not in self.off | self.busy | self.away

    def offered(self, key):
        """When a member was last rung; long ago if never."""
        found = self.offers.get(key, api.NEVER).offered_at
        return found or NOON - timedelta(days=999)

    def _people(self, account):
        return {id: make_employee(id, available=id not in self.off) for id in EMPLOYEES}

    def _last_offers(self, call, keys):
        return {key: self.offers[key] for key in keys if key in self.offers}


class Caller:
    """One call in the world, carried out as the engine would; ``step`` is what it does now."""

    def __init__(self, world):
        self.world = world
        self.facts, self.refused, self.connects = {}, set(), []
        self.step = None
        world.calls.append(self)
        self.id = len(world.calls)

    @property
    def rung(self):
        """The keys of those who are rung now."""
        return [one.key for one in self.step.targets] if isinstance(self.step, api.Ring) else []

    def call(self):
        """The call as hooks see it."""
        world = self.world
        return make_call(
            id=self.id,
            plan=PLAN,
            at=world.at,
            busy=world.busy | self._rung_by_others(),
            absent=lambda employee: "on a break" if employee in world.away else "",
            refused=frozenset(self.refused),
            facts={"queue": self.facts},
            waiting_calls=self._others_waiting,
        )

    def enter(self, group):
        """The call reaches a group."""
        self._take(service.visit_group(self.call(), group))

    def result(self, ring=api.RingOutcome.NO_ANSWER):
        """The present step ends without an answer."""
        step, state = self.step, self.step.state
        if isinstance(step, api.Wait):
            self._take(service.wait_ended(self.call(), state))
        else:
            result = api.Result(api.ResultKind.RANG, ring=ring)
            self._take(service.ring_ended(self.call(), result, state))

    def _take(self, step):
        while True:
            self.step = step
            self.facts.update(step.facts if step else {})
            for key in self.rung:
                self.world.offers[key] = api.LastOffer(self.world.at, None)
            if not isinstance(step, api.Connect) or step.destination.kind != "queue":
                return
            group = self.world.groups[int(step.destination.id)]
            self.connects.append(group.id)
            step = service.visit_group(self.call(), group)

    def _rung_by_others(self):
        keys = [key for other in self.world.calls if other is not self for key in other.rung]
        return {int(key.partition(":")[2]) for key in keys if key.startswith("employee:")}

    def _others_waiting(self):
        others = (one for one in self.world.calls if one is not self)
        waiting = (one for one in others if isinstance(one.step, api.Wait))
        return [WaitingCall(one.id, {"queue": one.facts}) for one in waiting]


class Api:
    """`core.api` with some functions replaced."""

    def __init__(self, **replaced):
        self.__dict__.update(replaced)

    def __getattr__(self, name):
        return getattr(api, name)
