"""Two hundred features of seventeen plugins, and a matrix of five plans before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.api import Feature, FeatureKind, Plugin, hookimpl
from core.plans.file.document import parse_plans
from core.plans.file.plan import PlanDocument
from core.registry import Registry, load

REAL = ("ivr", "queue")
"""They declare five features and count three of them."""

PARTNERS = 15
KINDS = (*[FeatureKind.SWITCH] * 9, *[FeatureKind.CHOICE] * 2, FeatureKind.QUOTA)
"""What each of the partners declares beside itself."""

WORDS = ("mail", "phone", "visit")
PLANS = ("free", "basic", "standard", "professional", "enterprise")

LOWERED = {
    "queue.max_groups": (2, 1),
    "queue.max_members": (6, 5),
    "ivr.max_depth": (3, 2),
}
"""Before and after, in every plan."""


class Partner:
    """A plugin with thirteen features."""

    def __init__(self, name: str) -> None:
        self.name = name

    @hookimpl
    def register_plugin(self) -> Plugin:
        parts = (
            Feature(f"{self.name}.part{n:02}", f"Part {n}", kind, choices=choices_of(kind))
            for n, kind in enumerate(KINDS)
        )
        features = (Feature(self.name, self.name.title()), *parts)
        return Plugin(self.name, self.name.title(), features=features, on_by_default=True)


def choices_of(kind: FeatureKind) -> tuple[str, ...]:
    return WORDS if kind is FeatureKind.CHOICE else ()


def install() -> Registry:
    """All plugins."""
    names = [f"partner{n:02}" for n in range(PARTNERS)]
    return load(REAL, {name: Partner(name) for name in names})


def quotas(registry: Registry) -> list[str]:
    """Keys of all quotas."""
    return [key for key, one in registry.features.items() if one.kind is FeatureKind.QUOTA]


def before_and_after(registry: Registry) -> tuple[PlanDocument, PlanDocument]:
    """Every plan says everything; a third of it becomes more, a third less."""
    had = [_cells(registry, place, 0) for place in range(len(PLANS))]
    has = [_cells(registry, place, 1) for place in range(len(PLANS))]
    return parse_plans(_text(had), registry), parse_plans(_text(has), registry)


def _cells(registry: Registry, plan: int, turn: int) -> Mapping[str, Any]:
    cells = {}
    for place, (key, feature) in enumerate(registry.features.items()):
        step = 1 + turn * ((place + plan) % 3 - 1)  # 1, or after the change 0, 1 or 2
        cells[key] = {
            FeatureKind.SWITCH: "." not in key or step > plan % 2,
            FeatureKind.CHOICE: WORDS[step],
            FeatureKind.QUOTA: 50 * (1 + step),
        }.get(feature.kind, 0)
    return cells | {key: limits[turn] for key, limits in LOWERED.items()}


def _text(plans: list[Mapping[str, Any]]) -> str:
    lines = ["schema: 1", "plans:"]
    for key, cells in zip(PLANS, plans, strict=True):
        lines += [f"  {key}:", f"    title: {key.title()}", "    features:"]
        lines += [f"      {feature}: {str(value).lower()}" for feature, value in cells.items()]
    return "\n".join(lines) + "\n"
