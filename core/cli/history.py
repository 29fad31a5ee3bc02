"""``plans history``: who published what, when, why, and from when it holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from core.app import installation
from core.cli.printing import local_time, print_columns, print_json
from core.plans.plain import revisions_json

LAST = 20
EVERY = 1_000_000_000


@click.command()
@click.option("--all", "everything", is_flag=True, help=f"All revisions, not only the last {LAST}.")
@click.option("--json", "as_json", is_flag=True)
def history(everything: bool, as_json: bool) -> None:
    """List the revisions, the newest first."""
    with installation() as centralino:
        found = revisions_json(centralino.book, None, EVERY if everything else LAST)
    if as_json:
        print_json({"revisions": found})
    else:
        print_columns([_row(one) for one in found])


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    state = "" if one["state"] == "past" else f"({one['state']})"
    return (
        str(one["number"]),
        local_time(datetime.fromisoformat(one["published_at"])),
        one["author"],
        one["source"],
        f"from {one['start']}",
        f"{_message(one)} {state}".strip(),
    )


def _message(one: dict[str, Any]) -> str:
    if one["carries"]:
        return f"{one['message']} (revision {one['carries']} again)"
    return one["message"]
