"""Turns the engine's orders into TwiML documents, and writes the gateway's own few documents.

A document that waits ends with a Redirect to the address of its own step: a Gather without input
asks nobody, it falls through to the next verb.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from core.api import (
    ACCEPT,
    APOLOGY,
    REFUSAL,
    Call,
    Gather,
    Hangup,
    Leg,
    LineKind,
    Order,
    Phone,
    Play,
    Prompts,
    Reject,
    Ring,
    Sip,
    Sound,
    Step,
    TakeMessage,
    Wait,
    sentence,
    sound_file,
    sound_token,
)
from plugins.twiml.emitter import SAY_CHARACTERS, Document
from plugins.twiml.gateway import Gateway
from plugins.twiml.spoken import voice

TALK_SECONDS = 4 * 3600
"""The longest conversation: no forgotten call costs for days (O8)."""

RING_SECONDS = (5, 600)
"""The shortest and the longest ringing that the providers take."""

SILENCE_SECONDS = 5
"""How long a caller is silent before a message counts as finished."""

SPOKEN_PER_SECOND = 14
"""Characters; a voice says about so many."""

ACCEPT_SECONDS = 8
"""How long the rung person may think about pressing 1."""


def document(gateway: Gateway, order: Order) -> str:
    """The document that carries out an order.

    Args:
        gateway: who asks, and where it reports back.
        order: the step with what the engine decided about it.

    Returns:
        The whole document, ready to be stored and sent.
    """
    made = Document()
    name, write = _WRITERS[type(order.step)]
    address = gateway.address("step", order.token, order.number, name)
    write(made, gateway, order, order.step, address + gateway.provider.retry_call)
    return str(made)


def whisper(gateway: Gateway, token: str, leg: int) -> str:
    """What a rung person hears before the caller: press 1 to accept (R6)."""
    made = Document()
    address = gateway.address("accept", token, leg) + gateway.provider.retry_call
    gather = made.add(
        "Gather",
        input="dtmf",
        numDigits=1,
        finishOnKey="",
        timeout=ACCEPT_SECONDS,
        action=address,
        method="POST",
    )
    said = sentence(ACCEPT, gateway.language)
    made.add("Say", said.text, gather, language=voice(said.language))
    made.add("Redirect", address, method="POST")
    return str(made)


def bridge() -> str:
    """An empty document: the provider connects the two."""
    return str(Document())


def hangup() -> str:
    """Ends the leg that asked."""
    made = Document()
    made.add("Hangup")
    return str(made)


def refusal(gateway: Gateway) -> str:
    """For a number that is not in the account."""
    return _farewell(REFUSAL, gateway)


def apology(gateway: Gateway) -> str:
    """For a call that we cannot serve now."""
    return _farewell(APOLOGY, gateway)


def _farewell(sentences: dict[str, str], gateway: Gateway) -> str:
    made = Document()
    said = sentence(sentences, gateway.language)
    made.add("Say", said.text, language=voice(said.language))
    made.add("Hangup")
    return str(made)


def _play(made: Document, gateway: Gateway, order: Order, step: Play, address: str) -> None:
    _say(made, gateway, order, step.prompts)
    made.add("Redirect", address, method="POST")


def _gather(made: Document, gateway: Gateway, order: Order, step: Gather, address: str) -> None:
    """TwiML has one time-out for the first key and for those after it; the caller's thinking time
    after the prompt is the one that matters (R4)."""
    gather = made.add(
        "Gather",
        input="dtmf",
        numDigits=step.digits,
        finishOnKey=step.finish_key,
        timeout=step.first_seconds,
        action=address,
        method="POST",
    )
    _say(made, gateway, order, step.prompts, gather)
    made.add("Redirect", address, method="POST")


def _wait(made: Document, gateway: Gateway, order: Order, step: Wait, address: str) -> None:
    """The prompts, and silence for the rest of the time. No verb stops a melody that lasts longer
    than the wait: the provider gets a piece of it, the next wait the piece after."""
    if _melody(made, gateway, order, step):
        rest = 0
    else:
        rest = step.seconds - int(_say(made, gateway, order, step.prompts))
    if rest > 0:
        made.add("Pause", length=rest)
    made.add("Redirect", address, method="POST")


def _melody(made: Document, gateway: Gateway, order: Order, step: Wait) -> bool:
    """Play a piece of the one sound that is to be heard, if it is longer than the wait."""
    if len(step.prompts) != 1 or not isinstance(step.prompts[0], Sound):
        return False
    account, key = order.call.account, step.prompts[0].key
    file = sound_file(account, key)
    if file is None or file.seconds <= step.seconds:
        return False
    first = step.heard % int(file.seconds)
    address = gateway.address("sound", sound_token(account, key), first, step.seconds)
    made.add("Play", f"{address}.mp3")
    return True


def _ring(made: Document, gateway: Gateway, order: Order, step: Ring, address: str) -> None:
    """``step.music`` is not heard: no verb replaces the ringing that the caller hears."""
    shortest, longest = RING_SECONDS
    _say(made, gateway, order, order.notice)
    dial = made.add(
        "Dial",
        action=address,
        method="POST",
        timeout=min(max(step.seconds - gateway.provider.rings_longer, shortest), longest),
        timeLimit=TALK_SECONDS,
        callerId=_shown(order.call, step),
        answerOnBridge=True,
        **_recorded(gateway, order),
    )
    for leg in order.legs[: gateway.provider.targets]:
        _add_leg(made, dial, gateway, order.token, leg)
    made.add("Redirect", address, method="POST")


def _shown(call: Call, step: Ring) -> str:
    """The rented number, or the caller's where that is switched on (O6); a provider takes the
    caller's of no call that a PBX has brought."""
    from_pbx = call.line.kind is LineKind.SIP_PBX
    return call.caller if step.show_caller and call.caller and not from_pbx else call.line.number


def _recorded(gateway: Gateway, order: Order) -> dict[str, Any]:
    if not order.record:
        return {}
    return {
        "record": "record-from-answer-dual" if order.dual_channel else "record-from-answer",
        **_recording_news(gateway, order, "conversation", "in-progress completed absent"),
    }


def _recording_news(gateway: Gateway, order: Order, kind: str, events: str) -> dict[str, Any]:
    address = gateway.address("recording", order.token, kind)
    return {
        "recordingStatusCallback": address + gateway.provider.retry_callback,
        "recordingStatusCallbackMethod": "POST",
        "recordingStatusCallbackEvent": events,
    }


def _add_leg(made: Document, dial: Element, gateway: Gateway, token: str, leg: Leg) -> None:
    news = gateway.address("leg", token, leg.number) + gateway.provider.retry_callback
    attributes = {
        "statusCallback": news,
        "statusCallbackMethod": "POST",
        "statusCallbackEvent": "answered completed",
    }
    target = leg.target
    if isinstance(target, Phone) and target.confirm:
        whisper_address = gateway.address("whisper", token, leg.number)
        attributes["url"] = whisper_address + gateway.provider.retry_call
        attributes["method"] = "POST"
    if isinstance(target, Sip):
        made.add("Sip", _sip_uri(target.address), dial, **attributes)
    else:
        made.add("Number", target.number, dial, **attributes)


def _sip_uri(address: str) -> str:
    return address if address.startswith(("sip:", "sips:")) else f"sip:{address}"


def _message(
    made: Document, gateway: Gateway, order: Order, step: TakeMessage, address: str
) -> None:
    _say(made, gateway, order, step.prompts)
    made.add(
        "Record",
        action=address,
        method="POST",
        maxLength=step.max_seconds,
        timeout=SILENCE_SECONDS,
        finishOnKey="#",
        playBeep=True,
        trim="trim-silence",
        **_recording_news(gateway, order, "message", "completed absent"),
    )
    made.add("Redirect", address, method="POST")


def _hangup(made: Document, gateway: Gateway, order: Order, step: Hangup, address: str) -> None:
    _say(made, gateway, order, step.prompts)
    made.add("Hangup")


def _reject(made: Document, gateway: Gateway, order: Order, step: Reject, address: str) -> None:
    """Where the call was answered before, Reject does nothing and Hangup ends it."""
    made.add("Reject", reason="busy" if step.busy else "rejected")
    made.add("Hangup")


def _say(
    made: Document, gateway: Gateway, order: Order, prompts: Prompts, into: Element | None = None
) -> float:
    """Speak texts and play sounds; returns about how many seconds that takes."""
    account, seconds = order.call.account, 0.0
    for prompt in prompts:
        file = sound_file(account, prompt.key) if isinstance(prompt, Sound) else None
        if file:
            address = gateway.address("sound", sound_token(account, prompt.key))
            made.add("Play", f"{address}.mp3", into)
            seconds += file.seconds
        elif prompt.text.strip():  # a sound whose file is gone is said
            language = voice(getattr(prompt, "language", "") or account.language)
            made.add("Say", prompt.text[:SAY_CHARACTERS], into, language=language)
            seconds += len(prompt.text) / SPOKEN_PER_SECOND
    return seconds


_WRITERS: dict[type[Step], tuple[str, Callable[..., None]]] = {
    Play: ("play", _play),
    Gather: ("gather", _gather),
    Ring: ("ring", _ring),
    TakeMessage: ("message", _message),
    Hangup: ("hangup", _hangup),
    Reject: ("reject", _reject),
    Wait: ("wait", _wait),
}
"""The word that names a step in its address, and what writes its document."""
