"""Checks what a plugin answered before anything is done with it: rubbish is the plugin's fault."""

from __future__ import annotations

import json
from typing import Any

from core.contract.call import Outcome
from core.contract.steps import (
    Connect,
    Destination,
    Gather,
    Hangup,
    Phone,
    Play,
    Reject,
    Ring,
    Say,
    Sip,
    Step,
    TakeMessage,
)


def rubbish(step: Step) -> str:
    """What is wrong with a step, in one sentence; "" when it can be carried out."""
    if not isinstance(step, (Gather, Play, Ring, TakeMessage, Connect, Hangup, Reject)):
        return f"{type(step).__name__} is no step a gateway knows"
    return _wrong_state(step) or _wrong_prompts(step) or _wrong_parts(step)


def _wrong_state(step: Step) -> str:
    if step.otherwise is not None and not isinstance(step.otherwise, Outcome):
        return f"otherwise {step.otherwise!r} is no outcome"
    for name in ("state", "facts"):
        value = getattr(step, name)
        if not value:
            continue
        if not isinstance(value, dict):
            return f"{name} is no dictionary"
        try:
            json.dumps(value)
        except (TypeError, ValueError) as error:
            return f"{name} is not plain JSON: {error}"
    return ""


def _wrong_prompts(step: Step) -> str:
    prompts = getattr(step, "prompts", ())
    good = isinstance(prompts, tuple) and all(
        isinstance(prompt, Say) and isinstance(prompt.text, str) for prompt in prompts
    )
    return "" if good else f"prompts {prompts!r} are no tuple of Say"


def _wrong_parts(step: Step) -> str:
    match step:
        case Ring():
            return _wrong_ring(step)
        case Gather():
            whole = _whole(step.digits, 1, 32) and _whole(step.first_seconds, 1, 600)
            return "" if whole else f"digits {step.digits!r} or first_seconds are out of range"
        case TakeMessage():
            return "" if _whole(step.max_seconds, 1, 3600) else "max_seconds is out of range"
        case Connect():
            return "" if isinstance(step.destination, Destination) else "destination is none"
        case Hangup() | Reject():
            known = step.outcome is None or isinstance(step.outcome, Outcome)
            return "" if known else f"outcome {step.outcome!r} is none"
    return ""


def _wrong_ring(ring: Ring) -> str:
    targets: Any = ring.targets
    if not isinstance(targets, tuple) or not all(isinstance(one, (Phone, Sip)) for one in targets):
        return f"targets {targets!r} are no tuple of Phone and Sip"
    if not _whole(ring.seconds, 1, 600):
        return f"seconds {ring.seconds!r} is not 1 to 600"
    return "" if isinstance(ring.outcome, Outcome) else f"outcome {ring.outcome!r} is none"


def _whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and low <= value <= high
