"""``simulate``: a scripted caller through the live engine, without a trace in the database (S3)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, BinaryIO

import click

from core.app import application
from core.calls.rehearsal.files import read_yaml
from core.calls.rehearsal.run import run_of


@click.command()
@click.argument("scenario", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print outcome, steps, trace and usage.")
@click.pass_context
def simulate(context: click.Context, scenario: BinaryIO, as_json: bool) -> None:
    """Run SCENARIO, a YAML file, and print what would happen.

    Where it says what to expect and something else comes, the exit is 1.
    """
    data = read_yaml(scenario.read(), scenario.name)
    with application() as app:
        result = app.extensions["centralino"].simulator().simulate(data, datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        _print(result)
    expected = {"outcome": "", "ends": ""} | (data.get("expect") or {})
    if not run_of(result).meets(**expected):
        told = ", ".join(filter(None, expected.values()))
        click.echo(f"Expected: {told}", err=True)
        context.exit(1)


def _print(result: dict[str, Any]) -> None:
    for step in result["steps"]:
        said = " / ".join(step.get("says", ()))
        rung = ", ".join(step.get("rings", ()))
        recorded = ", recorded" if step.get("recorded") else ""
        told = "; ".join(part for part in (said, rung) if part)
        click.echo(f"{step['at'][11:19]}  {step['step']:12} {told}{recorded}")
        if "result" in step:
            click.echo(f"          → {step['result']}")
    click.echo("\nWhy:")
    for entry in result["trace"]:
        who = entry["plugin"] or "core"
        reason = f"  ({entry['reason']})" if entry["reason"] else ""
        click.echo(f"  {entry['stage']:16} {who:16} {entry['result']}{reason}")
    for feature, used in result["usage"].items():
        click.echo(f"\nIt would use {used} of {feature}.")
    ends = f" ({result['ends']})" if result["ends"] else ""
    click.echo(f"\nOutcome: {result['outcome']}{ends}")
