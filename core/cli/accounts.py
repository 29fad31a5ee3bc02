"""``account``: who subscribes to what, what an account has and why, and another plan for it."""

from __future__ import annotations

import click

from core.app import installation
from core.cli.finding import find_account
from core.cli.impacts import print_account_impact
from core.cli.printing import print_columns, print_json, short
from core.plans.accounts.listing import all_accounts, running_trials
from core.plans.accounts.plain import account_json, decisions, plan_change_json
from core.plans.accounts.preview import preview_plan
from core.plans.accounts.subscribing import set_plan as subscribe
from core.plans.decision import Decision
from core.plans.origins import last_day
from core.plans.tables import PlanTrial
from core.store.accounts import AccountRow
from core.store.audit import author_of


@click.group()
def account() -> None:
    """Accounts: their plans, and what they have."""


@account.command("list")
@click.option("--plan", default="", help="Only accounts of the plan with this key.")
@click.option("--json", "as_json", is_flag=True)
def list_accounts(plan: str, as_json: bool) -> None:
    """List all accounts with their plans and running trials."""
    with installation() as centralino:
        listed = list(all_accounts(centralino.clock(), plan))
        if as_json:
            print_json({"accounts": [account_json(*one) for one in listed]})
        else:
            print_columns([_row(*one) for one in listed], "No accounts.")


@account.command()
@click.argument("account")
@click.option("--json", "as_json", is_flag=True, help="Print every decision.")
def show(account: str, as_json: bool) -> None:
    """Show every feature of ACCOUNT (name or id): its value, where it comes from, and why."""
    with installation() as centralino:
        row, at = find_account(account), centralino.clock()
        trial = running_trials([row], at).get(row.id)
        found = decisions(centralino.gate, row, at)
        if as_json:
            features = {key: one.as_json() for key, one in found.items()}
            print_json({"account": account_json(row, trial), "features": features})
            return
        print_columns([_row(row, trial)])
        click.echo()
        print_columns([_feature(one) for one in found.values()])


@account.command("set-plan")
@click.argument("account")
@click.argument("plan")
@click.option("--message", default="", help="Why; kept in the audit.")
@click.option("--author", default="", help="Who decides it; default: this machine's user.")
@click.option("--dry-run", is_flag=True, help="Only say what it would change.")
@click.option("--json", "as_json", is_flag=True, help="Print what changes.")
def set_plan(
    account: str, plan: str, message: str, author: str, dry_run: bool, as_json: bool
) -> None:
    """Give ACCOUNT (name or id) another PLAN, and say what it gains and loses."""
    with installation() as centralino:
        row, at = find_account(account), centralino.clock()
        by = author_of(author)
        changes = preview_plan(
            centralino.store, centralino.registry, centralino.gate, row, plan, at
        )
        trial = running_trials([row], at).get(row.id)
        if not as_json:
            click.echo(f"{row.name}: {row.plan} → {plan}")
            print_account_impact(changes)
            if trial:
                click.echo(f"  Until {_until(row, trial)} its trial of {trial.plan} holds.")
        if not dry_run:
            subscribe(centralino.book, row, plan, author=by, at=at, message=message)
        if as_json:
            print_json(plan_change_json(row, trial, changes, dry_run))
        else:
            click.echo("Nothing was changed." if dry_run else "Done.")


def _row(row: AccountRow, trial: PlanTrial | None) -> tuple[str, ...]:
    on_trial = f"on trial of {trial.plan} until {_until(row, trial)}" if trial else ""
    return str(row.id), row.name, row.plan, on_trial


def _until(row: AccountRow, trial: PlanTrial) -> str:
    return last_day(trial.until, row.picture().zone)


def _feature(one: Decision) -> tuple[str, ...]:
    return one.feature, short(one.value), one.source, one.sentence
