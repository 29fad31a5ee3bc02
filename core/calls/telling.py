"""A dry run in plain words and data, as pages and programs are told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.calls.found import Found
from core.calls.order import Order
from core.contract.call import Outcome
from core.contract.events import Result, ResultKind
from core.contract.steps import Prompt, Sound


def step_told(order: Order, at: datetime) -> dict[str, Any]:
    """A step as pages and programs are told of it; what it has nothing of is left out."""
    step = order.step
    prompts = [*order.notice, *getattr(step, "prompts", ())]
    music = getattr(step, "music", ())
    told = {
        "says": [_said(one) for one in prompts],
        "music": [_said(one) for one in music],
        "plays": [one.key for one in (*prompts, *music) if isinstance(one, Sound)],
        "rings": [leg.target.key for leg in order.legs],
        "for": getattr(step, "recipient", ""),
        "recorded": order.record,
    }
    local = at.astimezone(order.call.line.zone).isoformat()
    return {"at": local, "step": step.word} | {key: one for key, one in told.items() if one}


def _said(prompt: Prompt) -> str:
    """What the caller hears, in words."""
    return prompt.text or getattr(prompt, "key", "")


def end_of(found: Found) -> str:
    """Where a call ended: who talked to the caller, or whose message box it was."""
    state = found.state
    if state.talk:
        return state.talk["target"]
    if found.outcome == Outcome.VOICEMAIL:
        return f"voicemail:{state.recipient}" if state.recipient else "voicemail"
    return ""


def in_words(result: Result) -> str:
    """How a step ended."""
    match result.kind:
        case ResultKind.DIGITS:
            return f"pressed {result.digits}"
        case ResultKind.RANG:
            return f"{result.ring}, {result.seconds} s" if result.seconds else str(result.ring)
        case ResultKind.MESSAGE:
            return f"message of {result.seconds} s"
    return str(result.kind)
