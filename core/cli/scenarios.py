"""``scenarios``: saved scenarios run from a shell, as in a pipeline; out and in as files (S3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, BinaryIO

import click

from core.app import Centralino, installation
from core.calls.rehearsal.files import export_scenarios, import_scenarios, read_yaml
from core.calls.rehearsal.run import Run
from core.calls.rehearsal.saved import scenarios_of, scenarios_of_account
from core.calls.rehearsal.trying import run_all
from core.cli.acting import find_number
from core.cli.finding import find_account
from core.cli.printing import NO, YES, counted, print_columns, print_json
from core.contract.errors import BadInput
from core.store.scenarios import ScenarioRow


@click.group()
def scenarios() -> None:
    """Saved scenarios of numbers."""


@scenarios.command()
@click.argument("number", default="")
@click.option("--account", default="", help="All numbers of this account (name or id).")
@click.option("--json", "as_json", is_flag=True, help="Print each run with steps and trace.")
@click.pass_context
def run(context: click.Context, number: str, account: str, as_json: bool) -> None:
    """Run the scenarios of NUMBER; exit with 1 when one does not come out as expected."""
    if bool(number) == bool(account):
        raise BadInput("Name a number, or an account with --account.")
    with installation() as centralino:
        rows = _chosen(number, account)
        runs = run_all(centralino.simulator(), rows, _now(centralino))
    missed = [row for row in rows if not runs[row.id].meets(row.outcome, row.ends)]
    if as_json:
        print_json({"met": not missed, "runs": [_as_json(row, runs[row.id]) for row in rows]})
    else:
        print_columns([_line(row, runs[row.id]) for row in rows], "No scenarios.")
        click.echo(f"\n{counted(len(rows), 'scenario')}, {len(missed)} not as expected.")
    context.exit(1 if missed else 0)


@scenarios.command()
@click.argument("number")
def export(number: str) -> None:
    """Print the scenarios of NUMBER as YAML; `centralino simulate` runs each of them, too."""
    with installation():
        click.echo(export_scenarios(scenarios_of([find_number(number)])), nl=False)


@scenarios.command("import")
@click.argument("number")
@click.argument("file", type=click.File("rb"))
def import_file(number: str, file: BinaryIO) -> None:
    """Save the scenarios in FILE (YAML; - for standard input) for NUMBER; one of the same name is
    replaced."""
    data = read_yaml(file.read(), file.name)
    with installation():
        count = import_scenarios(find_number(number), data)
    click.echo(f"{counted(count, 'scenario')} saved for {number}.")


def _chosen(number: str, account: str) -> list[ScenarioRow]:
    if number:
        return scenarios_of([find_number(number)])
    return scenarios_of_account(find_account(account))


def _now(centralino: Centralino) -> datetime:
    return centralino.clock().astimezone(UTC)


def _line(row: ScenarioRow, run: Run) -> list[str]:
    met = run.meets(row.outcome, row.ends)
    expected = "" if met else f"expected {_told(row.outcome or 'any outcome', row.ends)}"
    return [YES if met else NO, row.line.number, row.name, run.in_words(), expected]


def _told(outcome: str, ends: str) -> str:
    return f"{outcome} ({ends})" if ends else outcome


def _as_json(row: ScenarioRow, run: Run) -> dict[str, Any]:
    return {
        "number": row.line.number,
        "scenario": row.id,
        "name": row.name,
        "met": run.meets(row.outcome, row.ends),
        "expected": {"outcome": row.outcome, "ends": row.ends},
        **run.as_json(),
    }
