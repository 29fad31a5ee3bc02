"""What a gateway reports. Each event has a key: the same key again gets the stored answer again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ResultKind(StrEnum):
    """How a waiting step ended."""

    DIGITS = "digits"
    NO_INPUT = "no-input"
    PLAYED = "played"
    RANG = "rang"
    WAITED = "waited"
    MESSAGE = "message"
    NOT_CONNECTED = "not-connected"


class RingOutcome(StrEnum):
    """How ringing ended, whatever the gateway calls it."""

    ANSWERED = "answered"
    BUSY = "busy"
    DECLINED = "declined"
    NO_ANSWER = "no-answer"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """How a waiting step ended, handed to ``continue_call`` of the plugin that returned it.

    Args:
        digits: the keys, for ``digits``.
        ring: how ringing ended, for ``rang`` and (why) for ``not-connected``.
        seconds: length of the conversation or message.
        caller_gone: the caller has hung up: nothing more can be played.
        recording_ref / recording_url: the provider's name and address of a message.
        transfer: the employee who talked has transferred the other party, blind, to this extension
            or number as they dialled it; with ``rang`` and ``answered``, ``seconds`` as ever.
        by_caller: it was the party that called who transferred (an employee's own outgoing or
            internal call): the call goes on with the other one.
        nowhere: for ``not-connected``: the caller dialled what there is not, see ``Nowhere``.
    """

    kind: ResultKind
    digits: str = ""
    ring: RingOutcome | None = None
    seconds: int = 0
    caller_gone: bool = False
    recording_ref: str = ""
    recording_url: str = ""
    transfer: str = ""
    by_caller: bool = False
    nowhere: bool = False


@dataclass(frozen=True, slots=True)
class CallArrived:
    """A call reaches a number. ``ref`` is the provider's name of the call; ``caller`` is E.164 or
    "" when withheld; ``sip_to`` the user part of the To header (R1)."""

    gateway_id: int
    ref: str
    number: str
    caller: str
    at: datetime
    sip_to: str = ""

    @property
    def key(self) -> str:
        """One arrival per call."""
        return "arrived"


@dataclass(frozen=True, slots=True)
class CallDialled:
    """An employee's phone dials. ``ref`` is the gateway's name of the call, ``employee`` the id of
    who dials; ``dialled`` an extension, an emergency number, or an outside number as it was typed
    (with or without the code of the account's country)."""

    gateway_id: int
    ref: str
    employee: int
    dialled: str
    at: datetime

    @property
    def key(self) -> str:
        """One arrival per call."""
        return "arrived"


@dataclass(frozen=True, slots=True)
class StepEnded:
    """A waiting step has its result. ``step`` is the number under which it was sent out."""

    gateway_id: int
    token: str
    step: int
    result: Result
    at: datetime

    @property
    def key(self) -> str:
        """One result per step."""
        return f"step-{self.step}"


@dataclass(frozen=True, slots=True)
class LegChanged:
    """Something happened to one rung phone. ``status`` is ``ringing``, ``answered``, ``accepted``
    (pressed 1) or ``ended``; ``ring`` says how it ended."""

    gateway_id: int
    token: str
    leg: int
    status: str
    at: datetime
    ring: RingOutcome | None = None

    @property
    def key(self) -> str:
        """One event per leg and status."""
        return f"leg-{self.leg}-{self.status}"


@dataclass(frozen=True, slots=True)
class TalkHandedOver:
    """An attended transfer: from here on somebody else talks to the party that stays. The Ring
    goes on: its result counts its seconds from its answer on, whoever talked. Needs no answer.

    Args:
        step: the number of the Ring.
        employee: id of who talks now; None for an outside number.
        number: the outside number that talks now; "" for an employee.
        by_caller: the party that called has handed over, see ``Result``.
    """

    gateway_id: int
    token: str
    step: int
    employee: int | None
    number: str
    at: datetime
    by_caller: bool = False

    @property
    def key(self) -> str:
        """One event per hand-over; of one Ring there may be several."""
        return f"handed-{self.step}-{self.at.isoformat()}"


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The caller's leg is over, by whoever's hand. Found by ``ref``."""

    gateway_id: int
    ref: str
    at: datetime

    @property
    def key(self) -> str:
        """One end per call."""
        return "ended"


@dataclass(frozen=True, slots=True)
class RecordingChanged:
    """News of a recording. ``status``: ``in-progress``, ``completed``, ``absent`` or ``failed``."""

    gateway_id: int
    token: str
    ref: str
    status: str
    at: datetime
    url: str = ""
    seconds: int = 0
    channels: int = 1
    kind: str = "conversation"

    @property
    def key(self) -> str:
        """One event per recording and status."""
        return f"recording-{self.ref}-{self.status}"


Event = (
    CallArrived
    | CallDialled
    | StepEnded
    | LegChanged
    | TalkHandedOver
    | CallEnded
    | RecordingChanged
)
