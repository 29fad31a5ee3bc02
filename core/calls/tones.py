"""Puts the number's own sounds in the place of melodies, before anything is sent out (M2)."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from core.calls.asking import Asker
from core.contract.steps import Prompt, Prompts, Say, Sound, Step, TalkTerms, Tone

T = TypeVar("T", Step, TalkTerms)

PROMPTS = ("prompts", "notice", "music")
"""Where steps and terms hold prompts."""


def tuned(asker: Asker, said: T) -> T:
    """The step or the terms with every melody replaced by what the number has for it.

    Args:
        asker: asks the plugins ``find_tone``; where none knows, the tone's own text is spoken.
        said: a step or terms, as a plugin returned them.
    """
    found = {}
    for name in PROMPTS:
        prompts = getattr(said, name, ())
        if any(isinstance(one, Tone) for one in prompts):
            found[name] = _found(asker, prompts)
    return replace(said, **found) if found else said


def _found(asker: Asker, prompts: Prompts) -> Prompts:
    return tuple(_prompt(asker, one) if isinstance(one, Tone) else one for one in prompts)


def _prompt(asker: Asker, tone: Tone) -> Prompt:
    answer = asker.first("find_tone", (Sound, Say), tone)
    return answer[1] if answer else Say(tone.text, tone.language)
