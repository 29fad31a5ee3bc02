"""Asks the plugin that declares a number feature how much of it accounts use now."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.contract.texts import N_, phrase
from core.plans.catalogue import plugin_of

if TYPE_CHECKING:
    from core.registry import Registry

log = logging.getLogger(__name__)

SILENT = N_("%(feature)s could not be counted: %(plugin)s does not say how much is used.")
FAILED = N_("%(feature)s could not be counted: %(plugin)s failed (%(error)s).")


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A number feature whose use could not be counted, because its plugin failed or cannot count.

    ``sentence`` says so for people; a ``Phrase``.
    """

    feature: str
    plugin: str
    sentence: str

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"feature": self.feature, "plugin": self.plugin, "sentence": str(self.sentence)}


def count_use(
    registry: Registry, feature: str, more_than: int, account: int | None
) -> Mapping[int, int] | Uncounted:
    """How much of a number feature accounts use, by account id; or why nobody knows.

    Args:
        registry: the installed plugins; only the one that declares the feature is asked.
        feature: a feature's key.
        more_than: accounts that use this much or less are left out.
        account: only this one; None for all.
    """
    plugin = plugin_of(feature)
    implementation = registry.implementation("count_use", plugin)
    try:
        answer = implementation and implementation(feature, more_than, account)
        if answer is None:
            return _uncounted(registry, feature, SILENT)
        return {
            int(key): int(count)
            for key, count in answer.items()
            if count > more_than and account in (None, key)
        }
    except Exception as error:  # whatever a partner's plugin can raise or answer
        log.exception("%s failed to count %s", plugin, feature)
        return _uncounted(registry, feature, FAILED, error=f"{type(error).__name__}: {error}")


def _uncounted(registry: Registry, feature: str, template: str, **values: str) -> Uncounted:
    plugin = plugin_of(feature)
    titles = {
        "feature": phrase(registry.features[feature].title),
        "plugin": phrase(registry.plugins[plugin].plugin.title),
    }
    return Uncounted(feature, plugin, phrase(template, **titles, **values))
