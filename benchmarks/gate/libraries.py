"""The libraries, each set up from data in memory and asked the three questions.

Each function returns a function that asks all three once, having checked that the answers are
right. Where a library can say why, that call is used: OpenFeature's details, GrowthBook's result.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.gate.questions import ACCOUNT, CHOICE, NUMBER, PLAN, SEATS, SUPPORT, SWITCH

Ask = Callable[[], tuple[Any, Any, Any]]

RIGHT = (True, SEATS, SUPPORT)


def unleash(folder: Path) -> Ask:
    """UnleashClient: toggles from a bootstrap, variants with a payload."""
    from UnleashClient import UnleashClient
    from UnleashClient.cache import FileCache

    logging.getLogger("UnleashClient").setLevel(logging.ERROR)
    cache = FileCache("benchmark", directory=str(folder))
    cache.bootstrap_from_dict(
        {
            "version": 2,
            "features": [
                _toggle(SWITCH),
                _toggle(NUMBER, str(SEATS)),
                _toggle(CHOICE, SUPPORT),
            ],
        }
    )
    client = UnleashClient(
        "http://127.0.0.1:9",
        "benchmark",
        disable_metrics=True,
        disable_registration=True,
        cache=cache,
    )
    client.initialize_client(fetch_toggles=False)
    context = {"userId": ACCOUNT, "properties": {"plan": PLAN}}

    def ask() -> tuple[Any, Any, Any]:
        return (
            client.is_enabled(SWITCH, context),
            int(client.get_variant(NUMBER, context)["payload"]["value"]),
            client.get_variant(CHOICE, context)["payload"]["value"],
        )

    return _checked(ask)


def _toggle(name: str, value: str = "") -> dict[str, Any]:
    constraint = {"contextName": "plan", "operator": "IN", "values": [PLAN]}
    strategy = {"name": "default", "parameters": {}, "constraints": [constraint]}
    toggle = {"name": name, "type": "release", "enabled": True, "strategies": [strategy]}
    if value:
        payload = {"type": "string", "value": value}
        variant = {"name": value, "weight": 1000, "weightType": "fix", "payload": payload}
        toggle["variants"] = [{**variant, "stickiness": "default"}]
    return toggle


def flagsmith(folder: Path) -> Ask:
    """Flagsmith: an environment document, the account as an identity with its plan as a trait."""
    from flagsmith import Flagsmith
    from flagsmith.offline_handlers import LocalFileHandler

    document = folder / "environment.json"
    document.write_text(_environment())
    client = Flagsmith(offline_mode=True, offline_handler=LocalFileHandler(str(document)))

    def ask() -> tuple[Any, Any, Any]:
        traits = {"plan": PLAN}
        flags = client.get_identity_flags(ACCOUNT, traits)
        on = flags.is_feature_enabled(SWITCH)
        flags = client.get_identity_flags(ACCOUNT, traits)
        number = flags.get_feature_value(NUMBER)
        flags = client.get_identity_flags(ACCOUNT, traits)
        return on, number, flags.get_feature_value(CHOICE)

    return _checked(ask)


def _environment() -> str:
    import json

    def states(on: bool, seats: int, support: str) -> list[dict[str, Any]]:
        given = ((1, SWITCH, on, None), (2, NUMBER, True, seats), (3, CHOICE, True, support))
        return [
            {
                "feature": {"id": place, "name": name, "type": "STANDARD"},
                "enabled": enabled,
                "django_id": place,
                "feature_segment": None,
                "featurestate_uuid": f"00000000-0000-0000-0000-00000000000{place}",
                "feature_state_value": value,
                "multivariate_feature_state_values": [],
            }
            for place, name, enabled, value in given
        ]

    condition = {"operator": "EQUAL", "property_": "plan", "value": PLAN}
    rule = {"type": "ALL", "rules": [], "conditions": [condition]}
    segment = {
        "id": 1,
        "name": PLAN,
        "rules": [{"type": "ALL", "rules": [rule], "conditions": []}],
        "feature_states": states(True, SEATS, SUPPORT),
    }
    project = {
        "id": 1,
        "name": "benchmark",
        "organisation": {
            "id": 1,
            "name": "benchmark",
            "feature_analytics": False,
            "stop_serving_flags": False,
            "persist_trait_data": True,
        },
        "hide_disabled_flags": False,
        "segments": [segment],
    }
    environment = {
        "id": 1,
        "name": "benchmark",
        "api_key": "benchmark",
        "project": project,
        "feature_states": states(False, 3, "mail"),
        "identity_overrides": [],
        "updated_at": "2026-01-01T00:00:00Z",
    }
    return json.dumps(environment)


def openfeature(folder: Path) -> Ask:
    """OpenFeature's SDK with its in-memory provider; the details say the reason."""
    from openfeature import api
    from openfeature.evaluation_context import EvaluationContext
    from openfeature.flag_evaluation import FlagResolutionDetails, Reason
    from openfeature.provider.in_memory_provider import InMemoryFlag, InMemoryProvider

    def flag(value: Any, otherwise: Any) -> InMemoryFlag:
        def evaluate(flag: InMemoryFlag, context: EvaluationContext) -> FlagResolutionDetails:
            variant = "included" if context.attributes.get("plan") == PLAN else "other"
            return FlagResolutionDetails(
                flag.variants[variant], reason=Reason.TARGETING_MATCH, variant=variant
            )

        return InMemoryFlag(
            "other", {"included": value, "other": otherwise}, {}, "ENABLED", evaluate
        )

    api.set_provider(
        InMemoryProvider(
            {SWITCH: flag(True, False), NUMBER: flag(SEATS, 3), CHOICE: flag(SUPPORT, "mail")}
        )
    )
    client = api.get_client()
    context = EvaluationContext(ACCOUNT, {"plan": PLAN})

    def ask() -> tuple[Any, Any, Any]:
        return (
            client.get_boolean_details(SWITCH, False, context).value,
            client.get_integer_details(NUMBER, 0, context).value,
            client.get_string_details(CHOICE, "", context).value,
        )

    return _checked(ask)


def growthbook(folder: Path) -> Ask:
    """GrowthBook: rules on the plan, one instance reused for the account."""
    from growthbook import GrowthBook

    def feature(value: Any, otherwise: Any) -> dict[str, Any]:
        return {"defaultValue": otherwise, "rules": [{"condition": {"plan": PLAN}, "force": value}]}

    instance = GrowthBook(
        attributes={"id": ACCOUNT, "plan": PLAN},
        features={
            SWITCH: feature(True, False),
            NUMBER: feature(SEATS, 3),
            CHOICE: feature(SUPPORT, "mail"),
        },
    )

    def ask() -> tuple[Any, Any, Any]:
        return (
            instance.eval_feature(SWITCH).value,
            instance.eval_feature(NUMBER).value,
            instance.eval_feature(CHOICE).value,
        )

    return _checked(ask)


def _checked(ask: Ask) -> Ask:
    answers = ask()
    if answers != RIGHT:
        raise RuntimeError(f"the library answers {answers}, not {RIGHT}")
    return ask


LIBRARIES = {
    "UnleashClient": unleash,
    "Flagsmith": flagsmith,
    "OpenFeature": openfeature,
    "GrowthBook": growthbook,
}
