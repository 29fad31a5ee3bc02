"""What the plans say after changes, without a thought for the text of the file.

The text is brought to this, a merge compares with this; so what a change means stands here once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from core.contract.errors import BadInput
from core.contract.features import Feature
from core.contract.texts import N_, phrase
from core.plans.file.advice import LONGEST_SHOWN
from core.plans.file.changes import AddPlan, Change, ChangePlan, MovePlan, RemovePlan, SetCell
from core.plans.file.document import PLAN_KEY
from core.plans.file.faults import printable
from core.plans.file.typed import require_taken
from core.plans.file.written import OwnPlan

_PLAN = (
    N_("There is no plan “%(word)s”."),
    N_("There is no plan “%(word)s”; did you mean “%(close)s”?"),
)
_FEATURE = (
    N_("There is no feature “%(word)s”."),
    N_("There is no feature “%(word)s”; did you mean “%(close)s”?"),
)
_TAKEN = N_("There is a plan “%(plan)s” already; choose another key.")
_KEY = N_("“%(plan)s” cannot be a plan's key; take a lower-case word such as free or basic-2.")
_TITLE = N_("The title of the plan “%(plan)s” holds a character that cannot be stored.")
_ITSELF = N_("The plan “%(plan)s” cannot stand behind itself.")
_NONE_LEFT = N_("One plan must stay.")
_EXTENDS_UNKNOWN = N_(
    "The plan “%(plan)s” extends “%(extends)s”, and there is no such plan; let it extend another"
    " one, or none."
)
_CIRCLE = N_("These plans extend each other in a circle: %(circle)s.")


def applied(
    plans: Mapping[str, OwnPlan], changes: Iterable[Change], features: Mapping[str, Feature]
) -> dict[str, OwnPlan]:
    """The plans after changes, in their new order.

    Args:
        plans: what the plans say before.
        changes: one after the other.
        features: the declared ones.

    Raises:
        BadInput: a change does not fit, or the plans would not hold together in the end.
    """
    after = dict(plans)
    for change in changes:
        if isinstance(change, SetCell):
            _require_plan(after, change.plan)
            after[change.plan] = _with_cell(after[change.plan], change, features)
        else:
            after = _DO[type(change)](after, change)
    require_whole(after)
    return after


def require_whole(plans: Mapping[str, OwnPlan]) -> None:
    """Refuse plans that do not hold together.

    Raises:
        BadInput: there is none, or one extends a plan that is not there, or itself in a circle.
    """
    if not plans:
        raise BadInput(phrase(_NONE_LEFT))
    for key, plan in plans.items():
        if plan.extends and plan.extends not in plans:
            raise BadInput(
                phrase(_EXTENDS_UNKNOWN, plan=key, extends=printable(plan.extends, LONGEST_SHOWN))
            )
    circle = circle_of(plans)
    if circle:
        raise BadInput(phrase(_CIRCLE, circle=" → ".join([*circle, circle[0]])))


def circle_of(plans: Mapping[str, OwnPlan]) -> list[str]:
    """Plans that extend each other in a circle, each the next; empty when none do."""
    for key in plans:
        line = line_of(plans, key)
        if plans[line[-1]].extends == key:
            return line
    return []


def line_of(plans: Mapping[str, OwnPlan], key: str) -> list[str]:
    """A plan and those it extends, nearest first, each once."""
    line: list[str] = []
    while key in plans and key not in line:
        line.append(key)
        key = plans[key].extends
    return line


def _with_cell(plan: OwnPlan, change: SetCell, features: Mapping[str, Feature]) -> OwnPlan:
    feature = features.get(change.feature)
    if feature is None:
        raise BadInput(_unknown(change.feature, features, _FEATURE))
    if change.written is None:
        cells = {key: one for key, one in plan.cells.items() if key != change.feature}
    else:
        require_taken(change.written, feature)
        cells = {**plan.cells, change.feature: change.written}
    return replace(plan, cells=cells)


def _add(plans: dict[str, OwnPlan], change: AddPlan) -> dict[str, OwnPlan]:
    if change.key in plans:
        raise _wrong_key(_TAKEN, change.key)
    if not PLAN_KEY.fullmatch(change.key):
        raise _wrong_key(_KEY, change.key)
    plan = OwnPlan(_title(change.key, change.title), change.extends, {})
    return _placed({**plans, change.key: plan}, change.key, change.after)


def _change(plans: dict[str, OwnPlan], change: ChangePlan) -> dict[str, OwnPlan]:
    _require_plan(plans, change.key)
    title = _title(change.key, change.title)
    return {
        **plans,
        change.key: replace(plans[change.key], title=title, extends=change.extends),
    }


def _move(plans: dict[str, OwnPlan], change: MovePlan) -> dict[str, OwnPlan]:
    _require_plan(plans, change.key)
    return _placed(plans, change.key, change.after)


def _remove(plans: dict[str, OwnPlan], change: RemovePlan) -> dict[str, OwnPlan]:
    _require_plan(plans, change.key)
    return {key: plan for key, plan in plans.items() if key != change.key}


_DO = {AddPlan: _add, ChangePlan: _change, MovePlan: _move, RemovePlan: _remove}


def _placed(plans: Mapping[str, OwnPlan], key: str, after: str) -> dict[str, OwnPlan]:
    if after == key:
        raise BadInput(phrase(_ITSELF, plan=key))
    others = [one for one in plans if one != key]
    if after:
        _require_plan(plans, after)
    others.insert(others.index(after) + 1 if after else 0, key)
    return {one: plans[one] for one in others}


def _title(key: str, title: str) -> str:
    """A title that people can read; lone surrogates, which JSON lets through, no file can hold."""
    if not title.isascii() and any("\ud800" <= one <= "\udfff" for one in title):
        raise BadInput(phrase(_TITLE, plan=key))
    return title if title.strip() else key


def _require_plan(plans: Mapping[str, OwnPlan], key: str) -> None:
    if key not in plans:
        raise BadInput(_unknown(key, plans, _PLAN))


def _unknown(word: str, known: Iterable[str], templates: tuple[str, str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    shown = printable(word, LONGEST_SHOWN)
    if close:
        return phrase(templates[1], word=shown, close=close[0])
    return phrase(templates[0], word=shown)


def _wrong_key(template: str, key: str) -> BadInput:
    sentence = phrase(template, plan=printable(key, LONGEST_SHOWN))
    return BadInput(sentence, {"key": sentence})
