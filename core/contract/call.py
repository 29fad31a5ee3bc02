"""What a hook is told: small frozen pictures of an account, a line, an employee and a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo


class Outcome(StrEnum):
    """How a call ended; exactly one per call (R9)."""

    ANSWERED = "answered"
    MISSED = "missed"
    VOICEMAIL = "voicemail"
    FORWARDED = "forwarded"
    CLOSED = "closed"
    REJECTED = "rejected"
    ABANDONED = "abandoned"


class Direction(StrEnum):
    """Who called whom: the world the company, an employee the world, or an employee another."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    INTERNAL = "internal"


class LineKind(StrEnum):
    """The kinds of connection an account can have (N1)."""

    RENTED = "rented"
    SIP_PBX = "sip-pbx"
    CALLER_ID = "caller-id"
    APPLICATION = "application"


@cache
def _zone(name: str) -> ZoneInfo:
    """A zone by its name: of more than eight, ``ZoneInfo`` itself reads some from disk again."""
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Account:
    """Who subscribes. ``version`` grows with every change of the account's configuration."""

    id: int
    name: str
    plan: str
    timezone: str
    country: str
    language: str
    version: int

    @property
    def zone(self) -> ZoneInfo:
        """The account's own time zone (W1)."""
        return _zone(self.timezone)


@dataclass(frozen=True, slots=True)
class Line:
    """A number of an account. ``timezone`` is resolved: the number's own, else the account's."""

    id: int
    number: str
    name: str
    kind: LineKind
    timezone: str

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this number keeps its hours (W1)."""
        return _zone(self.timezone)


@dataclass(frozen=True, slots=True)
class Employee:
    """A person who can be rung. Numbers are E.164, ``sip`` is an address such as ``anna@host``."""

    id: int
    name: str
    extension: str
    sip: str
    mobile: str
    other_number: str
    available: bool


@dataclass(frozen=True, slots=True)
class Client:
    """Who the caller is, as found by ``identify_caller`` (C1).

    ``source`` is the plugin that found them, ``ref`` its own key for them; ``responsible`` is the
    id of the employee the client belongs to, or None. ``stranger``: nothing is known of them but
    that they called before.
    """

    source: str
    ref: str
    name: str
    responsible: int | None = None
    matches: int = 1
    stranger: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: who talked to the caller and for how many seconds."""

    employee: int | None
    target: str
    seconds: int
    recorded: bool


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """Another call of the account whose caller hears a ``Wait`` now; ``facts`` as in ``Call``."""

    id: int
    facts: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Call:
    """A call as a hook sees it. Instants are UTC and aware; ``at`` is the event's own instant.

    ``caller`` is who called: E.164, "" when withheld; of an outgoing call the number of the line,
    of an internal one the employee's extension. ``called`` is what was dialled. ``employee`` is
    the one who dialled, of an outgoing or internal call. ``talks`` are all conversations in their
    order (a transfer begins another one), ``talk`` the last of them.

    ``busy`` are the employees whom other calls occupy; ``refused`` the targets (``Target.key``)
    that declined this call or were busy. ``facts`` holds what steps stated earlier in the call, by
    plugin name. ``ask`` puts a question to the gate and leaves the answer in the trace; ``note``
    leaves a sentence there. ``absent`` says why an employee does not work now (R7), "" when they
    do. ``waiting_calls`` reads the account's other calls that wait now, for whoever serves callers
    in the order in which they came (R6). ``dry``: a dry run of some other time, for which it says
    nothing what other calls did until now (S3).
    """

    id: int
    account: Account
    line: Line
    caller: str
    called: str
    started_at: datetime
    at: datetime
    client: Client | None = None
    sip_to: str = ""
    busy: frozenset[int] = frozenset()
    refused: frozenset[str] = frozenset()
    outcome: Outcome | None = None
    talk: Talk | None = None
    talks: tuple[Talk, ...] = ()
    direction: Direction = Direction.INCOMING
    employee: int | None = None
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ask: Callable[[str], Any] = field(default=lambda key: None, compare=False, repr=False)
    absent: Callable[[int], str] = field(default=lambda employee: "", compare=False, repr=False)
    waiting_calls: Callable[[], Sequence[WaitingCall]] = field(
        default=tuple, compare=False, repr=False
    )
    dry: bool = False
    notes: list[str] = field(default_factory=list, compare=False, repr=False)

    @property
    def anonymous(self) -> bool:
        """True when the caller withheld the number: never matched, never called back."""
        return not self.caller

    @property
    def client_number(self) -> str:
        """The number outside the company, which may be a client's (C1): the caller's of an incoming
        call, the dialled one of an outgoing call; "" when withheld, and of an internal call."""
        if self.direction is Direction.OUTGOING:
            return self.called
        return self.caller if self.direction is Direction.INCOMING else ""

    @property
    def local_time(self) -> datetime:
        """``at`` on the line's own clock."""
        return self.at.astimezone(self.line.zone)

    def note(self, sentence: str) -> None:
        """Leave a sentence in the trace, for whoever asks later why the call went this way; made by
        ``phrase``, it is said in their language."""
        self.notes.append(sentence)

    def allows(self, feature: str) -> bool:
        """Whether the plan this call started with includes a feature; the gate's word is traced."""
        return bool(self.ask(feature).allowed)
