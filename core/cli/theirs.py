"""Commands that plugins bring: looked up when the core has none of that name, or for a list."""

from __future__ import annotations

import click

from core import registry as registries
from core.contract.errors import PluginFault


class Commands(click.Group):
    """The core's commands, and behind them those of the installed plugins."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The core's own, for which no plugin is loaded; else a plugin's."""
        return super().get_command(context, name) or self._theirs().get(name)

    def list_commands(self, context: click.Context) -> list[str]:
        """All, by name."""
        return sorted([*super().list_commands(context), *self._theirs()])

    def _theirs(self) -> dict[str, click.Command]:
        found = {}
        for plugin, register in registries.load().every("register_commands"):
            for command in register() or ():
                if command.name != plugin or plugin in self.commands:
                    raise PluginFault(
                        plugin, f"Command {command.name!r} of plugin {plugin!r} must be named so."
                    )
                found[plugin] = command
        return found
