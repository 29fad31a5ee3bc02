"""``override``: an account's own value for one feature, with its reason, and its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from core.app import installation
from core.cli.finding import find_account
from core.cli.printing import print_columns, print_json, short, term_text
from core.contract.errors import BadInput, NotFound
from core.plans.accounts.listing import overrides
from core.plans.accounts.plain import override_json, overrides_json
from core.plans.accounts.terms import read_term
from core.plans.catalogue import require_known
from core.plans.file.typed import typed_cell
from core.plans.tables import PlanOverride
from core.store.audit import author_of


@click.group()
def override() -> None:
    """Single features that an account has otherwise than its plan says."""


@override.command("set")
@click.argument("account")
@click.argument("feature")
@click.argument("value")
@click.option("--reason", required=True, help="Why, in words that the account may read.")
@click.option("--from", "since", default="", metavar="DAY", help="First day; default: now.")
@click.option("--until", default="", metavar="DAY", help="Last day; default: without end.")
@click.option("--pin", is_flag=True, help="Keep it even where it equals the plan.")
@click.option("--author", default="", help="Who decides it; default: this machine's user.")
@click.option("--json", "as_json", is_flag=True, help="Print the override.")
def set_override(
    account: str, feature: str, value: str, since: str, until: str, as_json: bool, **said: Any
) -> None:
    """Give ACCOUNT (name or id) its own VALUE of FEATURE, as a cell of the plan grid takes it.

    Days are those of the account's calendar, the last one included.
    """
    with installation() as centralino:
        row, at = find_account(account), centralino.clock()
        require_known(centralino.registry, feature)
        written = typed_cell(value, centralino.registry.features[feature])
        if written is None:
            raise BadInput("Give a value; `override end` goes back to the plan.")
        begin, end = read_term(since, until, row.picture().zone, at)
        made = centralino.overrides.set(
            row,
            feature,
            written,
            reason=said["reason"],
            author=author_of(said["author"]),
            at=at,
            from_at=begin,
            until=end,
            pinned=said["pin"],
        )
        if as_json:
            print_json(override_json(made, at))
        else:
            print_columns([_row(override_json(made, at), made)])


@override.command("list")
@click.argument("account", default="")
@click.option("--all", "over", is_flag=True, help="Those that are over, too.")
@click.option("--json", "as_json", is_flag=True)
def list_overrides(account: str, over: bool, as_json: bool) -> None:
    """List the overrides of ACCOUNT (name or id), or of all accounts."""
    with installation() as centralino:
        at = centralino.clock()
        found = overrides(find_account(account) if account else None, at, over)
        _print(found, at, as_json)


@override.command("end")
@click.argument("account")
@click.argument("feature")
@click.option("--message", default="", help="Why; kept in the audit.")
@click.option("--author", default="", help="Who decides it; default: this machine's user.")
@click.option("--json", "as_json", is_flag=True, help="Print the overrides that ended.")
def end_override(account: str, feature: str, message: str, author: str, as_json: bool) -> None:
    """End what ACCOUNT (name or id) has of its own for FEATURE, also what is to come."""
    with installation() as centralino:
        row, at = find_account(account), centralino.clock()
        require_known(centralino.registry, feature)
        ended, by = [], author_of(author)
        with centralino.store.transaction():
            while live := [one for one in overrides(row, at) if one.feature == feature]:
                centralino.overrides.end(live[-1], author=by, at=at, message=message)
                ended.append(live[-1])
        if not ended:
            raise NotFound(f"{row.name} has no override of {feature}.")
        _print(ended, at, as_json)


def _print(rows: list[PlanOverride], at: datetime, as_json: bool) -> None:
    shown = overrides_json(rows, at)
    if as_json:
        print_json({"overrides": shown})
    else:
        print_columns(map(_row, shown, rows), "No overrides.")


def _row(one: dict[str, Any], row: PlanOverride) -> tuple[str, ...]:
    value = f"{short(row.value)}{', pinned' if row.pinned else ''}"
    why = f"{row.author}: {row.reason}"
    return row.account.name, row.feature, value, one["state"], term_text(row), why
