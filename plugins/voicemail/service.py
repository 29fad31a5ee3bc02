"""Takes a message (R6, R3, W3): prompt, tone, message, thanks."""

from __future__ import annotations

from typing import Any

from core import api
from core.api import N_, phrase
from plugins.voicemail.schemas import PROMPT, THANKS


def take_message(recipient: str, settings: Any) -> api.TakeMessage:
    """Ask the caller for a message.

    Args:
        recipient: a Destination as text, ``employee:17`` or ``queue:3``; "" for the company.
        settings: of the number.
    """
    text = settings.prompt.strip()
    return api.TakeMessage(
        (api.Say(text) if text else api.Tone("voicemail", PROMPT),),
        recipient=recipient,
        max_seconds=settings.max_seconds,
        reason=phrase(
            N_("a message for %(recipient)s"), recipient=recipient or phrase(N_("the company"))
        ),
    )


def message_taken(seconds: int, settings: Any) -> api.Hangup:
    """End the call: with thanks for a message, in silence when nothing was said."""
    if not seconds:
        return api.Hangup(reason=N_("no message was left"))
    reason = phrase(N_("a message of %(seconds)s s"), seconds=seconds)
    return api.Hangup(_thanks(settings.thanks), reason=reason)


def _thanks(text: str) -> api.Prompts:
    if text.strip() == THANKS:
        return (api.Tone("message-thanks", THANKS),)
    return (api.Say(text),) if text.strip() else ()
