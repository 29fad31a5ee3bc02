"""``plugins list``: what is installed, from where, and what could not be loaded."""

from __future__ import annotations

import json

import click

from core import registry as registries


@click.group()
def plugins() -> None:
    """The installed plugins."""


@plugins.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_plugins(as_json: bool) -> None:
    """List the installed plugins, and those that could not be loaded."""
    registry = registries.load()
    found = [
        {
            "name": name,
            "title": one.plugin.title,
            "distribution": one.distribution,
            "version": one.version,
            "features": [feature.key for feature in one.plugin.features],
        }
        for name, one in registry.plugins.items()
    ]
    if as_json:
        click.echo(json.dumps({"plugins": found, "broken": registry.broken}, indent=2))
        return
    for one in found:
        click.echo(f"{one['name']:16} {one['title']:28} {one['distribution']} {one['version']}")
    for name, error in registry.broken.items():
        click.echo(f"{name:16} could not be loaded: {error}", err=True)
