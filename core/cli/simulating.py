"""``simulate``: a scripted caller through the live engine, without a trace in the database (S3)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, BinaryIO

import click
from ruamel.yaml import YAML, YAMLError

from core.app import application
from core.contract.errors import BadInput


@click.command()
@click.argument("scenario", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="Print outcome, steps, trace and usage.")
def simulate(scenario: BinaryIO, as_json: bool) -> None:
    """Run SCENARIO, a YAML file, and print what would happen."""
    data = _read(scenario)
    with application() as app:
        result = app.extensions["centralino"].simulator().simulate(data, datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(result, indent=2, ensure_ascii=False))
    else:
        _print(result)


def _read(file: BinaryIO) -> Any:
    try:
        return YAML(typ="safe").load(file.read().decode())
    except UnicodeDecodeError:
        raise BadInput(f"{file.name} is not UTF-8 text.") from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "is no YAML"
        raise BadInput(f"{file.name}{where} {problem}") from None


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
    click.echo(f"\nOutcome: {result['outcome']}")
