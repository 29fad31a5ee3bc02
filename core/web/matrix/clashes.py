"""What two people changed differently, side by side in words: was, theirs, mine."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from core.plans.file.changes import MovePlan, SetCell
from core.plans.file.merging import Conflict as Clash
from core.plans.file.plan import PlanDocument
from core.plans.file.written import OwnPlan, Written
from core.plans.revisions.revisions import Entry
from core.web.matrix.desk import Desk
from core.web.matrix.meanwhile import Meanwhile
from core.web.matrix.words import behind, plan_in_words, says, target, target_plan


@dataclass(frozen=True, slots=True)
class Choice:
    """One contradiction. ``who`` is the revision that holds theirs, None when nobody knows."""

    about: str
    was: str
    theirs: str
    mine: str
    who: Entry | None


def choice(clash: Clash, work: Desk, meanwhile: Meanwhile) -> Choice:
    """A contradiction as the page shows it.

    Args:
        clash: of a merge of this desk's draft.
        work: the desk.
        meanwhile: what was published since the draft was begun.
    """
    who = meanwhile.who(clash.theirs_change)
    if isinstance(clash.change, MovePlan):
        documents = (work.base.document, work.settled.document, work.document)
        places = (_place(one, clash.change.key, work) for one in documents)
        return Choice(target(clash.change, work), *places, who)
    sides = (clash.base, clash.theirs, clash.mine)
    if any(isinstance(one, OwnPlan) for one in sides):
        about = target_plan(clash.change, work)
        return Choice(about, *(plan_in_words(one, work) for one in sides), who)
    return Choice(target(clash.change, work), *(_cell(one, clash.change) for one in sides), who)


def _cell(side: Written | None, change: SetCell) -> str:
    return says(side, change.feature)


def _place(document: PlanDocument, key: str, work: Desk) -> str:
    """Where a plan stands among the others."""
    keys = list(document.plans)
    if key not in keys:
        return gettext("no such plan")
    place = keys.index(key)
    return behind(keys[place - 1] if place else "", work)
