"""Which numbers of an account use a plugin now: what a change of the plugin's features is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from core.plans.catalogue import Catalogue, plugin_of
from core.plans.impact.accounts import PluginUse
from core.plans.impact.sql import is_one_of
from core.plans.impact.values import Difference

if TYPE_CHECKING:
    from core.store.database import Store


NUMBERS = "SELECT account_id, id, number FROM lines WHERE {theirs} ORDER BY number"
PROFILES = 'SELECT line_id, plugin, "on" FROM line_profiles WHERE {theirs}'
OFF = 'SELECT account_id, plugin FROM plugin_switches WHERE {theirs} AND NOT "on"'


class Uses:
    """The numbers of some accounts with the plugins that are on for them.

    Args:
        store: the database.
        catalogue: says which plugins are on for a number that says nothing of them.
        accounts: ids; of no other account is anything read.
    """

    def __init__(self, store: Store, catalogue: Catalogue, accounts: Collection[int]) -> None:
        self.catalogue = catalogue
        theirs, ids = is_one_of(store, "account_id", accounts)
        lines, profiles, off = (
            store.rows(query.format(theirs=theirs), (ids,)) for query in (NUMBERS, PROFILES, OFF)
        )
        self._numbers: dict[int, dict[int, str]] = {}
        for account, line, number in lines:
            self._numbers.setdefault(account, {})[line] = number
        self._profiles = {(line, plugin): bool(on) for line, plugin, on in profiles}
        self._off = set(off)

    def of(self, account: int, differences: Iterable[Difference]) -> tuple[PluginUse, ...]:
        """The plugins whose features change for an account, with the numbers that use them.

        Args:
            account: its id.
            differences: what changes for it.
        """
        names = dict.fromkeys(plugin_of(one.feature) for one in differences)
        return tuple(self._use(account, name) for name in names)

    def _use(self, account: int, name: str) -> PluginUse:
        plugin = self.catalogue.plugins[name].plugin
        numbers = self._numbers.get(account, {})
        if plugin.optional:
            off = (account, name) in self._off
            numbers = {
                line: number
                for line, number in numbers.items()
                if not off and self._profiles.get((line, name), plugin.on_by_default)
            }
        return PluginUse(name, plugin.title, tuple(numbers.values()))
