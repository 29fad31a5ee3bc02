"""Changes of the plan matrix: what a draft holds, a review lists, a merge compares.

A change names its target and what shall be there, never what was: so the same changes can be laid
upon another revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any

from core.contract.errors import BadInput
from core.plans.decision import DEFAULT_WARN_AT
from core.plans.file.plan import PlanDocument
from core.plans.file.written import OwnPlan, Written, own, own_plans

__all__ = [
    "AddPlan",
    "Change",
    "ChangePlan",
    "MovePlan",
    "RemovePlan",
    "SetCell",
    "Written",
    "as_json",
    "diff",
    "diff_plans",
    "from_json",
    "own",
    "staying",
]


@dataclass(frozen=True, slots=True)
class SetCell:
    """A plan's own cell of a feature; ``written`` None: say nothing, inherit."""

    plan: str
    feature: str
    written: Written | None


@dataclass(frozen=True, slots=True)
class AddPlan:
    """A new plan without cells.

    Args:
        key: its key.
        title: what people read; "": its key.
        extends: key of the plan that it extends, "" for none.
        after: key of the plan that it stands behind, "": it stands first.
    """

    key: str
    title: str
    extends: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Another title (``""``: its key) or another plan to extend (``""``: none)."""

    key: str
    title: str
    extends: str


@dataclass(frozen=True, slots=True)
class MovePlan:
    """Another place among the plans: behind the plan ``after``, ``""``: first."""

    key: str
    after: str


@dataclass(frozen=True, slots=True)
class RemovePlan:
    """The plan with all its cells goes."""

    key: str


Change = SetCell | AddPlan | ChangePlan | MovePlan | RemovePlan

WORDS: dict[str, type] = {
    "set-cell": SetCell,
    "add-plan": AddPlan,
    "change-plan": ChangePlan,
    "move-plan": MovePlan,
    "remove-plan": RemovePlan,
}
"""What plain data calls each kind of change."""

_WORD_OF = {kind: word for word, kind in WORDS.items()}


def as_json(change: Change) -> dict[str, Any]:
    """Plain data for drafts and the API, such as ``{"change": "move-plan", "key": …}``."""
    data = {"change": _WORD_OF[type(change)], **asdict(change)}
    if data.get("written"):
        data["written"]["warn_at"] = list(data["written"]["warn_at"])
    return data


def from_json(data: Any) -> Change:
    """The change that :func:`as_json` wrote.

    Args:
        data: what came in; ``warn_at`` may be absent. Whether plan and feature exist is not asked
            here.

    Raises:
        BadInput: it is no change; names the field.
    """
    kind = WORDS.get(str(data.get("change"))) if isinstance(data, Mapping) else None
    if kind is None:
        raise BadInput(f'"change" is missing or unknown; give one of: {", ".join(WORDS)}')
    names = kind.__dataclass_fields__
    unknown = [str(key) for key in data if key not in names and key != "change"]
    missing = [key for key in names if key not in data]
    if unknown or missing:
        wrong = f'"{missing[0]}" is missing' if missing else f'"{unknown[0]}" is unknown'
        raise BadInput(f"{wrong}; {data['change']} takes: {', '.join(names)}")
    return kind(**{key: _field(key, data[key]) for key in names})


def _field(key: str, value: Any) -> str | Written | None:
    if key == "written":
        return None if value is None else _written(value)
    if not isinstance(value, str):
        raise BadInput(f'"{key}" must be a text, not {value!r}')
    return value


def _written(data: Any) -> Written:
    if not isinstance(data, Mapping) or not {"value"} <= set(data) <= {"value", "warn_at"}:
        raise BadInput('"written" takes null, or value and warn_at')
    value, warn_at = data["value"], data.get("warn_at", DEFAULT_WARN_AT)
    if not isinstance(value, (bool, int, str)):
        raise BadInput(f'"value" takes true, false, a whole number or a word, not {value!r}')
    if not isinstance(warn_at, (list, tuple)) or any(type(one) is not int for one in warn_at):
        raise BadInput(f'"warn_at" takes a list of percents such as [80, 100], not {warn_at!r}')
    return Written(value, tuple(warn_at))


def diff(before: PlanDocument, after: PlanDocument) -> tuple[Change, ...]:
    """What makes one document of another: applied to ``before``, these changes give ``after``.

    Plans that go stand first, then new and moved ones in their order, titles and what is extended,
    then the cells.
    """
    return diff_plans(own_plans(before), own_plans(after))


def diff_plans(old: Mapping[str, OwnPlan], new: Mapping[str, OwnPlan]) -> tuple[Change, ...]:
    """The same for plans as the file writes them."""
    return (
        *(RemovePlan(key) for key in old if key not in new),
        *_placed(old, new),
        *(
            ChangePlan(key, plan.title, plan.extends)
            for key, plan in new.items()
            if key in old and (plan.title, plan.extends) != (old[key].title, old[key].extends)
        ),
        *(cell for key, plan in new.items() for cell in _cells(key, old.get(key), plan)),
    )


def staying(before: Iterable[str], after: Iterable[str]) -> set[str]:
    """The keys that need not move to get from one order to the other."""
    old, new = list(before), list(after)
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in old[block.a : block.a + block.size]}


def _placed(old: Mapping[str, OwnPlan], new: Mapping[str, OwnPlan]) -> Iterator[Change]:
    stay = staying(old, new)
    for after, (key, plan) in zip(["", *new], new.items(), strict=False):
        if key not in old:
            yield AddPlan(key, plan.title, plan.extends, after)
        elif key not in stay:
            yield MovePlan(key, after)


def _cells(key: str, old: OwnPlan | None, new: OwnPlan) -> Iterator[Change]:
    before = old.cells if old else {}
    for feature in dict.fromkeys([*before, *new.cells]):
        if before.get(feature) != new.cells.get(feature):
            yield SetCell(key, feature, new.cells.get(feature))
