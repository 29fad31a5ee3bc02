"""How commands print: plain data for programs, aligned columns for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import click

from core.plans.origins import last_day
from core.plans.tables import PlanOverride, PlanTrial

YES, NO = "✓", "–"


def print_json(data: Any) -> None:
    """Print plain data as JSON."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))


def print_columns(rows: Iterable[Sequence[str]], empty: str = "") -> None:
    """Print rows of cells, each column as wide as its widest cell; ``empty`` when there is none."""
    listed = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    for row in listed:
        cells = (f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
    if empty and not listed:
        click.echo(empty)


def short(value: bool | int | str | None) -> str:
    """A feature's value: ✓, –, a count, a word; None is "not in the plan"."""
    if value is None or isinstance(value, bool):
        return YES if value else NO
    return str(value)


def local_time(at: datetime) -> str:
    """An instant on this machine's clock, with its zone."""
    return f"{at.astimezone():%Y-%m-%d %H:%M %Z}"


def term_text(row: PlanOverride | PlanTrial) -> str:
    """The first and the last day of an override or a trial, on its account's calendar."""
    zone = row.account.picture().zone
    since = row.from_at.astimezone(zone).date()
    end = min(filter(None, (row.until, row.ended_at)), default=None)
    return f"from {since} until {last_day(end, zone)}" if end else f"from {since}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``1 account``, ``2 accounts``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
