"""Overrides that shield their account from a change, or that the change makes needless."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.plans.catalogue import plugin_of
from core.plans.file.written import Written, written_json
from core.plans.impact.accounts import Who
from core.plans.impact.exceptions import Exceptional
from core.plans.impact.matrices import Matrices
from core.plans.impact.values import Differences, in_effect, own_words
from core.plans.standing import Override


@dataclass(frozen=True, slots=True)
class OverrideEffect:
    """What a change means for an override.

    Args:
        account: whose override it is.
        override: the override.
        before: what the account would have of its feature without it; None is "not included".
        after: the same, afterwards.
        shields: keys of the features whose change the account does not feel because of it.
        redundant: whether it says from now on what the plan says anyway, and did not before.
    """

    account: Who
    override: Override
    before: Written | None
    after: Written | None
    shields: tuple[str, ...]
    redundant: bool

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        override = self.override
        return {
            "account": self.account.as_json(),
            "override": override.id,
            "feature": override.feature,
            "value": override.value,
            "pinned": override.pinned,
            "reason": override.reason,
            "author": override.author,
            "until": override.until.isoformat() if override.until else None,
            "before": written_json(self.before),
            "after": written_json(self.after),
            "shields": list(self.shields),
            "redundant": self.redundant,
        }


def effects(matrices: Matrices, one: Exceptional, felt: Differences) -> Iterator[OverrideEffect]:
    """The overrides of an account on which the change has an effect.

    Args:
        matrices: the matrix before and after.
        one: the account with the overrides that hold.
        felt: what changes for it.
    """
    unshielded = {change.feature for change in felt}
    for override in one.overrides:
        effect = _effect(matrices, one, override, unshielded)
        if effect.shields or effect.redundant:
            yield effect


def _effect(
    matrices: Matrices, one: Exceptional, override: Override, unshielded: set[str]
) -> OverrideEffect:
    plan, plugin, key = one.who.plan, plugin_of(override.feature), override.feature
    others = [
        other
        for other in one.overrides
        if other is not override and plugin_of(other.feature) == plugin
    ]
    without = matrices.felt_of(plan, plugin, others)
    had, has = (values.get(key) for values in matrices.values_of(plan, plugin, others))
    says = in_effect(own_words([override]), {key: matrices.features[key]}).get(key)
    return OverrideEffect(
        one.who,
        override,
        had,
        has,
        tuple(change.feature for change in without if change.feature not in unshielded),
        says == has and says != had,
    )
