"""What a plan can include: the features that plugins declare, once, in code (plans.md §1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FeatureKind(StrEnum):
    """How much of a feature a plan can give."""

    SWITCH = "switch"
    NUMBER = "number"
    CHOICE = "choice"
    QUOTA = "quota"
    METERED = "metered"


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of the plan matrix.

    Args:
        key: ``ivr`` (a plugin itself) or ``ivr.max_depth`` (a part of it). The part before the
            first dot is the name of the plugin that declares it.
        title: what the biller reads in the plan grid.
        kind: switch, number, choice, quota (units per calendar month) or metered.
        without: what happens to a call or a page without it, in one sentence.
        choices: for kind ``choice``, the words a plan may grant, weakest first.
    """

    key: str
    title: str
    kind: FeatureKind = FeatureKind.SWITCH
    without: str = ""
    choices: tuple[str, ...] = ()
