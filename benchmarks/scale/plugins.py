"""Partners' plugins by the dozen: each has a row in the plan, a stage and a look-up of callers."""

from __future__ import annotations

from typing import Any

from core.api import Call, Feature, Plugin, Settings, Stage, hookimpl
from core.registry import Registry, load

PLAN = "measured"
REAL = ("crm", "extension", "queue", "recording", "twiml")
"""The built-in plugins in both installations; all are enabled, and the queue takes the calls."""

ENABLED_PARTNERS = 4


class Partner:
    """A plugin that looks at every call and leaves it to the others."""

    def __init__(self, name: str, position: int) -> None:
        self.name, self.position = name, position

    @hookimpl
    def register_plugin(self) -> Plugin:
        return Plugin(
            self.name,
            self.name.title(),
            features=(Feature(self.name, self.name.title()),),
            settings=Settings,
            stages=(Stage(self.name, self.name.title(), self.position),),
            on_by_default=True,
        )

    @hookimpl
    def identify_caller(self, call: Call) -> None:
        return None

    @hookimpl
    def route_call(self, call: Call, settings: Any) -> None:
        return None


def install(partners: int) -> Registry:
    """The built-in plugins and so many partners' plugins, from before the first stage of the
    built-in ones to behind their last."""
    extra = {f"partner{n:03}": Partner(f"partner{n:03}", n) for n in range(partners)}
    return load(REAL, extra)


def plans(partners: int) -> str:
    """A plan with the built-in plugins and the first few of the partners'."""
    granted = [f"partner{n:03}: true" for n in range(min(partners, ENABLED_PARTNERS))]
    features = [
        "crm: true",
        "recording: true",
        "recording.monthly_calls: 100000000",
        "queue.max_groups: 1",
        "queue.max_members: 3",
        *granted,
    ]
    lines = "\n".join(f"      {feature}" for feature in features)
    return f"schema: 1\nplans:\n  {PLAN}:\n    title: Measured\n    features:\n{lines}\n"
