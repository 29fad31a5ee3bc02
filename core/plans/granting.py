"""Works out the decisions of one plan, each once: whoever asks again looks into a dictionary."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from core.contract.features import Feature, FeatureKind
from core.contract.texts import N_, Phrase, phrase
from core.plans.catalogue import Catalogue, plugin_of
from core.plans.decision import UNLIMITED, Decision, Reason
from core.plans.file.plan import Cell, Grant
from core.plans.origins import Origins
from core.plans.revisions.book import Revision
from core.plans.standing import NOTHING, Holding, Override


class Granting:
    """The decisions of a plan in a revision, for an account that has exceptions from it or none.

    Args:
        revision: which plan file.
        plan: key of the plan; one that the file no longer has includes nothing (fails closed).
        off: names of switched-off plugins; a plugin that is not optional stays on.
        catalogue: the installed plugins.
        holding: the account's overrides and trial that hold.
        zone: the account's zone, in which the days of ``holding`` are named.
    """

    def __init__(
        self,
        revision: Revision,
        plan: str,
        off: frozenset[str],
        catalogue: Catalogue,
        holding: Holding = NOTHING,
        zone: ZoneInfo | None = None,
    ) -> None:
        self.document = revision.document
        self.number = revision.number
        self.plan = self.document.plans.get(plan)
        self.catalogue = catalogue
        self.off = {name for name in off if self._optional(name)}
        self.overrides = {one.feature: one for one in holding.overrides}
        self.trial = holding.trial if holding.trial and holding.trial.plan == plan else None
        self.ended = holding.ended
        self.origins = Origins(self.document, self.number, plan, self.trial, zone)

    def decide(self, feature: Feature) -> Decision:
        """The decision on a declared feature."""
        plugin = plugin_of(feature.key)
        missing = plugin if not self._acts(plugin) else feature.key
        override = self.overrides.get(missing)
        if override is not None:
            return self._overridden(feature, missing, override)
        cell = self._cell(missing)
        if missing != feature.key or cell is None or not cell.granted:
            return self._refused(feature, missing, cell)
        return self._granted(
            feature,
            cell.value,
            warn_at=cell.warn_at,
            source="trial" if self.trial else "plan",
            until=self.trial.end if self.trial else None,
            where=self.origins.place(cell),
            trace=self.origins.trace(missing, cell),
        )

    def plugins(self) -> frozenset[str]:
        """The plugins that act: granted, or in every plan, and not switched off."""
        return frozenset(
            name for name in self.catalogue.plugins if name not in self.off and self._acts(name)
        )

    def _optional(self, name: str) -> bool:
        installed = self.catalogue.plugins.get(name)
        return installed is None or installed.plugin.optional

    def _acts(self, plugin: str) -> bool:
        """Whether a plugin is granted; one without a feature of its name is in every plan."""
        if plugin not in self.catalogue.features:
            return True
        override = self.overrides.get(plugin)
        if override is not None:
            return override.value is not False
        cell = self._cell(plugin)
        return cell is not None and cell.granted

    def _cell(self, key: str) -> Cell | None:
        return self.plan.cells.get(key) if self.plan else None

    def _granted(self, feature: Feature, value: Grant, **about: Any) -> Decision:
        if plugin_of(feature.key) in self.off:
            allowed, reason = False, Reason.PLUGIN_OFF
        elif feature.kind is FeatureKind.QUOTA and value == 0:
            allowed, reason = False, Reason.QUOTA_EXHAUSTED
        else:
            allowed, reason = True, Reason.UNLIMITED if value == UNLIMITED else Reason.OK
        counted = feature.kind is FeatureKind.QUOTA and value != UNLIMITED
        limit = value if counted else None
        return self._answer(feature, allowed, reason, value=value, limit=limit, **about)

    def _overridden(self, feature: Feature, missing: str, override: Override) -> Decision:
        """An override of the feature, or one that switches its plugin off."""
        about = {
            "source": "override",
            "until": override.end,
            "where": self.origins.override_place(override),
            "trace": (
                self.origins.override(override),
                *self.origins.trace(missing, self._cell(missing)),
            ),
        }
        if override.value is not False:
            return self._granted(feature, override.value, warn_at=override.warn_at, **about)
        hint = self._needs(missing) if missing != feature.key else ""
        return self._answer(feature, False, Reason.OVERRIDE_OFF, hint=hint, **about)

    def _refused(self, feature: Feature, missing: str, cell: Cell | None) -> Decision:
        """Neither the plan nor an override grants the feature, or the plugin it is a part of."""
        ended = self.ended
        tried = ended is not None and self.document.includes(ended.plan, feature.key)
        trace = self.origins.trace(missing, cell)
        if tried:
            trace = (self.origins.trial(ended), *trace)
        if feature.without:
            trace += (phrase(N_("without it: %(text)s"), text=phrase(feature.without)),)
        return self._answer(
            feature,
            False,
            Reason.TRIAL_ENDED if tried else Reason.NOT_IN_PLAN,
            source="trial" if tried or self.trial else "plan" if cell else "default",
            trace=trace,
            where=self.origins.place(cell),
            hint=self._help(feature, missing),
        )

    def _help(self, feature: Feature, missing: str) -> str:
        """What is needed, and which plan has it; or that the account's plan is gone."""
        if self.plan is None:
            return phrase(N_("%(why)s, so nothing is included"), why=self.origins.gone())
        hints = [self._needs(missing)] if missing != feature.key else []
        first = self.document.first_plan_with(feature.key)
        if first is not None:
            hints.append(phrase(N_("plan %(plan)s has it"), plan=self.document.plans[first].title))
        if len(hints) < 2:
            return hints[0] if hints else ""
        return phrase("%(first)s, %(second)s", first=hints[0], second=hints[1])

    def _needs(self, plugin: str) -> Phrase:
        title = phrase(self.catalogue.features[plugin].title)
        return phrase(N_("it needs %(feature)s"), feature=title)

    def _answer(self, feature: Feature, allowed: bool, reason: Reason, **about: Any) -> Decision:
        revision = str(self.number)
        return Decision(
            feature.key, allowed, reason, title=feature.title, revision=revision, **about
        )
