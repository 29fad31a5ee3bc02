"""What the engine wants done, as the text that is stored with the event and performed over ARI.

Whatever needs the account's configuration (endpoints, caller ids) is settled here, inside the
engine's transaction: the process that performs the text needs no database, and after a restart the
same text means the same.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from typing import Any

from core.api import (
    Call,
    Direction,
    Gather,
    Hangup,
    Leg,
    Order,
    Outcome,
    Phone,
    Play,
    Prompts,
    Reject,
    Ring,
    Sound,
    Step,
    TakeMessage,
    Wait,
    employees,
)
from plugins.asterisk.dialling import endpoint_of

KINDS: dict[type[Step], str] = {
    Play: "play",
    Gather: "gather",
    Ring: "ring",
    Wait: "wait",
    TakeMessage: "message",
    Hangup: "hangup",
    Reject: "reject",
}

_UNSPEAKABLE = re.compile(r"[^\w .,&()'-]")
"""What has no place in a display name: the name is part of a header."""

NAME_CHARACTERS = 40

ANONYMOUS = "anonymous"
"""What a phone shows of a caller who withheld the number."""


@dataclass(frozen=True, slots=True)
class RungLeg:
    """A phone to be rung: ``endpoint`` is Asterisk's name of it, "" when it has none; ``caller_id``
    what it shows; ``confirm``: 1 must be pressed on it."""

    number: int
    endpoint: str
    caller_id: str
    confirm: bool = False
    employee: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One thing to do for a call.

    Args:
        kind: one of ``KINDS``.
        token: names everything of the call in Asterisk.
        number: under which the result must come back.
        gateway, account, language: whose call it is.
        prompts: ``["say", text, language]`` or ``["sound", key, text]``.
        digits, first_seconds, between_seconds, finish_key: of a gather.
        seconds: how long to ring or wait, or the longest message.
        heard: seconds of the prompts that earlier waits have played.
        legs, notice, music, record, dual: of a ring.
        dialled: whether one of the company's own has dialled: the notice is for who answers then.
        line: of a ring, the number whose music is heard on hold; 0: none.
        busy: whether a refused caller is told that the number is busy.
    """

    kind: str
    token: str
    number: int
    gateway: int
    account: int
    language: str = ""
    prompts: tuple[tuple[str, ...], ...] = ()
    digits: int = 0
    first_seconds: int = 0
    between_seconds: int = 0
    finish_key: str = ""
    seconds: int = 0
    heard: int = 0
    legs: tuple[RungLeg, ...] = ()
    notice: tuple[tuple[str, ...], ...] = ()
    dialled: bool = False
    music: tuple[tuple[str, ...], ...] = ()
    line: int = 0
    record: bool = False
    dual: bool = False
    busy: bool = False

    @classmethod
    def read(cls, text: str) -> Instruction:
        """Read back what ``render`` wrote.

        Raises:
            ValueError: it is none of ours.
        """
        values = json.loads(text)
        try:
            for name in ("prompts", "notice", "music"):
                values[name] = tuple(tuple(one) for one in values.get(name, ()))
            values["legs"] = tuple(RungLeg(*one) for one in values.get("legs", ()))
            return cls(**values)
        except (TypeError, AttributeError) as error:
            raise ValueError(f"This is no instruction: {text[:80]!r}") from error

    def as_text(self) -> str:
        """As it is stored: only what is said."""
        values = {
            one.name: getattr(self, one.name)
            for one in fields(self)
            if getattr(self, one.name) != one.default
        }
        if self.legs:
            values["legs"] = [list(asdict(leg).values()) for leg in self.legs]
        return _encode(values)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: ``json.dumps`` with options makes an encoder at every call."""


def render(gateway_id: int, server: str, order: Order) -> str:
    """The instruction for an order, as text; the order comes last, so that
    ``functools.partial(render, gateway_id, server)`` is what the engine asks for.

    Args:
        gateway_id: of the trunk or phone over which the call came.
        server: the name of the Asterisk server at which it is.
        order: the step, with what the engine decided about it.
    """
    call, step = order.call, order.step
    return Instruction(
        kind=_kind(step),
        token=order.token,
        number=order.number,
        gateway=gateway_id,
        account=call.account.id,
        language=call.account.language,
        prompts=_prompts(getattr(step, "prompts", ())),
        **_details(gateway_id, server, order),
    ).as_text()


def _kind(step: Step) -> str:
    """The word for a step. A call that nobody took is not refused: it ends as one unanswered."""
    if isinstance(step, Reject) and step.outcome is Outcome.MISSED and not step.busy:
        return KINDS[Hangup]
    return KINDS[type(step)]


def _details(gateway_id: int, server: str, order: Order) -> dict[str, Any]:
    """What only steps of this kind say."""
    match order.step:
        case Gather() as gather:
            return {
                "digits": gather.digits,
                "first_seconds": gather.first_seconds,
                "between_seconds": gather.between_seconds,
                "finish_key": gather.finish_key,
            }
        case Wait() as wait:
            return {"seconds": wait.seconds, "heard": wait.heard}
        case TakeMessage() as message:
            return {"seconds": message.max_seconds}
        case Reject() as reject:
            return {"busy": reject.busy}
        case Ring() as ring:
            return {
                "legs": tuple(_leg(gateway_id, server, order, leg) for leg in order.legs),
                "seconds": ring.seconds,
                "notice": _prompts(order.notice),
                "dialled": order.call.direction is not Direction.INCOMING,
                "music": _prompts(ring.music),
                "line": order.call.line.id,
                "record": order.record,
                "dual": order.record and order.dual_channel,
            }
    return {}


def _prompts(prompts: Prompts) -> tuple[tuple[str, ...], ...]:
    return tuple(
        ("sound", one.key, one.text) if isinstance(one, Sound) else ("say", one.text, one.language)
        for one in prompts
        if isinstance(one, Sound) or one.text.strip()
    )


def _leg(gateway_id: int, server: str, order: Order, leg: Leg) -> RungLeg:
    call, target = order.call, leg.target
    outside = isinstance(target, Phone)
    shown = _shown_outside(call, order.step) if outside else _shown_inside(call)
    return RungLeg(
        number=leg.number,
        endpoint=endpoint_of(call.account, gateway_id, target, server),
        caller_id=shown,
        confirm=outside and target.confirm,
        employee=target.employee,
    )


def _shown_inside(call: Call) -> str:
    """An employee sees who is there: the client, by name where it is known, or the colleague."""
    number = call.client_number or call.caller or ANONYMOUS
    name = _UNSPEAKABLE.sub("", _name(call)).strip()[:NAME_CHARACTERS]
    return f'"{name}" <{number}>' if name else f"<{number}>"


def _name(call: Call) -> str:
    if call.direction is not Direction.INTERNAL:
        return call.client.name if call.client else ""
    dialler = employees(call.account).get(call.employee)
    return dialler.name if dialler else ""


def _shown_outside(call: Call, ring: Ring) -> str:
    """Outside sees the rented number, or the caller's where that is switched on (O6)."""
    number = call.caller if ring.show_caller and call.caller else call.line.number
    return f"<{number}>" if number else ""
