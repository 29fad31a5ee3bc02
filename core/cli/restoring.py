"""``plans restore``: the way out when the plan file on the disk is refused."""

from __future__ import annotations

import click

from core.app import installation
from core.cli.printing import print_json
from core.store.audit import author_of


@click.command()
@click.option("--author", default="", help="Default: this machine's user.")
@click.option("--json", "as_json", is_flag=True)
def restore(author: str, as_json: bool) -> None:
    """Put the plan file back to the current revision; the refused text is kept beside it."""
    with installation() as centralino:
        kept = centralino.mirror.restore(author_of(author), centralino.clock())
        number = centralino.book.settled().number
    if as_json:
        print_json({"revision": number, "kept": str(kept) if kept else None})
        return
    click.echo(f"The file says revision {number} again.")
    if kept:
        click.echo(f"What was refused is kept in {kept}.")
