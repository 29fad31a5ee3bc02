"""All that the engine must know to take a call's next event, in any process.

It lives as JSON in the call's row; nothing about a call is kept in memory between events.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from operator import attrgetter
from typing import Any

from core.contract.call import Client, Outcome, Talk
from core.contract.steps import Phone, Prompts, Ring, Say, Sip, Sound, Target

CORE = ""
"""Owner of the steps that the core itself orders: consent and the last resort."""


@dataclass(slots=True)
class State:
    """The state of one call.

    Args:
        revision, plan: the plan matrix and plan the call started with; it keeps them.
        stage: position and owner of the last routing stage asked.
        frames: who waits for what, outermost first: [plugin, state of its step, how many rings
            there had been].
        number: of the step last sent out; ``pending`` its kind ("" when none waits).
        sent, rings, waits, legs: how many steps, rings, waits and legs there were.
        notice: the prompts still to be spoken before the first human, as JSON.
        ring: the Ring that waits (for consent, or for its result) as JSON.
        consent: the plugin on whose behalf the caller is asked to be recorded.
        recording: None before the terms were settled, then whether the talk is recorded.
        ringing: numbers of the legs that ring, in the order of the ring's targets.
        accepted: number of the leg that answered (and pressed 1 where asked).
        outcome: what the call has become; otherwise: what it becomes if nothing more happens.
        refused: keys of the targets that declined this call or were busy.
        served: a talk or a message happened; the stages are over.
        dialler: id of the employee who dialled this call and still is on the line.
        talk: the last conversation; earlier: those before it.
        began: when the talk began that is on now, where that is not the call's first answer.
        handed: who took over the talk that is on now: employee or None, target's key, and how many
            seconds others had talked before.
    """

    revision: int = 0
    plan: str = ""
    stage: list[Any] = field(default_factory=lambda: [-1, ""])
    frames: list[list[Any]] = field(default_factory=list)
    number: int = 0
    pending: str = ""
    sent: int = 0
    rings: int = 0
    waits: int = 0
    legs: int = 0
    ring: dict[str, Any] | None = None
    ringing: list[int] = field(default_factory=list)
    last_ring: str = ""
    recording: bool | None = None
    dual_channel: bool = False
    unit: str = ""
    notice: list[list[str]] = field(default_factory=list)
    consent: str = ""
    accepted: int = 0
    refused: list[str] = field(default_factory=list)
    served: bool = False
    resorted: bool = False
    recipient: str = ""
    outcome: str = ""
    otherwise: str = ""
    sip_to: str = ""
    client: dict[str, Any] | None = None
    dialler: int = 0
    talk: dict[str, Any] | None = None
    earlier: list[dict[str, Any]] = field(default_factory=list)
    began: str = ""
    handed: list[Any] = field(default_factory=list)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def as_text(self) -> str:
        """As the call's row keeps it: only what differs from a fresh state."""
        values = {
            name: value
            for name, value, fresh in zip(_NAMES, _values(self), _FRESH, strict=True)
            if value != fresh
        }
        return _encode(values)

    @classmethod
    def from_text(cls, text: str) -> State:
        """Read back what ``as_text`` wrote."""
        return cls(**json.loads(text))

    def known_client(self) -> Client | None:
        """Who the caller is, if a plugin said so."""
        return Client(**self.client) if self.client else None

    def last_talk(self) -> Talk | None:
        """The last conversation, if there was one."""
        return Talk(**self.talk) if self.talk else None

    def talks(self) -> tuple[Talk, ...]:
        """All conversations, in their order."""
        if not self.talk:
            return ()
        return tuple(Talk(**one) for one in (*self.earlier, self.talk))

    def add_talk(self, talk: Talk) -> None:
        """Another conversation has ended."""
        if self.talk:
            self.earlier.append(self.talk)
        self.talk = asdict(talk)


def naming(employee: int) -> tuple[str, str]:
    """The parts of ``as_text`` that say that the client belongs to an employee, and that the call
    was for them, to find calls by. No client's name can look so: its quotes are escaped."""
    return f'"responsible":{employee},"matches":', f'"owner":"employee:{employee}"'


_NAMES = State.__slots__
_values = attrgetter(*_NAMES)
_FRESH = _values(State())

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: ``json.dumps`` with options makes an encoder at every call."""


def ring_as_json(ring: Ring) -> dict[str, Any]:
    """A Ring as the state keeps it."""
    kept = {
        "targets": [target_as_json(target) for target in ring.targets],
        "seconds": ring.seconds,
        "outcome": str(ring.outcome),
        "music": prompts_as_json(ring.music),
    }
    return kept | {"show_caller": True} if ring.show_caller else kept


def ring_from_json(data: dict[str, Any]) -> Ring:
    """The Ring that ``ring_as_json`` kept."""
    return Ring(
        targets=tuple(target_from_json(target) for target in data["targets"]),
        seconds=data["seconds"],
        outcome=Outcome(data["outcome"]),
        music=prompts_from_json(data.get("music", [])),
        show_caller=data.get("show_caller", False),
    )


def prompts_as_json(prompts: Prompts) -> list[list[str]]:
    """Prompts, whose melodies were found already, as the state keeps them."""
    return [
        [one.text, "", one.key] if isinstance(one, Sound) else [one.text, one.language]
        for one in prompts
    ]


def prompts_from_json(data: list[list[str]]) -> Prompts:
    """The prompts that ``prompts_as_json`` kept."""
    return tuple(Sound(one[2], one[0]) if len(one) == 3 else Say(*one) for one in data)


def target_as_json(target: Target) -> list[Any]:
    """A target as the state keeps it."""
    if isinstance(target, Sip):
        return ["sip", target.address, target.employee]
    return ["phone", target.number, target.employee, target.confirm]


def target_from_json(data: list[Any]) -> Target:
    """The target that ``target_as_json`` kept."""
    kind, *values = data
    return Sip(*values) if kind == "sip" else Phone(*values)
