"""On what terms a conversation is recorded (Q1, Q3)."""

from __future__ import annotations

from typing import Any

from core.api import Problem, Prompt, Say, TalkTerms, Tone, gettext

UNIT = "recording.monthly_calls"
"""The quota of which every recorded conversation takes one unit (Q4)."""

OFF, NOTICE, OPT_OUT, OPT_IN = "off", "notice", "opt-out", "opt-in"
"""The consent modes (Q3)."""

STANDARD = {
    NOTICE: "This call will be recorded.",
    OPT_OUT: "This call will be recorded. If you do not want that, press {key}.",
    OPT_IN: "We would like to record this call. If you agree, press {key}.",
}

TONES = {NOTICE: "notice", OPT_OUT: "notice-opt-out", OPT_IN: "notice-opt-in"}
"""The melody, or the ready sentence, that says it."""


def terms(settings: Any) -> TalkTerms | None:
    """What must be granted and said before a talk may be recorded.

    Args:
        settings: the effective settings of the number.

    Returns:
        The terms, or None when the number does not record its calls.
    """
    if not settings.record_all:
        return None
    return TalkTerms(
        unit=UNIT,
        dual_channel=settings.dual_channel,
        notice=() if settings.consent == OFF else (_notice(settings),),
        consent=NOTICE if settings.consent == OFF else settings.consent,
        key=settings.key,
    )


def _notice(settings: Any) -> Prompt:
    """What is said before: the typed text, else the number's melody, or a ready sentence that
    names the key."""
    if settings.prompt.strip():
        return Say(_text(settings))
    key = "" if settings.consent == NOTICE else settings.key
    return Tone(TONES[settings.consent], _text(settings), key=key)


def _text(settings: Any) -> str:
    text = settings.prompt.strip() or STANDARD[settings.consent]
    return text.replace("{key}", settings.key)


def problems(settings: Any) -> list[Problem]:
    """What an admin should think about once more; nothing here is refused (N5)."""
    if not settings.record_all:
        return []
    if settings.consent == OFF:
        return [
            Problem(
                "consent",
                gettext(
                    "Callers are not told that they are recorded, which many countries forbid."
                ),
                warning=True,
            )
        ]
    if settings.consent != NOTICE and settings.key not in _text(settings):
        return [
            Problem(
                "prompt",
                gettext(
                    "The text does not name the key %(key)s; write {key} where it belongs.",
                    key=settings.key,
                ),
                warning=True,
            )
        ]
    return []
