"""``plans check``, ``show`` and ``schema``: what a plan file or a revision says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from core import registry as registries
from core.cli.printing import counted, print_columns, print_json
from core.cli.versions import versions
from core.plans.file.faults import Fault
from core.plans.file.schema import schema_text
from core.plans.matrix import GridCell, matrix
from core.plans.plain import check_json, matrix_json, scheduled_json
from core.plans.versions import CURRENT, Version

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def plans() -> None:
    """The plan matrix: files, revisions, and whom a change affects."""


@plans.command()
@click.argument("files", nargs=-1, required=True, type=EXISTING, metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="Print faults and warnings.")
def check(files: tuple[Path, ...], as_json: bool) -> int:
    """Check plan files; every fault is one line with its place, and the exit is not zero."""
    catalogue = registries.load()
    checked = [check_json(file.read_bytes(), catalogue, str(file)) for file in files]
    if as_json:
        print_json({"files": checked})
    for one in checked:
        _say(one, quiet=as_json)
    return int(any(one["faults"] for one in checked))


@plans.command()
@click.argument("version", default=CURRENT, metavar="[REVISION|FILE]")
@click.option("--json", "as_json", is_flag=True, help="Print plans and cells.")
@click.option("--yaml", "as_yaml", is_flag=True, help="Print the text of the plan file.")
def show(version: str, as_json: bool, as_yaml: bool) -> None:
    """Show the matrix of a revision (default: the current one) or of a file."""
    with versions(version) as ((found,), book):
        scheduled = scheduled_json(book) if book and version == CURRENT else []
        if as_yaml:
            click.echo(found.text, nl=False)
        elif as_json:
            print_json(matrix_json(found, scheduled))
        else:
            _print_grid(found)
            for one in scheduled:
                changes = counted(len(one["changes"]), "change")
                click.echo(f"revision {one['number']} from {one['start']}: {changes}")


@plans.command()
def schema() -> None:
    """Print a JSON Schema of plan files, which editors complete and check with."""
    click.echo(schema_text(registries.load()), nl=False)


def _say(checked: dict[str, Any], quiet: bool) -> None:
    """Faults and warnings as lines with their places; that all is well, unless it is known."""
    for fault in checked["faults"]:
        click.echo(Fault(**fault), err=True)
    for warning in checked["warnings"]:
        click.echo(f"warning: {Fault(**warning)}", err=True)
    if not checked["faults"] and not quiet:
        click.echo(f"{checked['file']}: {counted(len(checked['plans']), 'plan')}, no faults.")


def _print_grid(version: Version) -> None:
    catalogue = registries.load()
    rows = [["", *version.document.plans]]
    for group in matrix(version.document, catalogue):
        rows += [[row.feature.key, *map(_shown, row.cells)] for row in group.rows]
    click.echo(f"{version.name}; (…) is inherited, – is not in the plan")
    print_columns(rows)


def _shown(cell: GridCell) -> str:
    return f"({cell.text})" if cell.inherited_from else cell.text
