"""What a plugin wants done, and what a gateway does: one thing, one word, *step*.

A step that waits (Play, Gather, Ring, Wait, TakeMessage, Connect) belongs to the plugin that
returned it: its result comes back to that plugin's ``continue_call`` with the ``state`` attached
to the step.
``state`` and ``facts`` must be plain JSON; they survive ``kill -9`` inside the call's row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.contract.call import Outcome


@dataclass(frozen=True, slots=True)
class Say:
    """A prompt: a text spoken by the provider. ``language`` is a BCP 47 tag, "" the account's."""

    text: str
    language: str = ""


TONES = (
    "greeting",
    "notice",
    "ringback",
    "waiting",
    "hold",
    "voicemail",
    "rating",
    "thanks",
    "outside-hours",
)
"""The melodies that every number has, by name (M1)."""


@dataclass(frozen=True, slots=True)
class Tone:
    """A prompt: one of ``TONES``, as the number, its account or the system has it (M2), or another
    sentence that a plugin may have ready.

    The engine puts what ``find_tone`` answers in its place; no gateway ever sees it. ``text`` is
    spoken where nobody has such a melody, in ``language`` ("" the account's). ``key`` is the key
    that the sentence names, if it names one.
    """

    name: str
    text: str
    language: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Sound:
    """A prompt: an audio file. ``key`` is the key of the plugin that has it, behind its name:
    ``melodies:17``; ``text`` is what it says, for traces and for gateways that cannot play it."""

    key: str
    text: str = ""


Prompt = Say | Tone | Sound
Prompts = tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class Destination:
    """Somewhere a call can be sent, offered by one plugin: ``queue`` 3, ``employee`` 17 …

    ``kind`` is declared by the offering plugin; ``id`` is that plugin's own key.
    """

    kind: str
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind

    @classmethod
    def parse(cls, text: str) -> Destination:
        """Read ``kind:id`` back, as settings store it."""
        kind, _, key = text.partition(":")
        return cls(kind, key)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number on the public network. ``confirm``: must press 1 to accept (R6)."""

    number: str
    employee: int | None = None
    confirm: bool = False

    @property
    def key(self) -> str:
        """Names the one who is offered the call, for fairness and for the legs."""
        return employee_key(self.employee) if self.employee else f"number:{self.number}"


@dataclass(frozen=True, slots=True)
class Sip:
    """A SIP address such as ``anna@pbx.example``; never leaves to the public network."""

    address: str
    employee: int | None = None

    @property
    def key(self) -> str:
        """Names the one who is offered the call, for fairness and for the legs."""
        return employee_key(self.employee) if self.employee else f"sip:{self.address}"


Target = Phone | Sip


def employee_key(id: int) -> str:
    """The ``key`` of every phone of an employee."""
    return f"employee:{id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What all steps share.

    Args:
        state: handed back with the step's result.
        facts: kept with the call, under the plugin's name.
        reason: why, for the trace.
        otherwise: the call's outcome if from here on nobody talks and no message is left.
        place: where on the number's flow this happens, as a destination's text, when that is not
            the stage or destination that was asked: a menu below, ``ivr:9``.
    """

    state: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    otherwise: Outcome | None = None
    place: str = ""

    @property
    def word(self) -> str:
        """How traces and dry runs name the step: ``gather``, ``take-message``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()


@dataclass(frozen=True, slots=True)
class Play(Step):
    """Speak the prompts, then come back with the result ``played``."""

    prompts: Prompts


@dataclass(frozen=True, slots=True)
class Gather(Step):
    """Speak the prompts and collect keys; a key stops the prompt (barge-in).

    Args:
        digits: how many keys at most.
        first_seconds: wait for the first key, from the end of the prompt (R4: 5 s).
        between_seconds: wait between keys (R4: 2 s).
        finish_key: the key that ends the input, "" for none.
    """

    prompts: Prompts
    digits: int = 1
    first_seconds: int = 5
    between_seconds: int = 2
    finish_key: str = "#"


@dataclass(frozen=True, slots=True)
class Ring(Step):
    """Ring the targets at the same time; the first to answer has the call.

    Args:
        seconds: how long, 5 to 600.
        outcome: what the call becomes when it is answered (``forwarded`` for outside numbers).
        music: what the caller hears meanwhile, where the gateway can; nothing: its own ringing.
        show_caller: an outside number that is rung sees the caller's number instead of the rented
            one, where the gateway can (O6).
    """

    targets: tuple[Target, ...]
    seconds: int = 25
    outcome: Outcome = Outcome.ANSWERED
    music: Prompts = ()
    show_caller: bool = False


@dataclass(frozen=True, slots=True)
class Wait(Step):
    """Let the caller hear the prompts over and over, then come back with the result ``waited``.

    Args:
        seconds: how long at most, 1 to 60; whoever waits for something asks again then.
        heard: how many seconds of the prompts earlier waits have played: a melody goes on there.
    """

    prompts: Prompts
    seconds: int = 10
    heard: int = 0


@dataclass(frozen=True, slots=True)
class TakeMessage(Step):
    """Speak the prompts and record a message for ``recipient`` (a Destination as text)."""

    prompts: Prompts
    recipient: str = ""
    max_seconds: int = 120


@dataclass(frozen=True, slots=True)
class Connect(Step):
    """Send the call to a destination that another plugin offers.

    When nobody answers there, the result ``not-connected`` comes back to this plugin.
    """

    destination: Destination


@dataclass(frozen=True, slots=True)
class Nowhere(Step):
    """What the caller dialled leads nowhere: nobody has this extension, or nobody may dial it.

    Whoever connected the call there is told ``not-connected`` with ``nowhere``, so that a wrong
    extension is not taken for one that nobody answered (R4).
    """

    @property
    def word(self) -> str:
        """Nothing happens; the reason says why."""
        return "nothing"


@dataclass(frozen=True, slots=True)
class Hangup(Step):
    """Speak the prompts and hang up. ``outcome`` None leaves the outcome to what has happened."""

    prompts: Prompts = ()
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Reject(Step):
    """Refuse the call before it is answered (no charge where the provider can); outcome closed
    or rejected."""

    outcome: Outcome = Outcome.REJECTED
    busy: bool = False


@dataclass(frozen=True, slots=True)
class TalkTerms:
    """On what terms a conversation starts: what ``prepare_talk`` contributes (Q1-Q3).

    Args:
        unit: the quota feature of which one unit is taken before this is done; none left: the
            terms are dropped and the call goes on.
        dual_channel: each party on a channel of its own.
        notice: spoken once, after all other prompts and before the first human.
        consent: ``notice`` (or no notice at all), ``opt-out`` (the key refuses), ``opt-in`` (the
            key agrees).
        key: the key for opt-out and opt-in.
    """

    unit: str
    dual_channel: bool = False
    notice: Prompts = ()
    consent: str = "notice"
    key: str = "1"
