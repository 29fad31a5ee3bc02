"""Works out every decision of one plan, once, so that asking costs one look into a dictionary."""

from __future__ import annotations

from core.contract.features import Feature, FeatureKind
from core.plans.catalogue import Catalogue, plugin_of
from core.plans.decision import UNLIMITED, Decision, Reason
from core.plans.file.plan import Cell
from core.plans.revisions.book import Revision


class Granting:
    """The decisions of a plan in a revision, with some plugins switched off.

    Args:
        revision: which plan file.
        plan: key of the plan; one that the file no longer has includes nothing (fails closed).
        off: names of switched-off plugins; a plugin that is not optional stays on.
        catalogue: the installed plugins.
    """

    def __init__(
        self, revision: Revision, plan: str, off: frozenset[str], catalogue: Catalogue
    ) -> None:
        self.document = revision.document
        self.number = revision.number
        self.key = plan
        self.plan = self.document.plans.get(plan)
        self.catalogue = catalogue
        self.off = {name for name in off if self._optional(name)}

    def decisions(self) -> dict[str, Decision]:
        """A decision for every declared feature."""
        return {key: self._decide(one) for key, one in self.catalogue.features.items()}

    def plugins(self) -> frozenset[str]:
        """The plugins that act: in the plan, or in every plan, and not switched off."""
        features = self.catalogue.features
        return frozenset(
            name
            for name in self.catalogue.plugins
            if name not in self.off
            and (name not in features or self.document.includes(self.key, name))
        )

    def _optional(self, name: str) -> bool:
        installed = self.catalogue.plugins.get(name)
        return installed is None or installed.plugin.optional

    def _decide(self, feature: Feature) -> Decision:
        if self.plan is None:
            return self._gone(feature)
        plugin = plugin_of(feature.key)
        cell = self.plan.cells.get(feature.key)
        if plugin in self.catalogue.features and not self.document.includes(self.key, plugin):
            needs = "" if plugin == feature.key else self._title(plugin)
            return self._denied(feature, self.plan.cells.get(plugin), needs)
        if cell is None or not cell.granted:
            return self._denied(feature, cell)
        if plugin in self.off:
            return self._answer(feature, cell, False, Reason.PLUGIN_OFF)
        if feature.kind is FeatureKind.QUOTA and cell.value == 0:
            return self._answer(feature, cell, False, Reason.QUOTA_EXHAUSTED)
        reason = Reason.UNLIMITED if cell.value == UNLIMITED else Reason.OK
        return self._answer(feature, cell, True, reason)

    def _answer(self, feature: Feature, cell: Cell, allowed: bool, reason: Reason) -> Decision:
        counted = feature.kind is FeatureKind.QUOTA and cell.value != UNLIMITED
        return Decision(
            feature.key,
            allowed,
            reason,
            value=cell.value,
            limit=cell.value if counted else None,
            revision=str(self.number),
            trace=(self._trace(feature.key, cell),),
            title=feature.title,
            where=self._where(cell.line),
            warn_at=cell.warn_at,
        )

    def _denied(self, feature: Feature, cell: Cell | None, needs: str = "") -> Decision:
        first = self.document.first_plan_with(feature.key)
        hints = [f"it needs {needs}"] if needs else []
        if first is not None:
            hints.append(f"plan {self.document.plans[first].title} has it")
        return Decision(
            feature.key,
            False,
            Reason.NOT_IN_PLAN,
            source="plan" if cell else "default",
            revision=str(self.number),
            trace=(self._trace(plugin_of(feature.key) if needs else feature.key, cell),)
            + ((f"without it: {feature.without}",) if feature.without else ()),
            title=feature.title,
            where=self._where(cell.line if cell else self.plan.line),
            hint=", ".join(hints),
        )

    def _gone(self, feature: Feature) -> Decision:
        sentence = f'the account\'s plan "{self.key}" is gone from {self.document.name}'
        return Decision(
            feature.key,
            False,
            Reason.NOT_IN_PLAN,
            source="default",
            revision=str(self.number),
            trace=(sentence,),
            title=feature.title,
            where=f"revision {self.number}",
            hint=f"{sentence}, so nothing is included",
        )

    def _title(self, key: str) -> str:
        return self.catalogue.features[key].title

    def _where(self, line: int) -> str:
        place = f"{self.document.name}:{line}, revision {self.number}"
        return f"plan {self.plan.title}, {place}"

    def _trace(self, key: str, cell: Cell | None) -> str:
        place = f"{self.document.name}:{cell.line if cell else self.plan.line}"
        start = f"plan {self.plan.title} ({place}, revision {self.number})"
        if cell is None:
            return f"{start} does not name {key}, so it is off"
        inherited = ""
        if cell.plan != self.key:
            inherited = f", inherited from {self.document.plans[cell.plan].title}"
        return f"{start} says {key}: {cell.text}{inherited}"
