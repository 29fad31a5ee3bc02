"""``number``: the numbers, and all settings of one as code: out, in, compared, copied (N4)."""

from __future__ import annotations

from typing import Any, BinaryIO

import click

from core.app import installation
from core.cli.acting import acting_on, find_number
from core.cli.finding import find_account
from core.cli.printing import print_columns, print_json
from core.plans.file.nodes import decode
from core.store.lines import LineRow
from core.web.api.profiles import compared_json, review_json
from core.web.card import Card
from core.web.card.comparing import compare as compare_cards
from core.web.card.copying import review_copy
from core.web.card.document import as_yaml, exported, read
from core.web.card.importing import Review, apply, review
from core.web.card.saving import COPIED, IMPORTED

AUTHOR = click.option("--author", default="", help="Who decides it; default: this machine's user.")
DRY = click.option("--dry-run", is_flag=True, help="Only say what it would change.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print what changes.")
CONFIRM = click.option(
    "--confirm", default="", metavar="WORD", help="Save although a scenario comes out differently."
)


@click.group()
def number() -> None:
    """Numbers, and all their settings as code."""


@number.command("list")
@click.argument("account", default="")
@click.option("--json", "as_json", is_flag=True)
def list_numbers(account: str, as_json: bool) -> None:
    """List the numbers of ACCOUNT (name or id), or of all accounts."""
    with installation():
        rows = LineRow.of(find_account(account)) if account else LineRow.select()
        listed = [_row(one) for one in rows.order_by(LineRow.number)]
    if as_json:
        print_json({"numbers": listed})
    else:
        print_columns([[str(one) for one in row.values()] for row in listed], "No numbers.")


@number.command()
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
def export(number: str, as_json: bool) -> None:
    """Print all settings of NUMBER as YAML."""
    with acting_on(number) as line:
        data = exported(Card(line))
    if as_json:
        print_json(data)
    else:
        click.echo(as_yaml(data), nl=False)


@number.command("import")
@click.argument("number")
@click.argument("file", type=click.File("rb"))
@DRY
@AUTHOR
@CONFIRM
@JSON
def import_profile(
    number: str, file: BinaryIO, dry_run: bool, author: str, confirm: str, as_json: bool
) -> None:
    """Bring the settings in FILE (YAML or JSON; - for standard input) onto NUMBER."""
    with acting_on(number, author, confirm) as line:
        found = review(line, read(decode(file.read(), file.name), file.name))
        if not dry_run:
            apply([found], IMPORTED)
        _print([found], dry_run, as_json)


@number.command()
@click.argument("number")
@click.argument("other")
@click.option("--all", "everything", is_flag=True, help="Also what is the same.")
@click.option("--json", "as_json", is_flag=True, help="Print stored and effective values.")
def compare(number: str, other: str, everything: bool, as_json: bool) -> None:
    """Show in which settings NUMBER and OTHER differ."""
    with acting_on(number) as line:
        second = find_number(other, line.account_id)
        rows = compare_cards(Card(line), Card(second))
        shown = [one for one in rows if one.differs or everything]
        if as_json:
            settings = [compared_json(one) for one in shown]
            print_json({"one": number, "other": other, "settings": settings})
            return
        cells = [(f"{one.title} · {one.label}", one.one.shown, one.other.shown) for one in shown]
        print_columns(cells, "The two have the same settings.")


@number.command()
@click.argument("number")
@click.option("--to", "targets", multiple=True, metavar="NUMBER", help="Where to; repeat it.")
@click.option("--all", "everywhere", is_flag=True, help="To all other numbers of the account.")
@click.option("--plugin", "plugins", multiple=True, help="Whose settings; default: all of them.")
@DRY
@AUTHOR
@CONFIRM
@JSON
def copy(number: str, everywhere: bool, dry_run: bool, as_json: bool, **said: Any) -> None:
    """Copy settings of NUMBER to other numbers of its account, to all of them or to none."""
    with acting_on(number, said["author"], said["confirm"]) as line:
        if everywhere:
            others = LineRow.of(line.account_id).where(LineRow.id != line.id)
            targets = list(others.order_by(LineRow.number))
        else:
            targets = [find_number(one, line.account_id) for one in said["targets"]]
        known = [sheet.plugin.name for sheet in Card(line).sheets]
        found = review_copy(line, targets, said["plugins"] or known)
        if not dry_run:
            apply(found, COPIED, number)
        _print(found, dry_run, as_json)


def _row(line: LineRow) -> dict[str, Any]:
    return {
        "number": line.number,
        "name": line.name,
        "kind": line.kind,
        "account": line.account.name,
    }


def _print(found: list[Review], dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json({"numbers": [review_json(one, not dry_run) for one in found]})
        return
    for one in found:
        click.echo(f"{one.card.line}:")
        rows = [(f"  {c.title} · {c.label}", f"{c.before} → {c.after}") for c in one.changes]
        print_columns(rows, "  Nothing changes.")
        for sentence in (*one.left_out, *one.warnings):
            click.echo(f"  {sentence}")
    click.echo("Nothing was changed." if dry_run else "Done.")
