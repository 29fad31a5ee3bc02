"""``trial``: another plan for an account, until a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from core.app import installation
from core.cli.finding import find_account
from core.cli.printing import print_columns, print_json, term_text
from core.contract.errors import NotFound
from core.plans.accounts.listing import running_trials
from core.plans.accounts.listing import trials as find_trials
from core.plans.accounts.plain import trial_json
from core.plans.accounts.terms import read_term
from core.plans.tables import PlanTrial
from core.store.audit import author_of


@click.group()
def trial() -> None:
    """Plans that accounts have until a day."""


@trial.command()
@click.argument("account")
@click.argument("plan")
@click.option("--until", required=True, metavar="DAY", help="Last day, on its own calendar.")
@click.option("--reason", required=True, help="Why, in words that the account may read.")
@click.option("--author", default="", help="Who decides it; default: this machine's user.")
@click.option("--json", "as_json", is_flag=True, help="Print the trial.")
def start(account: str, plan: str, until: str, reason: str, author: str, as_json: bool) -> None:
    """Let ACCOUNT (name or id) have PLAN until a day; a trial that runs ends."""
    with installation() as centralino:
        row, at = find_account(account), centralino.clock()
        _, end = read_term("", until, row.picture().zone, at)
        made = centralino.trials.start(
            row, plan, end, reason=reason, author=author_of(author), at=at
        )
        _print_one(made, at, as_json)


@trial.command("list")
@click.argument("account", default="")
@click.option("--all", "over", is_flag=True, help="Those that are over, too.")
@click.option("--json", "as_json", is_flag=True)
def list_trials(account: str, over: bool, as_json: bool) -> None:
    """List the trials of ACCOUNT (name or id), or of all accounts."""
    with installation() as centralino:
        at = centralino.clock()
        found = find_trials(find_account(account) if account else None, at, over)
        shown = [trial_json(row, at) for row in found]
        if as_json:
            print_json({"trials": shown})
        else:
            print_columns(map(_row, shown, found), "No trials.")


@trial.command()
@click.argument("account")
@click.option("--message", default="", help="Why; kept in the audit.")
@click.option("--author", default="", help="Who decides it; default: this machine's user.")
@click.option("--json", "as_json", is_flag=True, help="Print the trial.")
def end(account: str, message: str, author: str, as_json: bool) -> None:
    """End the trial of ACCOUNT (name or id); it has its own plan again."""
    with installation() as centralino:
        row, at = find_account(account), centralino.clock()
        running = running_trials([row], at).get(row.id)
        if running is None:
            raise NotFound(f"{row.name} is on no trial.")
        by = author_of(author)
        centralino.trials.end(running, author=by, at=at, message=message)
        _print_one(running, at, as_json)


def _print_one(row: PlanTrial, at: datetime, as_json: bool) -> None:
    shown = trial_json(row, at)
    if as_json:
        print_json(shown)
    else:
        print_columns([_row(shown, row)])


def _row(one: dict[str, Any], row: PlanTrial) -> tuple[str, ...]:
    why = f"{row.author}: {row.reason}"
    return row.account.name, row.plan, one["state"], term_text(row), why
