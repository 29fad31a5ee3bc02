"""One line of a call's trace: what was decided, and why (S2)."""

from __future__ import annotations

from typing import Any

from core.contract.texts import Phrase, as_data
from core.plans import sentences
from core.plans.decision import Decision


def traced(stage: str, plugin: str, result: str, why: str | Decision = "") -> dict[str, Any]:
    """A line, as it is stored and as programs read it.

    Args:
        stage: where in the call.
        plugin: who decided, or was asked.
        result: the word of a step, or what came of a question.
        why: a sentence, or a decision of the gate. What it was made of is kept beside it, as
            ``said``, for readers of another language.
    """
    line: dict[str, Any] = {"stage": stage, "plugin": plugin, "result": result}
    if isinstance(why, str):
        line["reason"] = str(why)
    else:
        line |= {"reason": str(why.reason), "feature": why.feature, "decision": _brief(why)}
        why = sentences.phrased(why)
    if isinstance(why, Phrase) and why.values:
        line["said"] = as_data(why)
    return line


def _brief(decision: Decision) -> dict[str, Any]:
    """A decision as a trace keeps it: without what it does not say, and without the steps behind
    its sentence, which ``centralino why`` tells."""
    told = decision.as_json()
    del told["trace"]
    return {key: value for key, value in told.items() if value is not None}
