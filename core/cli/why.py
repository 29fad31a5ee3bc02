"""``why``: whether an account may use a feature, and how the gate comes to say so.

Asked for an earlier time, it answers by the matrix, the plan, the overrides and the trial of then;
what was switched off then is not known, so plugins are switched off as they are now.
"""

from __future__ import annotations

import click

from core.app import installation
from core.calls.moment import moment
from core.cli.finding import find_account, switched_off
from core.cli.printing import print_json
from core.plans.accounts.past import account_at
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
        row, now = find_account(account), centralino.clock()
        require_known(centralino.registry, feature)
        zone = row.picture().zone
        instant = moment(at, zone, now)
        asked = (account_at(row, instant), feature, instant, switched_off(row))
        past = centralino.book.as_of(zone, instant).number if instant < now else None
        if as_json:
            print_json(centralino.gate.ask(*asked, past).as_json())
        else:
            click.echo(explain(centralino.gate, *asked, past))
