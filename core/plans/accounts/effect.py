"""Whether an override would change anything, asked before it is entered."""

from __future__ import annotations

from datetime import datetime

from core.contract.call import Account
from core.contract.errors import BadInput
from core.contract.texts import N_, phrase
from core.plans.accounts.refusing import refused
from core.plans.catalogue import plugin_of
from core.plans.file.typed import cell_text
from core.plans.file.written import Written
from core.plans.gate import Gate
from core.plans.impact.values import account_values, in_effect
from core.plans.tables import PlanOverride

EQUAL = N_(
    "The plan says %(value)s already. Pin the override if %(account)s is to keep it whatever the"
    " plan says later."
)
OFF = N_(
    "The plan does not include it anyway. Pin the override if %(account)s is never to have it,"
    " whatever the plan says later."
)
NEEDS = N_("It would have no effect: %(account)s does not have %(plugin)s. Override %(key)s first.")


def check_effect(gate: Gate, account: Account, row: PlanOverride) -> None:
    """Refuse an override of a part whose plugin is missing, or one that equals the plan.

    Args:
        gate: says what the plan gives.
        account: whose, as it is now.
        row: the override.

    Raises:
        BadInput: it would change nothing.
    """
    if row.value is not False:
        _check_plugin(gate, account, row)
    feature = {row.feature: gate.catalogue.features[row.feature]}
    said = in_effect({row.feature: Written(row.value, tuple(row.warn_at))}, feature)
    says = said.get(row.feature)
    if not row.pinned and all(
        _without(gate, account, row, at) == says for at in _turns(gate, account, row)
    ):
        raise _equal(account, says)


def _check_plugin(gate: Gate, account: Account, row: PlanOverride) -> None:
    plugin = plugin_of(row.feature)
    if plugin == row.feature or plugin not in gate.catalogue.features:
        return
    needed = gate.grants(account, row.from_at).ask(plugin)
    if needed.value is None:
        title = phrase(needed.title)
        raise refused("value", NEEDS, account=account.name, plugin=title, key=plugin)


def _without(gate: Gate, account: Account, row: PlanOverride, at: datetime) -> Written | None:
    """What the account has of the feature without the override; None: nothing."""
    holding = gate.standing(account).at(at)
    plan = holding.trial.plan if holding.trial else account.plan
    others = [one for one in holding.overrides if one.feature != row.feature]
    document = gate.book.in_force(account.zone, at).document
    return account_values(document, plan, others).get(row.feature)


def _turns(gate: Gate, account: Account, row: PlanOverride) -> list[datetime]:
    """The instants at which the plan below the override is another one: when it begins, and when
    the trial that runs then ends."""
    trial = gate.standing(account).at(row.from_at).trial
    ends = [trial.end] if trial and (row.until is None or trial.end < row.until) else []
    return [row.from_at, *ends]


def _equal(account: Account, says: Written | None) -> BadInput:
    if says is None:
        return refused("value", OFF, account=account.name)
    value = phrase(N_("yes") if says.value is True else cell_text(says))
    return refused("value", EQUAL, value=value, account=account.name)
