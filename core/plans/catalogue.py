"""What plans need to know of the installed plugins; ``core.registry.Registry`` fits this shape.

Plans depend on this shape and not on the registry, so that they can be tested with three lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Protocol

from core.contract.errors import BadInput
from core.contract.features import Feature
from core.contract.texts import N_, phrase


class Catalogue(Protocol):
    """The features that plugins declare, the plugins themselves, and those that failed to load."""

    @property
    def features(self) -> Mapping[str, Feature]:
        """Every declared feature by its key."""

    @property
    def plugins(self) -> Mapping[str, Any]:
        """Every loaded plugin by its name; each value has a ``plugin`` (the manifest)."""

    @property
    def broken(self) -> Mapping[str, str]:
        """Why a partner's plugin could not be loaded, by its name."""


def plugin_of(key: str) -> str:
    """The name of the plugin that declares a feature: the part before the first dot."""
    return key.partition(".")[0]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``, did you mean "recording"?`` when something known is close, else nothing."""
    names = list(known)
    close = get_close_matches(word, names, n=1) or get_close_matches(word.lower(), names, n=1)
    return phrase(N_(', did you mean "%(word)s"?'), word=close[0]) if close else ""


def require_known(catalogue: Catalogue, *keys: str) -> None:
    """Stop at start, or fail a test, when code names a feature that nobody declares (plans.md §3).

    Args:
        catalogue: the installed plugins.
        keys: the feature keys that code asks for. Keys of a broken plugin pass.

    Raises:
        BadInput: names every unknown key.
    """
    unknown = [
        f'"{key}"{did_you_mean(key, catalogue.features)}'
        for key in keys
        if key not in catalogue.features and plugin_of(key) not in catalogue.broken
    ]
    if unknown:
        raise BadInput(f"No installed plugin declares the feature {'; '.join(unknown)}")
