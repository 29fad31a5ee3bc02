"""What the plan file says, read with none of the gate's code: what every door is compared with.

No plan and no plugin has a name here. Cases come from the installed plugins and the project's own
plan file, so that whatever is added to either is covered without a new test.
"""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML

from core import registry as registries
from core.config import PROJECT
from core.contract.features import FeatureKind
from core.registry import Registry

REGISTRY: Registry = registries.load()
"""What is installed, for the cases; a test's site has a registry of its own."""

_FILE: dict[str, Any] = YAML(typ="safe").load(PROJECT / "plans.yaml")["plans"]

PLANS = list(_FILE)
"""Keys of the plans, cheapest first."""

PLUGINS = list(REGISTRY.plugins)
FEATURES = list(REGISTRY.features)


def title(plan: str) -> str:
    """What people call a plan."""
    return _FILE[plan]["title"]


def cell(plan: str, feature: str) -> Any:
    """What a plan grants of a feature, itself or through the plan it extends."""
    own = (_FILE[plan].get("features") or {}).get(feature)
    if own is None:
        above = _FILE[plan].get("extends")
        return cell(above, feature) if above else False
    return own["limit"] if isinstance(own, dict) else own


def granted(plan: str, feature: str) -> bool:
    """Whether a feature is in a plan, and the plugin that it is a part of. A plugin that declares
    no feature of its own name is in every plan."""
    keys = {feature, feature.partition(".")[0]} & set(FEATURES)
    return all(cell(plan, key) is not False for key in keys)


def reason(plan: str, feature: str) -> str:
    """The word every door must give, as long as nothing is used or switched off."""
    if not granted(plan, feature):
        return "not-in-plan"
    value = cell(plan, feature)
    if value == "unlimited":
        return "unlimited"
    counted = REGISTRY.features[feature].kind is FeatureKind.QUOTA
    return "quota-exhausted" if counted and value == 0 else "ok"


def cheapest(feature: str) -> str:
    """The title of the cheapest plan that has a feature; "" when none has."""
    return next((title(plan) for plan in PLANS if granted(plan, feature)), "")
