"""Readers' words for what the engine notes in its own: stages, answers, steps (S2, S3).

Trace and dry run keep the engine's words, which programs read too; a page translates them here.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext

from core.contract.call import Direction
from core.contract.texts import N_, Phrase, english, from_data
from core.plans import sentences
from core.plans.decision import Decision
from core.web.host import host

ANSWERS = {
    "play": N_("says a text"),
    "gather": N_("waits for keys"),
    "ring": N_("rings"),
    "wait": N_("lets the caller wait"),
    "take-message": N_("takes a message"),
    "connect": N_("hands the call on"),
    "hangup": N_("hangs up"),
    "hang-up": N_("hangs up"),
    "reject": N_("rejects the call"),
    "backup-number": N_("rings the backup number"),
    "nothing": N_("goes on"),
    "granted": N_("allowed"),
    "refused": N_("refused"),
    "skipped": N_("skipped"),
    "left-out": N_("left out"),
    "fault": N_("fault"),
    "agreed": N_("agreed"),
}
"""By the word of a step, or of what came of a question."""

CAME = {
    "no-input": N_("no key"),
    "played": N_("heard to its end"),
    "waited": N_("still waiting"),
    "not-connected": N_("not connected"),
}
"""By the kind of a step's result; how ringing ended has words of its own."""

STAGES = {
    "gate": N_("Plan"),
    "continue": N_("Then"),
    "connect": N_("Handed on"),
    "consent": N_("Consent"),
    "guard": N_("Outside calls"),
    "before the talk": N_("Before the talk"),
    "after the talk": N_("After the talk"),
    "last-resort": N_("Backup"),
    "dialled": N_("Dialled"),
    "transfer": N_("Transferred"),
    "recall": N_("Taken back"),
}
"""What the core notes; the stages of routing have titles of their plugins."""


def say(text: str, /, **values: Any) -> str:
    """A text of the gate in the reader's language, with its values."""
    if isinstance(text, Phrase):
        return say(text.template, **text.values)
    inner = {key: say(one) if isinstance(one, Phrase) else one for key, one in values.items()}
    return english(gettext(text) if text else text, **inner)


def why(decision: Decision) -> str:
    """The one sentence of a decision in the reader's language (plans.md §3)."""
    return sentences.sentence(decision, say)


def said(entry: dict[str, Any]) -> str:
    """The sentence of an entry of a trace. One whose parts nobody kept is a whole sentence that may
    be known, or of a call before they were kept."""
    if "said" in entry:
        return say(from_data(entry["said"]))
    return say(entry["decision"]["sentence"] if "decision" in entry else entry["reason"])


def answer(word: str) -> str:
    """What a plugin or the gate answered; a word nobody knows stays as it is."""
    return gettext(ANSWERS[word]) if word in ANSWERS else word


def came(text: str) -> str:
    """How a step of a dry run ended: ``pressed 2``, ``answered, 60 s``, ``no-input``."""
    if text.startswith("pressed "):
        return gettext("pressed %(keys)s", keys=text.removeprefix("pressed "))
    if text.startswith("message of "):
        return gettext("message of %(length)s", length=text.removeprefix("message of "))
    word, comma, rest = text.partition(",")
    return gettext(CAME.get(word, word)) + comma + rest if word else ""


def event(key: str, direction: str) -> str:
    """What happened before something was decided, by the key of an event (``step-2``) of a call of
    this direction; a key nobody knows stays as it is."""
    if key == "arrived":
        came_in = direction == Direction.INCOMING
        return gettext("The call came in") if came_in else gettext("The number was dialled")
    kind, _, number = key.partition("-")
    return gettext("Step %(number)s is over", number=number) if kind == "step" else key


def stage(name: str) -> str:
    """Where in the call something was noted, such as ``working-hours`` or ``connect queue:3``."""
    titles = {one.name: one.title for one, _ in host().registry.stages} | STAGES
    known = name if name in titles else name.partition(" ")[0]
    return gettext(titles[known]) if known in titles else name


def plugin(name: str) -> str:
    """A plugin's title; of one that is not installed any more, its name."""
    installed = host().registry.plugins.get(name)
    return gettext(installed.plugin.title) if installed else name


def feature(name: str) -> str:
    """A feature's title; of one that is not installed any more, its name."""
    known = host().registry.features.get(name)
    return gettext(known.title) if known else name


def add(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.filters.update(
        answer=answer,
        said=said,
        say=say,
        why=why,
        event=event,
        stage=stage,
        plugin_title=plugin,
        feature_title=feature,
    )
