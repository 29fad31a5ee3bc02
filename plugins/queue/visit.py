"""What a call remembers of groups: of one visit in the state of its steps, of all in its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from core import api
from plugins.queue.models import Strategy
from plugins.queue.picking import TRIED, Picked

REST = timedelta(seconds=60)
"""A caller who waits has whoever did not answer rung again, but not sooner."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of a group: plain JSON in the state of its steps.

    Args:
        group: id of the group.
        strategy: the one in force: the group's, as far as the plan includes it.
        members: so many members take part; None: all.
        round: which round this is, from 1.
        tried: keys of the members rung in this round; ``rung``: so many of them by the last step.
        waits_since: ISO instant since which the caller waits; "" while they do not.
        quiet_since: ISO instant since which nobody was rung for the caller who waits; "" for none.
    """

    group: int
    strategy: Strategy
    members: int | None = None
    round: int = 1
    tried: tuple[str, ...] = ()
    rung: int = 0
    waits_since: str = ""
    quiet_since: str = ""

    def as_state(self) -> dict[str, Any]:
        """For ``Step.state``."""
        return {**asdict(self), "tried": list(self.tried)}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Visit:
        """Read back what ``as_state`` wrote."""
        strategy, tried = Strategy(state["strategy"]), tuple(state["tried"])
        return cls(**{**state, "strategy": strategy, "tried": tried})

    def rang(self, keys: tuple[str, ...]) -> Visit:
        """The visit with these members rung."""
        return replace(self, tried=self.tried + keys, rung=len(keys), quiet_since="")

    def rested(self, at: datetime) -> Visit:
        """The visit at an instant: when it was quiet for long enough, all may be rung again."""
        if self.quiet_since and at - datetime.fromisoformat(self.quiet_since) >= REST:
            return replace(self, tried=(), quiet_since="")
        return self

    def waiting(self, at: datetime, picked: Picked) -> Visit:
        """The visit of a caller who waits from now on, or still; who was tried and cannot be rung
        now is free to be rung once they can."""
        now = at.isoformat()
        return replace(
            self,
            tried=picked.skipped_as(TRIED),
            waits_since=self.waits_since or now,
            quiet_since=self.quiet_since or now,
        )


@dataclass(frozen=True, slots=True)
class History:
    """What groups did so far in this call; ``as_facts`` is read by other calls and by the page of
    the call.

    Args:
        groups: ids of the groups the call was in.
        rings: how often groups rang.
        waits: how many pauses the caller heard; ``waited``: seconds of them.
        unsure: keys of members who were rung together and of whom one refused the call.
        waiting: while the caller waits: ``group``, ``since`` and ``until`` (ISO instants: since
            when, and the end of the present pause), ``barred`` (keys of members who cannot be rung
            for this caller).
    """

    groups: tuple[int, ...] = ()
    rings: int = 0
    waits: int = 0
    waited: int = 0
    unsure: tuple[str, ...] = ()
    waiting: Mapping[str, Any] | None = None

    def as_facts(self) -> dict[str, Any]:
        """For ``Step.facts``; the last group owns the call if it is missed (R9)."""
        owner = f"queue:{self.groups[-1]}" if self.groups else ""
        told = {"groups": list(self.groups), "unsure": list(self.unsure), "owner": owner}
        return {**asdict(self), **told}

    @classmethod
    def of(cls, call: api.Call) -> History:
        """Of this call; empty before the first group."""
        facts = call.facts.get("queue", {})
        known = {one.name: facts[one.name] for one in fields(cls) if one.name in facts}
        known |= {name: tuple(known[name]) for name in ("groups", "unsure") if name in known}
        return cls(**known)

    def entered(self, group: int) -> History:
        """With one more group."""
        return self if group in self.groups else replace(self, groups=(*self.groups, group))

    def rang_out(self, result: api.Result, visit: Visit) -> History:
        """With those of whom one refused, when several were rung (R6)."""
        refused = result.ring in (api.RingOutcome.DECLINED, api.RingOutcome.BUSY)
        if not refused or visit.rung < 2:
            return self
        return replace(self, unsure=self.unsure + visit.tried[-visit.rung :])

    def refused(self, call: api.Call) -> frozenset[str]:
        """The keys of those who are not rung again for this call: who refused it, and as long as
        nobody says who of several did, all of them."""
        told = call.refused & set(self.unsure)
        return call.refused if told else call.refused | set(self.unsure)
