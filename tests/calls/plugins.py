"""Small plugins for tests of the engine: each does one thing, as a partner's would."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from core.api import (
    Connect,
    Destination,
    DestinationKind,
    Feature,
    FeatureKind,
    Gather,
    Phone,
    Plugin,
    Ring,
    Say,
    Sip,
    Stage,
    TalkTerms,
    hookimpl,
)

SLEEPS_SECONDS = 30
"""So long a sleeper sleeps; whoever waited for it would take as long."""

PLANS = """
schema: 1
plans:
  full:
    title: Full
    features: {desk: true, desk.units: 3}
  empty:
    title: Empty
    features: {}
"""


class Desk:
    """Rings one desk at a stage; with terms that cost a unit."""

    def __init__(self, *targets: Any, terms: dict | None = None, position: int = 50) -> None:
        self.targets = targets or (Sip("desk@pbx.example"),)
        self.terms = terms
        self.position = position
        self.told: list[Any] = []
        self.listen: Callable[..., Any] | None = None

    @hookimpl
    def register_plugin(self) -> Plugin:
        features = (Feature("desk", "Desk"), Feature("desk.units", "Units", FeatureKind.QUOTA))
        return Plugin(
            "desk",
            "Desk",
            features=features,
            stages=(Stage("desk", "Desk", self.position),),
            destinations=(DestinationKind("desk", "The desk"),),
            on_by_default=True,
        )

    @hookimpl
    def route_call(self, call: Any, stage: str) -> Any:
        return Ring(self.targets, 20)

    @hookimpl
    def connect_call(self, destination: Any) -> Any:
        return None if destination.id == "nobody" else Ring(self.targets, 20)

    @hookimpl
    def prepare_talk(self) -> Any:
        return TalkTerms("desk.units", **self.terms) if self.terms is not None else None

    @hookimpl
    def call_ended(self, call: Any) -> None:
        if self.listen:
            self.listen(call)
        else:
            self.told.append((call.id, str(call.outcome)))


class Stager:
    """A plugin whose answers are given as functions."""

    def __init__(
        self,
        name: str = "partner",
        position: int = 10,
        route: Callable[..., Any] = lambda call: None,
        proceed: Callable[..., Any] = lambda call, result, state: None,
        identify: Callable[..., Any] | None = None,
    ) -> None:
        self.name = name
        self.position = position
        self.route = route
        self.proceed = proceed
        self.identify = identify
        self.results: list[Any] = []

    @hookimpl
    def register_plugin(self) -> Plugin:
        return Plugin(
            self.name,
            self.name.title(),
            stages=(Stage(self.name, self.name, self.position),),
            on_by_default=True,
        )

    @hookimpl
    def route_call(self, call: Any) -> Any:
        return self.route(call)

    @hookimpl
    def continue_call(self, call: Any, result: Any, state: Any) -> Any:
        self.results.append(result)
        return self.proceed(call, result, state)

    @hookimpl
    def identify_caller(self, call: Any) -> Any:
        return self.identify(call) if self.identify else None


def raises(call: Any) -> Any:
    """A plugin with a mistake in it."""
    raise ValueError("a mistake")


def leaves(call: Any) -> Any:
    """A plugin that wants to end the whole process."""
    raise SystemExit(3)


def rubbish(call: Any) -> Any:
    """A plugin that answers what nobody can use."""
    return {"ring": "somebody"}


def rubbish_step(call: Any) -> Any:
    """A plugin whose step is one by name only."""
    return Ring(targets=("somebody",))


def sleeps(call: Any) -> Any:
    """A plugin that waits for a server that does not answer."""
    time.sleep(SLEEPS_SECONDS)


def asks(call: Any) -> Any:
    """A plugin that asks for a key."""
    return Gather((Say("Press a key."),), state={"asked": 1})


def connects(kind: str, key: str = "") -> Callable[..., Any]:
    """A plugin that sends the call to a destination."""
    return lambda call: Connect(Destination(kind, key), state={"kept": True})


def phone(number: str, **more: Any) -> Phone:
    """An outside number."""
    return Phone(number, **more)
