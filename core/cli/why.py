"""``why``: whether an account may use a feature, and how the gate comes to say so."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from core.app import installation
from core.calls.scenario import local_instant
from core.cli.finding import find_account, switched_off
from core.cli.printing import print_json
from core.plans.catalogue import require_known
from core.plans.why import why as explain


@click.command()
@click.argument("account")
@click.argument("feature")
@click.option("--at", default="", help="Local time of the account, such as 2026-11-22T22:00.")
@click.option("--json", "as_json", is_flag=True, help="Print the decision.")
def why(account: str, feature: str, at: str, as_json: bool) -> None:
    """Say whether ACCOUNT (name or id) may use FEATURE, and why."""
    with installation() as centralino:
        row = find_account(account)
        require_known(centralino.registry, feature)
        instant = local_instant(at, row.picture().zone, datetime.now(UTC))
        off = switched_off(row)
        if as_json:
            decision = centralino.gate.ask(row.picture(), feature, instant, off)
            print_json(decision.as_json())
        else:
            click.echo(explain(centralino.gate, row.picture(), feature, instant, off))
