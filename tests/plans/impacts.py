"""A small installation to ask who is affected: three plugins, and shortcuts into its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.api import Feature, FeatureKind, Plugin, hookimpl, save_profile
from core.calls.tables import CallRow
from core.plans.file.document import parse_plans
from core.plans.file.plan import PlanDocument
from core.plans.impact.impact import impact
from core.plans.impact.one_account import AccountImpact, account_impact
from core.plans.impact.pages import Asked
from core.plans.impact.parts import Impact
from core.plans.tables import PlanOverride, PlanTrial
from core.store.accounts import AccountRow, PluginSwitch
from core.store.lines import LineRow
from core.testing import Kit
from tests.support.calls import NOON

WORDS = ("mail", "phone", "visit")


class Seats:
    """A plugin by plan, with a part of each kind; ``used`` is what it counts."""

    def __init__(self) -> None:
        self.used: dict[int, int] = {}
        self.asked: list[tuple[str, int, int | None]] = []

    @hookimpl
    def register_plugin(self) -> Plugin:
        features = (
            Feature("seats", "Seats"),
            Feature("seats.most", "How many seats", FeatureKind.NUMBER, "Seats beyond stay dark."),
            Feature("seats.support", "Support", FeatureKind.CHOICE, choices=WORDS),
            Feature("seats.minutes", "Minutes a month", FeatureKind.QUOTA),
            Feature("seats.extra", "Paid extras", FeatureKind.METERED),
        )
        return Plugin("seats", "Seats", features=features)

    @hookimpl
    def count_use(self, feature: str, more_than: int, account: int | None) -> Any:
        self.asked.append((feature, more_than, account))
        return {
            key: count
            for key, count in self.used.items()
            if count > more_than and account in (None, key)
        }


class Pool:
    """A plugin in every plan, which nobody can switch off; it does not count its number."""

    @hookimpl
    def register_plugin(self) -> Plugin:
        features = (Feature("pool.size", "Size of the pool", FeatureKind.NUMBER),)
        return Plugin("pool", "Pool", features=features, optional=False)


class Door:
    """A plugin by plan that is on for a number that says nothing of it; ``count`` counts."""

    def __init__(self) -> None:
        self.count: Any = lambda feature, more_than, account: None

    @hookimpl
    def register_plugin(self) -> Plugin:
        features = (
            Feature("door", "Door"),
            Feature("door.bell", "Bell"),
            Feature("door.keys", "Keys", FeatureKind.NUMBER),
        )
        return Plugin("door", "Door", features=features, on_by_default=True)

    @hookimpl
    def count_use(self, feature: str, more_than: int, account: int | None) -> Any:
        return self.count(feature, more_than, account)


Cells = Mapping[str, Any]


@dataclass
class World:
    """An installation with the three plugins."""

    kit: Kit
    seats: Seats
    door: Door
    at: datetime = NOON
    _made: list[str] = field(default_factory=list)

    def document(self, **plans: Cells) -> PlanDocument:
        """Plans by key, each a mapping of cells; ``extends`` and ``title`` are not cells."""
        return parse_plans(text_of(plans), self.kit.app.registry)

    def account(self, name: str, plan: str, **columns: Any) -> AccountRow:
        return AccountRow.create(name=name, plan=plan, created_at=NOON, **columns)

    def line(self, account: AccountRow, number: str, **on: bool) -> LineRow:
        """A number; ``on`` are the plugins of which it says something."""
        row = LineRow.create(account=account, number=number)
        for plugin, switched in on.items():
            save_profile(row, plugin, on=switched)
        return row

    def switch(self, account: AccountRow, plugin: str, on: bool) -> None:
        PluginSwitch.create(account=account, plugin=plugin, on=on)

    def override(
        self, account: AccountRow, feature: str, value: Any, **columns: Any
    ) -> PlanOverride:
        about = {"reason": "agreed", "author": "Ada", "from_at": NOON - timedelta(days=9)}
        return PlanOverride.create(
            account=account, feature=feature, value=value, created_at=NOON, **about | columns
        )

    def trial(self, account: AccountRow, plan: str, **columns: Any) -> PlanTrial:
        about = {"reason": "curious", "author": "Ada", "from_at": NOON - timedelta(days=9)}
        until = NOON + timedelta(days=9)
        return PlanTrial.create(
            account=account, plan=plan, created_at=NOON, **about | {"until": until} | columns
        )

    def count(self, account: AccountRow, used: int, held: int = 0, months_ago: int = 0) -> None:
        """A month's count of ``seats.minutes``, as the quota itself would enter it."""
        at = self.at - timedelta(days=30 * months_ago)
        picture = account.picture()
        quota = self.kit.app.quota
        with quota.store.transaction():
            for call in range(used + held):
                key = (picture, "seats.minutes", 1000 * months_ago + call)
                quota.take(picture, None, *key[1:], at)
                if call < used:
                    quota.start(*key, at)
                    quota.commit(*key, at)

    def call(self, account: AccountRow, outcome: str | None = None) -> None:
        self._made.append("")
        ref = f"{account.id}-{len(self._made)}"
        CallRow.create(
            account=account,
            ref=ref,
            token=ref,
            caller="",
            called="",
            started_at=self.at,
            outcome=outcome,
            state="{}",
        )

    def impact(self, before: PlanDocument, after: PlanDocument, **asked: Any) -> Impact:
        app = self.kit.app
        return impact(app.store, app.registry, before, after, self.at, Asked(**asked))

    def account_impact(self, account: AccountRow, before: Cells, after: Cells) -> AccountImpact:
        app = self.kit.app
        picture = account.picture()
        return account_impact(app.store, app.registry, picture, before, after, self.at)


def text_of(plans: Mapping[str, Cells]) -> str:
    """A plan file."""
    lines = ["schema: 1", "plans:"]
    for key, cells in plans.items():
        about = {"title": key.title(), **cells}
        lines.append(f"  {key}:")
        for word in ("title", "extends"):
            if word in about:
                lines.append(f"    {word}: {about.pop(word)}")
        lines.append("    features:")
        lines += [f"      {feature}: {cell_text(value)}" for feature, value in about.items()]
        if not about:
            lines[-1] += " {}"
    return "\n".join(lines) + "\n"


def cell_text(value: Any) -> str:
    """A cell as the file writes it; a pair is a limit with its warnings."""
    if isinstance(value, tuple):
        return f"{{limit: {value[0]}, warn_at: {list(value[1])}}}"
    return str(value).lower() if isinstance(value, bool) else str(value)
