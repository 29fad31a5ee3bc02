"""The comparison of plans: side by side, with what the reader's account has and uses of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext

from core.contract.call import Account
from core.contract.features import Feature, FeatureKind
from core.contract.plugin import Plugin
from core.plans.catalogue import plugin_of
from core.plans.file.plan import PlanDocument
from core.plans.impact.values import Values, account_values
from core.store.accounts import PluginSwitch
from core.store.lines import LineProfile, LineRow
from core.web import words
from core.web.account_plan import Own, last_of, number_used, own_values
from core.web.host import host
from core.web.matrix.words import short


@dataclass(frozen=True, slots=True)
class Column:
    """A plan.

    Args:
        key, title: of the plan.
        own: whether it is the account's own plan.
        counts: whether it is the plan that the account has now: by a trial, else its own.
        trial_until: the last day of the trial through which it has it.
        values: what takes effect; in the column that counts, with the account's overrides.
        planned: what takes effect without them.
    """

    key: str
    title: str
    own: bool
    counts: bool
    trial_until: date | None
    values: Values
    planned: Values


@dataclass(frozen=True, slots=True)
class Row:
    """A feature.

    Args:
        feature: the feature.
        own: the account's override of it that holds, if any.
        use: how much of it the account uses, in words; "" when nobody counts it.
        nowhere: whether no plan includes it.
    """

    feature: Feature
    own: Own | None
    use: str
    nowhere: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The features of one plugin; ``use`` says for how many numbers the account has it on."""

    title: str
    use: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole table."""

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]


def compare(document: PlanDocument, account: Account | None, at: datetime) -> Comparison:
    """The plans side by side.

    Args:
        document: the plans.
        account: the reader's, whose plan is marked; None marks none.
        at: now.
    """
    columns = _columns(document, account, at)
    own = {one.row.feature: one for one in own_values(account, at)} if account else {}
    held = {key: one for key, one in own.items() if one.state == "holds"}
    rows: dict[str, list[Row]] = {}
    for key, feature in host().registry.features.items():
        nowhere = not any(key in one.planned for one in columns)
        use = _use(feature, account, at) if account else ""
        rows.setdefault(plugin_of(key), []).append(Row(feature, held.get(key), use, nowhere))
    switches = _Switches(account) if account else None
    groups = [
        Group(words.plugin(name), switches.words(name) if switches else "", tuple(some))
        for name, some in rows.items()
    ]
    return Comparison(tuple(columns), tuple(groups))


def _columns(document: PlanDocument, account: Account | None, at: datetime) -> list[Column]:
    holding = host().gate.standing(account).at(at) if account else None
    trial = holding.trial if holding else None
    now_in = trial.plan if trial else account.plan if account else ""
    found = []
    for key, plan in document.plans.items():
        planned = account_values(document, key)
        counts = key == now_in
        found.append(
            Column(
                key,
                plan.title,
                own=account is not None and key == account.plan,
                counts=counts,
                trial_until=last_of(trial.until, account.zone) if trial and counts else None,
                values=account_values(document, key, holding.overrides) if counts else planned,
                planned=planned,
            )
        )
    return found


def _use(feature: Feature, account: Account, at: datetime) -> str:
    """How much of a feature the account uses."""
    decision = host().gate.ask(account, feature.key, at)
    used = None
    if feature.kind is FeatureKind.NUMBER:
        used = number_used(feature.key, account.id)
    elif decision.used is not None:
        used = decision.used + (decision.held or 0)
    if used is None or (decision.value is None and not used):
        return ""
    limited = type(decision.value) is int
    if feature.kind is FeatureKind.QUOTA:
        if limited:
            values = {"used": short(used), "limit": short(decision.value)}
            return gettext("You have used %(used)s of %(limit)s this month.", **values)
        return gettext("You have used %(used)s this month.", used=short(used))
    if limited:
        values = {"used": short(used), "limit": short(decision.value)}
        return gettext("You use %(used)s of %(limit)s.", **values)
    return gettext("You use %(used)s.", used=short(used))


class _Switches:
    """For how many numbers of an account each plugin is switched on."""

    def __init__(self, account: Account) -> None:
        self.lines = LineRow.of(account).count()
        profiles = LineProfile.of(account)
        self.on = {(one.line_id, one.plugin): one.on for one in profiles}
        off = PluginSwitch.of(account).where(~PluginSwitch.on)
        self.off = {one.plugin for one in off}

    def words(self, name: str) -> str:
        """In words; "" for a plugin that nobody switches."""
        plugin: Plugin = host().registry.plugins[name].plugin
        if not plugin.optional or not self.lines:
            return ""
        if name in self.off:
            return gettext("switched off for the whole account")
        said = [on for (_, one), on in self.on.items() if one == name]
        on = sum(said) + (self.lines - len(said) if plugin.on_by_default else 0)
        return gettext("on for %(on)s of %(all)s numbers", on=on, all=self.lines)
