"""The matrix before and after, asked what changes for a plan, or for an account of its own kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.contract.features import Feature
from core.plans.catalogue import plugin_of
from core.plans.file.plan import PlanDocument
from core.plans.impact.values import (
    Differences,
    Said,
    Values,
    difference,
    in_effect,
    own_words,
    said_by,
)
from core.plans.standing import Override

NOTHING: tuple[Said, Said] = ({}, {})
"""What a plan says that is in neither matrix."""


class Matrices:
    """Two documents, side by side.

    A plugin's features depend on nothing but each other, so an account's overrides are judged with
    the features of their own plugins only; all else is as in its plan.

    Args:
        before: the matrix as it is.
        after: the matrix as it will be.
    """

    def __init__(self, before: PlanDocument, after: PlanDocument) -> None:
        self.before = before
        self.after = after
        self.features = after.features
        self.places = {key: place for place, key in enumerate(self.features)}
        self._of_plugin: dict[str, dict[str, Feature]] = {}
        for key, feature in self.features.items():
            self._of_plugin.setdefault(plugin_of(key), {})[key] = feature
        plans = dict.fromkeys([*before.plans, *after.plans])
        self._said = {plan: (said_by(before, plan), said_by(after, plan)) for plan in plans}
        self._parts = {
            (plan, plugin): (_part(had, features), _part(has, features))
            for plan, (had, has) in self._said.items()
            for plugin, features in self._of_plugin.items()
        }
        self._ordinary = {plan: self._difference(plan) for plan in plans}

    @property
    def changed_plans(self) -> dict[str, Differences]:
        """What changes for accounts that have nothing but their plan, by the plan's key."""
        return {plan: felt for plan, felt in self._ordinary.items() if felt}

    @property
    def removed(self) -> list[str]:
        """Keys of the plans that go."""
        return [plan for plan in self.before.plans if plan not in self.after.plans]

    def says_otherwise(self, plan: str, feature: str) -> bool:
        """Whether a plan says something else of a feature than before, be it without effect."""
        had, has = self._said[plan]
        return had.get(feature) != has.get(feature)

    def features_of_changed_plugins(self) -> list[str]:
        """Keys of all features whose overrides may alter what an account feels: also where a part
        changes without effect, because only an override brings its plugin."""
        plugins = {
            plugin_of(key)
            for plan, (had, has) in self._said.items()
            for key in had.keys() | has.keys()
            if self.says_otherwise(plan, key)
        }
        return [key for key in self.features if plugin_of(key) in plugins]

    def ordinary(self, plan: str) -> Differences:
        """What changes for an account of a plan that has no overrides."""
        return self._ordinary.get(plan, ())

    def felt(self, plan: str, overrides: Iterable[Override]) -> Differences:
        """What changes for an account of a plan with these overrides, in the features' order."""
        by_plugin: dict[str, list[Override]] = {}
        for one in overrides:
            by_plugin.setdefault(plugin_of(one.feature), []).append(one)
        felt = [one for one in self.ordinary(plan) if plugin_of(one.feature) not in by_plugin]
        for plugin, own in by_plugin.items():
            felt += self.felt_of(plan, plugin, own)
        return tuple(sorted(felt, key=lambda one: self.places[one.feature]))

    def felt_of(self, plan: str, plugin: str, overrides: Sequence[Override]) -> Differences:
        """The same for the features of one plugin."""
        if not overrides:
            return tuple(one for one in self.ordinary(plan) if plugin_of(one.feature) == plugin)
        had, has = self.values_of(plan, plugin, overrides)
        return difference(had, has, self._of_plugin[plugin])

    def values_of(
        self, plan: str, plugin: str, overrides: Iterable[Override]
    ) -> tuple[Values, Values]:
        """What takes effect of one plugin's features, before and after."""
        features, own = self._of_plugin[plugin], own_words(overrides)
        had, has = self._parts.get((plan, plugin), NOTHING)
        return in_effect({**had, **own}, features), in_effect({**has, **own}, features)

    def _difference(self, plan: str) -> Differences:
        had, has = (in_effect(said, self.features) for said in self._said[plan])
        return difference(had, has, self.features)


def _part(said: Said, features: Iterable[str]) -> Said:
    return {key: said[key] for key in features if key in said}
