"""What an account may use, worked out slowly from the text of plans.md alone: every question walks
through plans, overrides and trials anew. None of the gate's code is used here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from core.contract.features import Feature

Grant = bool | int | str
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Column:
    """One plan as it is written; ``lines`` says on which line each cell stands."""

    key: str
    extends: str
    cells: Mapping[str, Grant]
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Span:
    """From when to when something holds; ``ended`` is when somebody ended it."""

    begin: datetime
    until: datetime | None
    ended: datetime | None

    @property
    def end(self) -> datetime | None:
        return min((one for one in (self.until, self.ended) if one), default=None)

    def holds(self, at: datetime) -> bool:
        return self.begin <= at and not self.over(at)

    def over(self, at: datetime) -> bool:
        return self.end is not None and self.end <= at


@dataclass(frozen=True)
class Own:
    """A value of the account's own."""

    feature: str
    value: Grant
    span: Span


@dataclass(frozen=True)
class Tried:
    """A plan until a date."""

    plan: str
    span: Span


@dataclass(frozen=True)
class Holder:
    """An account: ``used`` are the units that were counted, by feature, with an instant of their
    month."""

    plan: str
    zone: str
    overrides: tuple[Own, ...] = ()
    trials: tuple[Tried, ...] = ()
    off: frozenset[str] = frozenset()
    used: Mapping[str, tuple[datetime, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What every door must say; ``line`` is where the plan file grants it, if it does."""

    allowed: bool
    reason: str
    value: Grant | None
    limit: int | None
    source: str
    until: datetime | None
    line: int | None


@dataclass(frozen=True)
class Reference:
    """Answers for one plan file.

    Args:
        columns: the plans by key.
        features: the declared ones by key.
    """

    columns: Mapping[str, Column]
    features: Mapping[str, Feature]

    def column_of(self, key: str, feature: str) -> Column | None:
        """The plan that names a feature for this one: itself, or the nearest that it extends."""
        while key in self.columns:
            if feature in self.columns[key].cells:
                return self.columns[key]
            key = self.columns[key].extends
        return None

    def cell(self, plan: str, feature: str) -> Grant:
        """What a plan says; what nobody names is off."""
        column = self.column_of(plan, feature)
        return column.cells[feature] if column else False

    def plugin(self, feature: str) -> str:
        """The feature of a plugin's own name, without which its parts are nothing; "" for none."""
        plugin = feature.split(".")[0]
        return plugin if plugin in self.features else ""

    def in_plan(self, plan: str, feature: str) -> bool:
        """Whether a plan includes a feature, with the plugin that it is a part of."""
        wanted = [feature, *filter(None, [self.plugin(feature)])]
        return all(self.cell(plan, key) is not False for key in wanted)

    def trial(self, who: Holder, at: datetime) -> Tried | None:
        """The trial that runs: the one that was entered last."""
        return next((one for one in reversed(who.trials) if one.span.holds(at)), None)

    def override(self, who: Holder, feature: str, at: datetime) -> Own | None:
        """The override that holds: the one that was entered last."""
        own = [one for one in who.overrides if one.feature == feature and one.span.holds(at)]
        return own[-1] if own else None

    def plan(self, who: Holder, at: datetime) -> str:
        """The plan that holds: the trial's, or the own one."""
        trial = self.trial(who, at)
        return trial.plan if trial else who.plan

    def says(self, who: Holder, feature: str, at: datetime) -> Grant:
        """What holds for a feature by itself: an override before any plan."""
        override = self.override(who, feature, at)
        return override.value if override else self.cell(self.plan(who, at), feature)

    def acts(self, who: Holder, plugin: str, at: datetime) -> bool:
        """Whether a plugin acts for calls: granted or in every plan, and not switched off."""
        granted = plugin not in self.features or self.says(who, plugin, at) is not False
        return granted and plugin not in who.off

    def answer(self, who: Holder, feature: str, at: datetime) -> Answer:
        """What every door says, before anything is counted."""
        plugin = self.plugin(feature)
        decisive = plugin if plugin and self.says(who, plugin, at) is False else feature
        override, trial = self.override(who, decisive, at), self.trial(who, at)
        value = self.says(who, decisive, at)
        if value is False:
            return self._refused(who, feature, decisive, at)
        source = "override" if override else "trial" if trial else "plan"
        until = override.span.end if override else trial.span.end if trial else None
        column = None if override else self.column_of(self.plan(who, at), feature)
        quota = str(self.features[feature].kind) == "quota"
        allowed, reason = True, "unlimited" if value == "unlimited" else "ok"
        if feature.split(".")[0] in who.off:
            allowed, reason = False, "plugin-off"
        elif quota and value == 0:
            allowed, reason = False, "quota-exhausted"
        limit = value if quota and value != "unlimited" else None
        line = column.lines[feature] if column else None
        return Answer(allowed, reason, value, limit, source, until, line)

    def counted(self, who: Holder, feature: str, at: datetime) -> tuple[Answer, int | None]:
        """The same with the units of the month, and how many of them are used."""
        answer = self.answer(who, feature, at)
        if str(self.features[feature].kind) != "quota" or answer.value is None:
            return answer, None
        counted_at, used = who.used.get(feature, (at, 0))
        used = used if month(counted_at, who.zone) == month(at, who.zone) else 0
        if answer.allowed and answer.limit is not None and used >= answer.limit:
            answer = Answer(False, "quota-exhausted", *_rest(answer))
        return answer, used

    def _refused(self, who: Holder, feature: str, decisive: str, at: datetime) -> Answer:
        override = self.override(who, decisive, at)
        if override:
            return Answer(
                False, "override-off", None, None, "override", override.span.end, None
            )  # fmt: skip
        if self.trial(who, at):
            return Answer(False, "not-in-plan", None, None, "trial", None, None)
        over = [one for one in who.trials if _ran(one.span) and one.span.over(at)]
        last = max(over, key=lambda one: one.span.end, default=None)
        if last and self.in_plan(last.plan, feature):
            return Answer(False, "trial-ended", None, None, "trial", None, None)
        source = "plan" if self.column_of(who.plan, decisive) else "default"
        return Answer(False, "not-in-plan", None, None, source, None, None)


def _rest(answer: Answer) -> tuple[Any, ...]:
    return answer.value, answer.limit, answer.source, answer.until, answer.line


def _ran(span: Span) -> bool:
    return span.end is None or span.begin < span.end


def month(at: datetime, zone: str) -> tuple[datetime, datetime]:
    """The account's calendar month that contains an instant, as two instants."""
    local = at.astimezone(ZoneInfo(zone))
    for months in range(local.year * 12 + local.month - 2, local.year * 12 + local.month + 1):
        start, end = first_instant(months, zone), first_instant(months + 1, zone)
        if start <= at < end:
            return start, end
    raise AssertionError("no month contains this instant")


@cache
def first_instant(months: int, zone: str) -> datetime:
    """The first minute, counted one by one, at which a zone's clocks show a month or a later one.

    Args:
        months: counted from year 0.
        zone: its name.
    """
    year, place = divmod(months, 12)
    at = datetime(year, place + 1, 1, tzinfo=UTC) - timedelta(hours=15)
    while (local := at.astimezone(ZoneInfo(zone))).year * 12 + local.month - 1 < months:
        at += MINUTE
    return at
