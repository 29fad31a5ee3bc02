"""What the account's plan gives, each decision with its explanation, for programs."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from core.web.access import ask
from core.web.api.routes import ANYBODY, Routes
from core.web.api.schemas import Answer, DecisionSchema
from core.web.host import host
from core.web.member import current_member

routes = Routes("Plan")


class FeaturesSchema(Answer):
    """Every feature that is installed."""

    account = fields.String()
    plan = fields.String(metadata={"description": "The key of the plan."})
    features = fields.Dict(keys=fields.String(), values=fields.Nested(DecisionSchema))


@routes.get("/features", roles=ANYBODY, answer=FeaturesSchema)
def list_features() -> dict[str, Any]:
    """What the account's plan gives: the gate's decision on every feature, by its key."""
    features = host().registry.features
    return {
        "account": current_member().account.name,
        "plan": current_member().account.plan,
        "features": {key: ask(key) for key in features},
    }
