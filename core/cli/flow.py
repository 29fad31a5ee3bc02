"""``flow``: the way of a number, as text, JSON or a drawing: the page's own data (R)."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from core.app import application
from core.cli.printing import print_json
from core.contract.errors import NotFound
from core.store.lines import LineRow
from core.web.api.flow import as_json
from core.web.flow import svg
from core.web.flow.reading import read_flow
from core.web.flow.text import as_text

STYLE = Path(svg.__file__).parents[1] / "static" / "flow.css"


@click.command()
@click.argument("number")
@click.option("--plan", default="", help="As on this plan; else the account's own.")
@click.option("--json", "as_data", is_flag=True, help="Print boxes and ways.")
@click.option("--svg", "file", type=click.File("w", lazy=True), help="Draw it into this file.")
def flow(number: str, plan: str, as_data: bool, file: TextIO | None) -> None:
    """Show the way of a call to NUMBER, as its plugins describe it."""
    with application() as app, app.test_request_context():
        line = LineRow.get_or_none(LineRow.number == number)
        if line is None:
            raise NotFound(f"There is no number {number!r}; give it as +390612345678.")
        centralino = app.extensions["centralino"]
        way = read_flow(centralino, line, centralino.clock(), plan)
        if file is not None:
            file.write(str(svg.draw_flow(way, str(line), style=STYLE.read_text())))
        elif as_data:
            print_json(as_json(line.number, way))
        else:
            click.echo(as_text(way))
