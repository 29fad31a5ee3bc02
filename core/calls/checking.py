"""Checks what a plugin answered before anything is done with it: rubbish is the plugin's fault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.contract.call import Client, Outcome
from core.contract.steps import (
    Connect,
    Destination,
    Gather,
    Hangup,
    Nowhere,
    Phone,
    Play,
    Reject,
    Ring,
    Say,
    Sip,
    Sound,
    Step,
    TakeMessage,
    TalkTerms,
    Tone,
    Wait,
)

STEPS = (Gather, Play, Ring, Wait, TakeMessage, Connect, Nowhere, Hangup, Reject)

LARGEST_ID = 2**31 - 1
LONGEST_ADDRESS = 255
LONGEST_RECIPIENT = 60
"""What the columns hold."""


def rubbish(answer: Any) -> str:
    """What is wrong with a plugin's answer, in one sentence; "" when it can be used."""
    match answer:
        case Step():
            return _wrong_step(answer)
        case Client():
            return _wrong_client(answer)
        case TalkTerms():
            return _wrong_terms(answer)
        case Say() | Sound():
            return _wrong_prompts((answer,))
        case Mapping():
            return _wrong_absences(answer)
    return ""


def _wrong_absences(why: Mapping[Any, Any]) -> str:
    good = all(_id(employee) and isinstance(text, str) for employee, text in why.items())
    return "" if good else f"{why!r:.200} does not say why by employee's id"


def _wrong_client(client: Client) -> str:
    texts = (client.source, client.ref, client.name)
    if not all(isinstance(text, str) for text in texts):
        return f"source, ref and name of the client are no texts: {texts!r}"
    if not _id(client.responsible):
        return f"responsible {client.responsible!r} is no employee's id"
    return "" if isinstance(client.matches, int) else f"matches {client.matches!r} is no number"


def _wrong_terms(terms: TalkTerms) -> str:
    if not isinstance(terms.unit, str) or not isinstance(terms.key, str):
        return f"unit {terms.unit!r} or key {terms.key!r} is no text"
    if terms.consent not in ("notice", "opt-out", "opt-in"):
        return f"consent {terms.consent!r} is none"
    return _wrong_prompts(terms.notice)


def _wrong_step(step: Step) -> str:
    if not isinstance(step, STEPS):
        return f"{type(step).__name__} is no step a gateway knows"
    if not isinstance(step.reason, str) or not isinstance(step.place, str):
        return f"reason {step.reason!r} or place {step.place!r} is no text"
    prompts = getattr(step, "prompts", ())
    return _wrong_state(step) or _wrong_prompts(prompts) or _wrong_parts(step)


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
            json.dumps(value, ensure_ascii=False).encode()
        except (TypeError, ValueError) as error:
            return f"{name} is not plain JSON: {error}"
    return ""


def _wrong_prompts(prompts: Any) -> str:
    good = isinstance(prompts, tuple) and all(_prompt(prompt) for prompt in prompts)
    return "" if good else f"prompts {prompts!r} are no tuple of Say, Tone and Sound"


def _prompt(prompt: Any) -> bool:
    match prompt:
        case Say(text, language):
            texts = (text, language)
        case Tone(name, text, language, key):
            texts = (name, text, language, key)
        case Sound(key, text):
            texts = (key, text)
        case _:
            return False
    return all(isinstance(one, str) for one in texts)


def _wrong_parts(step: Step) -> str:
    match step:
        case Ring():
            return _wrong_ring(step)
        case Gather():
            whole = _whole(step.digits, 1, 32) and _whole(step.first_seconds, 1, 600)
            return "" if whole else f"digits {step.digits!r} or first_seconds are out of range"
        case Wait():
            whole = _whole(step.seconds, 1, 60) and _whole(step.heard, 0, LARGEST_ID)
            return "" if whole else f"seconds {step.seconds!r} is not 1 to 60, or heard is below 0"
        case TakeMessage():
            if not _text(step.recipient, LONGEST_RECIPIENT):
                return f"recipient {step.recipient!r} is no destination as text"
            return "" if _whole(step.max_seconds, 1, 3600) else "max_seconds is out of range"
        case Connect():
            return _wrong_destination(step.destination)
        case Hangup() | Reject():
            known = step.outcome is None or isinstance(step.outcome, Outcome)
            return "" if known else f"outcome {step.outcome!r} is none"
    return ""


def _wrong_destination(destination: Any) -> str:
    good = isinstance(destination, Destination) and all(
        isinstance(text, str) for text in (destination.kind, destination.id)
    )
    return "" if good else f"destination {destination!r} is none"


def _wrong_ring(ring: Ring) -> str:
    targets: Any = ring.targets
    if not isinstance(targets, tuple) or not all(isinstance(one, (Phone, Sip)) for one in targets):
        return f"targets {targets!r} are no tuple of Phone and Sip"
    for one in targets:
        address = one.number if isinstance(one, Phone) else one.address
        if not _text(address, LONGEST_ADDRESS) or not _id(one.employee):
            return f"{one!r} cannot be rung"
    if not _whole(ring.seconds, 1, 600):
        return f"seconds {ring.seconds!r} is not 1 to 600"
    if not isinstance(ring.outcome, Outcome):
        return f"outcome {ring.outcome!r} is none"
    if not isinstance(ring.show_caller, bool):
        return f"show_caller {ring.show_caller!r} is neither True nor False"
    return _wrong_prompts(ring.music)


def _text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest


def _id(value: Any) -> bool:
    return value is None or _whole(value, 1, LARGEST_ID)


def _whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and low <= value <= high
