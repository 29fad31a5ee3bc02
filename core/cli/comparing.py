"""``plans diff`` and ``plans impact``: what differs between two versions, and whom it affects."""

from __future__ import annotations

import click

from core.app import installation
from core.cli.differences import print_differences
from core.cli.impacts import print_impact
from core.cli.printing import print_json
from core.cli.versions import read_version, versions
from core.plans.impact.impact import FIRST_PAGES
from core.plans.impact.impact import impact as measure
from core.plans.impact.pages import Asked
from core.plans.plain import comparison_json, impact_json
from core.plans.versions import CURRENT

EVERYTHING = Asked(size=1_000_000_000)


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Print all changes.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when something differs.")
def diff(before: str, after: str, as_json: bool, exit_code: bool) -> int:
    """Say what changes from A to B: files, numbers of revisions, or `current`."""
    with versions(before, after) as ((old, new), _):
        if as_json:
            compared = comparison_json(old, new)
            print_json(compared)
            differs = bool(compared["changes"])
        else:
            differs = print_differences(old.document, new.document)
    return int(exit_code and differs)


@click.command()
@click.argument("versions", nargs=-1, required=True, metavar="A [B]")
@click.option("--all", "everything", is_flag=True, help="Print every account.")
@click.option("--json", "as_json", is_flag=True, help="Print counts and accounts.")
def impact(versions: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Say whom it affects to go from A to B, or from what is in force to A; nothing is changed."""
    if len(versions) > 2:
        raise click.UsageError("Give one version, or two.")
    words = versions if len(versions) == 2 else (CURRENT, *versions)
    with installation() as centralino:
        store, registry = centralino.store, centralino.registry
        before, after = (read_version(word, registry, centralino.book) for word in words)
        asked = EVERYTHING if everything else FIRST_PAGES
        documents, at = (before.document, after.document), centralino.clock()
        found = measure(store, registry, *documents, at, asked)
        if as_json:
            print_json(impact_json(before, after, found))
        else:
            print_differences(before.document, after.document)
            print_impact(found, everything)
