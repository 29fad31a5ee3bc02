"""What the gateway says of its own, as prompts of instructions."""

from __future__ import annotations

from core.api import ACCEPT, sentence


def accept(language: str) -> tuple[tuple[str, str, str], ...]:
    """To a phone behind which a voicemail box could be: press 1 to accept (R6)."""
    said = sentence(ACCEPT, language)
    return (("say", said.text, said.language),)
