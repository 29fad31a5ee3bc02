"""Whom a change affects, as lines for people: counts first, then the first names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import click

from core.cli.differences import value_text
from core.cli.printing import counted, short
from core.plans.impact.accounts import AffectedAccount, PluginUse, Who
from core.plans.impact.limits import OverLimit
from core.plans.impact.one_account import AccountImpact
from core.plans.impact.overrides import OverrideEffect
from core.plans.impact.pages import Page
from core.plans.impact.parts import Impact, OnRemoved
from core.plans.impact.values import Difference, Direction

FIRST = 10
"""So many names of each list are printed, unless all are asked for."""

FEW = 3
"""So many of an account's numbers are printed."""

Row = TypeVar("Row")


def print_impact(impact: Impact, everything: bool) -> None:
    """Print whom a change of the matrix affects.

    Args:
        impact: what was found.
        everything: print all names that it holds.
    """
    trials = f", {impact.on_trial:,} of them on trial" if impact.on_trial else ""
    click.echo(f"It affects {counted(impact.affected, 'account')}{trials}.")
    most = None if everything else FIRST
    for lines in (
        _listed("gain", impact.gaining, _gains, most),
        _listed("lose", impact.losing, _losses, most),
        _listed("over a lowered limit", impact.over, _over, most),
        _listed("overrides that keep their account as it is", impact.shielding, _override, most),
        _listed("overrides that are not needed any more", impact.redundant, _override, most),
        _listed("accounts of a plan that goes", impact.on_removed, _on_removed, most),
    ):
        for line in lines:
            click.echo(line)
    for one in impact.uncounted:
        click.echo(str(one.sentence))
    if running := impact.running.calls:
        click.echo(f"{counted(running, 'call')} running now keep what they began with.")


def print_account_impact(impact: AccountImpact) -> None:
    """Print what changes for one account."""
    for one in impact.differences:
        click.echo(f"  {one.direction}: {_difference(one)}")
    if not impact.differences:
        click.echo("  Nothing changes.")
    for use in impact.uses:
        if use.numbers:
            click.echo(f"  {_use(use)}")
    for over in impact.over:
        click.echo(f"  {over.feature}: {over.used:,} in use. {over.sentence}")
    for uncounted in impact.uncounted:
        click.echo(f"  {uncounted.sentence}")
    if impact.calls:
        click.echo(f"  {counted(impact.calls, 'call')} running now keep what they began with.")


def _listed(
    what: str, page: Page[Row], say: Callable[[Row], str], most: int | None
) -> Iterator[str]:
    if not page.total:
        return
    yield f"{what} ({page.total:,}):"
    shown = page.rows[:most]
    for row in shown:
        yield f"  {say(row)}"
    if left := page.total - len(shown):
        yield f"  … and {left:,} more; --all prints them"


def _gains(row: AffectedAccount) -> str:
    return _affected(row, Direction.GAIN)


def _losses(row: AffectedAccount) -> str:
    return _affected(row, Direction.LOSE)


def _affected(row: AffectedAccount, direction: Direction) -> str:
    felt = ", ".join(_difference(one) for one in row.differences if one.direction is direction)
    uses = "".join(f"; {_use(use)}" for use in row.uses if use.numbers)
    return f"{_who(row.account)}: {felt}{uses}"


def _difference(one: Difference) -> str:
    return f"{one.feature} {value_text(one.before)} → {value_text(one.after)}"


def _use(use: PluginUse) -> str:
    left = len(use.numbers) - FEW
    more = f" and {left:,} more" if left > 0 else ""
    return f"{use.title} on {', '.join(use.numbers[:FEW])}{more}"


def _over(row: OverLimit) -> str:
    limit = f"{value_text(row.before)} → {value_text(row.after)}"
    return f"{_who(row.account)}: {row.feature} {limit}, {row.used:,} in use. {row.sentence}"


def _override(row: OverrideEffect) -> str:
    plan = f"{value_text(row.before)} → {value_text(row.after)}"
    own = row.override
    return f"{_who(row.account)}: {own.feature} {short(own.value)} ({own.reason}); the plan: {plan}"


def _on_removed(row: OnRemoved) -> str:
    return f"{row.account.name} ({row.plan})"


def _who(account: Who) -> str:
    trial = ", on trial" if account.trial_until else ""
    return f"{account.name} ({account.plan}{trial})"
