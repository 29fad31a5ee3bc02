"""What the page of an account's plan shows: each feature with its value, origin and use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import gettext
from peewee import fn

from core.contract.call import Account
from core.contract.features import Feature, FeatureKind
from core.plans.accounts.spans import live
from core.plans.catalogue import plugin_of
from core.plans.decision import DEFAULT_WARN_AT, Decision, Reason
from core.plans.file.plan import PlanDocument
from core.plans.file.written import Written
from core.plans.impact.counting import count_use
from core.plans.origins import last_day
from core.plans.tables import PlanOverride, PlanTrial
from core.store.accounts import AccountRow, PluginSwitch
from core.web import words
from core.web.format import day
from core.web.host import host


@dataclass(frozen=True, slots=True)
class Own:
    """An override that holds or is to come.

    Args:
        row: the override.
        first: its first day, on the account's calendar.
        last: its last day; None: without end.
        state: ``holds``, ``to come``, or ``waits`` while a newer one stands before it.
    """

    row: PlanOverride
    first: date
    last: date | None
    state: str


@dataclass(frozen=True, slots=True)
class Line:
    """One feature of an account.

    Args:
        feature: the feature.
        decision: the gate's answer now.
        source: where the value comes from, in short.
        used: how much the account uses; None when nobody counts it.
        overrides: those that hold or are to come, the oldest first.
    """

    feature: Feature
    decision: Decision
    source: str
    used: int | None
    overrides: tuple[Own, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The features of one plugin."""

    title: str
    lines: tuple[Line, ...]


def groups(account: AccountRow, at: datetime) -> list[Group]:
    """Every feature of an account, by plugin in the order of the catalogue."""
    picture = account.picture()
    lines = _Lines(picture, at)
    found: dict[str, list[Line]] = {}
    for feature in host().registry.features.values():
        found.setdefault(plugin_of(feature.key), []).append(lines.line(feature))
    return [Group(words.plugin(name), tuple(some)) for name, some in found.items()]


class _Lines:
    """Makes the lines of one account; what all of them need is read once."""

    def __init__(self, account: Account, at: datetime) -> None:
        self.account = account
        self.at = at
        self.document = host().book.in_force(account.zone, at).document
        self.plan = host().gate.grants(account, at).plan
        switches = PluginSwitch.of(account).where(~PluginSwitch.on)
        self.off = frozenset(one.plugin for one in switches)
        self.own: dict[str, list[Own]] = {}
        for one in own_values(account, at):
            self.own.setdefault(one.row.feature, []).append(one)

    def line(self, feature: Feature) -> Line:
        decision = host().gate.ask(self.account, feature.key, self.at, self.off)
        where = source(decision, self.document, self.plan, self.account.zone)
        own = tuple(self.own.get(feature.key, ()))
        return Line(feature, decision, where, self._used(decision, feature), own)

    def _used(self, decision: Decision, feature: Feature) -> int | None:
        if feature.kind is FeatureKind.NUMBER:
            return number_used(feature.key, self.account.id)
        if decision.used is None:
            return None
        return decision.used + (decision.held or 0)


def own_values(account: Account, at: datetime, feature: str = "") -> list[Own]:
    """The overrides of an account that hold or are to come, the oldest first.

    Args:
        account: whose.
        at: now.
        feature: only of this one; "" for all.
    """
    rows = PlanOverride.of(account).where(live(PlanOverride, at)).order_by(PlanOverride.id)
    holding = {one.id for one in host().gate.standing(account).at(at).overrides}
    zone = account.zone
    return [
        Own(one, first_of(one.from_at, zone), last_of(one.until, zone), _state(one, at, holding))
        for one in rows
        if feature in ("", one.feature)
    ]


def _state(row: PlanOverride, at: datetime, holding: set[int]) -> str:
    if row.id in holding:
        return "holds"
    return "to come" if row.from_at > at else "waits"


def source(decision: Decision, document: PlanDocument, plan: str, zone: ZoneInfo) -> str:
    """Where a decision comes from, in a few words."""
    until = day(date.fromisoformat(last_day(decision.until, zone))) if decision.until else ""
    if decision.source == "override":
        return gettext("override until %(day)s", day=until) if until else gettext("override")
    if decision.reason is Reason.TRIAL_ENDED:
        return gettext("trial that ended")
    if decision.source == "trial" and until:
        return gettext("trial until %(day)s", day=until)
    found = document.plans.get(plan)
    if found is None:
        return gettext("the plan is gone")
    if decision.feature not in found.cells:
        return gettext("not in plan %(plan)s", plan=found.title)
    above = found.inherited_from(decision.feature)
    if above:
        return gettext("inherited from %(plan)s", plan=document.plans[above].title)
    return gettext("plan %(plan)s", plan=found.title)


def number_used(feature: str, account: int) -> int | None:
    """How much of a number feature an account uses; None when its plugin cannot count."""
    counted = count_use(host().registry, feature, 0, account)
    return counted.get(account, 0) if isinstance(counted, dict) else None


def count_overrides(accounts: Iterable[AccountRow], at: datetime) -> dict[int, int]:
    """How many overrides each account has that hold or are to come, by id."""
    ids = [one.id for one in accounts]
    rows = (
        PlanOverride.select(PlanOverride.account, fn.COUNT(PlanOverride.id))
        .where(PlanOverride.account.in_(ids), live(PlanOverride, at))
        .group_by(PlanOverride.account)
    )
    return dict(rows.tuples())


def plan_title(key: str) -> str:
    """What people call a plan; of one that is gone, its key."""
    found = host().book.settled().document.plans.get(key)
    return found.title if found else key


def trial_words(trial: PlanTrial | None, zone: ZoneInfo) -> str:
    """A running trial in a list: its plan, and its last day on the account's calendar."""
    if trial is None:
        return ""
    until = day(last_of(trial.until, zone))
    return gettext("%(plan)s until %(day)s", plan=plan_title(trial.plan), day=until)


def first_of(instant: datetime, zone: ZoneInfo) -> date:
    """The first day of what begins at an instant, on the account's calendar."""
    return instant.astimezone(zone).date()


def last_of(instant: datetime | None, zone: ZoneInfo) -> date | None:
    """The last day of what ends at an instant; None: without end."""
    return date.fromisoformat(last_day(instant, zone)) if instant else None


def written(row: PlanOverride) -> Written:
    """What an override says."""
    return Written(row.value, DEFAULT_WARN_AT if row.warn_at is None else tuple(row.warn_at))


def add(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.filters.update(plan_title=plan_title, last_day=last_of, written=written)
