"""What the engine hands a gateway to carry out, and what a gateway gets back."""

from __future__ import annotations

from dataclasses import dataclass

from core.contract.call import Call
from core.contract.steps import Prompts, Step, Target


@dataclass(frozen=True, slots=True)
class Leg:
    """One phone to be rung; ``number`` names it within its call."""

    number: int
    target: Target


@dataclass(frozen=True, slots=True)
class Order:
    """A step to carry out.

    Args:
        call: the call, as the plugins see it.
        token: stands in the addresses at which the provider reports back.
        number: the number under which the step's result must come back.
        step: what to do.
        legs: for a Ring, the phones.
        notice: prompts to speak before the talk (Q3): to the caller, before ringing; on a call that
            an employee dialled, to whoever answers, before the two are connected.
        record, dual_channel: whether and how the conversation is recorded from its answer on.
    """

    call: Call
    token: str
    number: int
    step: Step
    legs: tuple[Leg, ...] = ()
    notice: Prompts = ()
    record: bool = False
    dual_channel: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway said when it first carried out the event's order: repeated byte for byte.

    ``body`` is "" for events that need no answer.
    """

    body: str
    repeated: bool = False
