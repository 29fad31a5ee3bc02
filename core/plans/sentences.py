"""The wording of decisions: one place, so that every door says the same (plans.md §3).

``say`` is ``english`` for commands, API and log; a page gives what says it in its language. Every
word that is not punctuation goes through ``say``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from core.contract.texts import N_, Phrase, english, phrase

if TYPE_CHECKING:
    from core.plans.decision import Decision

Say = Callable[..., str]
"""``say(text, **values)``: the text with its values, in the reader's language."""

_PLACE = re.compile(r"%\((text\d+)\)s")


def sentence(decision: Decision, say: Say = english) -> str:
    """Say a decision in one sentence: what, how much of it, until when, and which plan cell."""
    text = _WORDING[decision.reason](decision, say)
    if decision.where:
        text = f"{text} ({say(decision.where)})"
    if decision.hint:
        text = f"{text}; {say(decision.hint)}"
    return text if decision.hint.endswith("?") else f"{text}."


@lru_cache(maxsize=1000)
def phrased(decision: Decision) -> Phrase:
    """The same sentence, to be said in any language later: traces keep it."""
    known: dict[str, Phrase] = {}

    def whole(value: Any) -> Any:
        """A value in which texts stand that were said before."""
        places = _PLACE.findall(value) if isinstance(value, str) else ()
        return phrase(value, **{one: known[one] for one in places}) if places else value

    def note(text: str, /, **values: Any) -> str:
        place = f"text{len(known)}"
        known[place] = phrase(text, **{name: whole(value) for name, value in values.items()})
        return f"%({place})s"

    return whole(sentence(decision, note))


def _name(decision: Decision, say: Say) -> str:
    return say(decision.title or decision.feature)


def _allowed(decision: Decision, say: Say) -> str:
    name = _name(decision, say)
    if decision.value is True:
        return say(N_("%(name)s is included"), name=name)
    if decision.used is None:
        value = decision.value
        return f"{name}: {say(value) if isinstance(value, str) else value}"
    return f"{name}: {_counted(decision, say)}"


def _counted(decision: Decision, say: Say) -> str:
    if decision.limit is None:
        parts = [say(N_("%(used)s used"), used=decision.used)]
    else:
        words = N_("%(used)s of %(limit)s used")
        parts = [say(words, used=decision.used, limit=decision.limit)]
    if decision.held:
        parts.append(say(N_("%(held)s held by running calls"), held=decision.held))
    if decision.remaining is None:
        parts.append(say("unlimited"))
    else:
        parts.append(say(N_("%(left)s left"), left=decision.remaining))
    if decision.resets_at is not None:
        at = f"{decision.resets_at:%Y-%m-%d %H:%M} {decision.resets_at.tzinfo}"
        parts.append(say(N_("counted until %(at)s"), at=at))
    return ", ".join(parts)


def _not_in_plan(decision: Decision, say: Say) -> str:
    return say(N_("%(name)s is not in the plan"), name=_name(decision, say))


def _override_off(decision: Decision, say: Say) -> str:
    return say(N_("%(name)s was switched off for this account"), name=_name(decision, say))


def _missing(decision: Decision, say: Say) -> str:
    words = N_("%(name)s is missing, because its plugin did not load")
    return say(words, name=_name(decision, say))


def _plugin_off(decision: Decision, say: Say) -> str:
    words = N_("%(name)s is in the plan, but its plugin is switched off for this account or number")
    return say(words, name=_name(decision, say))


def _trial_ended(decision: Decision, say: Say) -> str:
    return say(N_("The trial that included %(name)s has ended"), name=_name(decision, say))


def _exhausted(decision: Decision, say: Say) -> str:
    name = _name(decision, say)
    if decision.limit == 0:
        words = N_("%(name)s: in the plan with 0 units, so there is none to take")
        return say(words, name=name)
    return say(N_("%(name)s: none left, %(count)s"), name=name, count=_counted(decision, say))


def _held(decision: Decision, say: Say) -> str:
    words = N_("%(name)s: none left now, %(count)s; held units may come back, so try again")
    return say(words, name=_name(decision, say), count=_counted(decision, say))


def _unknown(decision: Decision, say: Say) -> str:
    return say(N_('No installed plugin declares "%(name)s"'), name=_name(decision, say))


def _unavailable(decision: Decision, say: Say) -> str:
    words = N_("%(name)s cannot be counted now, because the database does not answer")
    if decision.value is None:
        words = N_("%(name)s cannot be looked up now, because the database does not answer")
    return say(words, name=_name(decision, say))


_WORDING: dict[str, Callable[[Decision, Say], str]] = {
    "ok": _allowed,
    "unlimited": _allowed,
    "not-in-plan": _not_in_plan,
    "override-off": _override_off,
    "plugin-missing": _missing,
    "plugin-off": _plugin_off,
    "trial-ended": _trial_ended,
    "quota-exhausted": _exhausted,
    "quota-held": _held,
    "unknown-feature": _unknown,
    "store-unavailable": _unavailable,
}
