"""``plans check`` and ``why``: what a plan file says, and why an account may or may not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from core import registry as registries
from core.app import installation
from core.calls.scenario import local_instant
from core.contract.errors import NotFound
from core.plans.catalogue import require_known
from core.plans.file.document import parse_plans
from core.plans.why import why as explain
from core.store.accounts import AccountRow, PluginSwitch


@click.group()
def plans() -> None:
    """The plan matrix."""


@plans.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Check FILE; every fault is one line with its place, and the exit is not zero."""
    document = parse_plans(file.read_bytes(), registries.load(), file.name)
    for warning in document.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"{file.name}: {len(document.plans)} plans, no faults.")


@click.command()
@click.argument("account")
@click.argument("feature")
@click.option("--at", default="", help="Local time of the account, such as 2026-11-22T22:00.")
@click.option("--json", "as_json", is_flag=True, help="Print the decision.")
def why(account: str, feature: str, at: str, as_json: bool) -> None:
    """Say whether ACCOUNT (name or id) may use FEATURE, and why."""
    with installation() as centralino:
        row = _account(account)
        require_known(centralino.registry, feature)
        instant = local_instant(at, row.picture().zone, datetime.now(UTC))
        off = frozenset(switch.plugin for switch in PluginSwitch.of(row).where(~PluginSwitch.on))
        if as_json:
            decision = centralino.gate.ask(row.picture(), feature, instant, off)
            click.echo(json.dumps(decision.as_json(), indent=2, ensure_ascii=False))
        else:
            click.echo(explain(centralino.gate, row.picture(), feature, instant, off))


def _account(word: str) -> AccountRow:
    row = AccountRow.get_or_none(AccountRow.name == word)
    if row is None and word.isdecimal() and len(word) < 10:
        row = AccountRow.get_or_none(AccountRow.id == int(word))
    if row is None:
        raise NotFound(f"There is no account {word!r}; give its name or id.")
    return row
