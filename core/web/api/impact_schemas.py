"""What is answered of whom a change affects."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import OneOf

from core.plans.impact.values import Direction
from core.web.api.plan_schemas import (
    VALUE,
    InstantText,
    MatrixChangeSchema,
    VersionSchema,
    WrittenSchema,
)
from core.web.api.schemas import Answer


class AffectedSchema(Answer):
    """An account in a list, with the plan that counts."""

    id = fields.Integer()
    name = fields.String()
    plan = fields.String()
    trial_until = InstantText(allow_none=True)


class DifferenceSchema(Answer):
    """A feature that an account has otherwise than before."""

    feature = fields.String()
    before = fields.Nested(WrittenSchema, allow_none=True)
    after = fields.Nested(WrittenSchema, allow_none=True)
    direction = fields.String(validate=OneOf([str(one) for one in Direction]))


class PluginUseSchema(Answer):
    """A plugin of which something changes, and the numbers that use it."""

    plugin = fields.String()
    title = fields.String()
    numbers = fields.List(fields.String())


class AffectedAccountSchema(Answer):
    """An account, and what changes for it."""

    account = fields.Nested(AffectedSchema)
    differences = fields.List(fields.Nested(DifferenceSchema))
    uses = fields.List(fields.Nested(PluginUseSchema))


class OverLimitSchema(Answer):
    """An account that uses more than it will have; nothing of it is deleted."""

    account = fields.Nested(AffectedSchema)
    feature = fields.String()
    used = fields.Integer()
    before = fields.Nested(WrittenSchema, allow_none=True)
    after = fields.Nested(WrittenSchema, allow_none=True)
    sentence = fields.String()


class UncountedSchema(Answer):
    """A lowered number whose use nobody could count."""

    feature = fields.String()
    plugin = fields.String()
    sentence = fields.String()


class OverrideEffectSchema(Answer):
    """An override that keeps its account as it is, or is not needed any more."""

    account = fields.Nested(AffectedSchema)
    override = fields.Integer(metadata={"description": "Its id."})
    feature = fields.String()
    value = fields.Raw(metadata=VALUE)
    pinned = fields.Boolean()
    reason = fields.String()
    author = fields.String()
    until = InstantText(allow_none=True)
    before = fields.Nested(WrittenSchema, allow_none=True)
    after = fields.Nested(WrittenSchema, allow_none=True)
    shields = fields.List(fields.String())
    redundant = fields.Boolean()


class RemovedPlanSchema(Answer):
    """A plan that goes, and how many have it."""

    plan = fields.String()
    title = fields.String()
    accounts = fields.Integer()
    trials = fields.Integer()


class OnRemovedSchema(Answer):
    """An account of a plan that goes."""

    account = fields.Nested(AffectedSchema)
    plan = fields.String()


class RunningSchema(Answer):
    """Calls that run now, and keep what they began with."""

    calls = fields.Integer()
    accounts = fields.Integer()


def page_of(row: type[Answer], name: str) -> type[Answer]:
    """The schema of a page of rows, by the accounts' names.

    Args:
        row: the schema of one.
        name: of the new schema.
    """
    return Answer.from_dict(
        {
            "total": fields.Integer(),
            "next": fields.String(
                metadata={"description": "The name to go on after; “” on the last page."}
            ),
            "rows": fields.List(fields.Nested(row)),
        },
        name=name,
    )


AffectedAccountsSchema = page_of(AffectedAccountSchema, "AffectedAccounts")
OverrideEffectsSchema = page_of(OverrideEffectSchema, "OverrideEffects")

ImpactSchema = Answer.from_dict(
    {
        "from": fields.Nested(VersionSchema),
        "to": fields.Nested(VersionSchema),
        "matrix": fields.Nested(MatrixChangeSchema),
        "affected": fields.Integer(metadata={"description": "How many accounts feel anything."}),
        "on_trial": fields.Integer(),
        "gaining": fields.Nested(AffectedAccountsSchema),
        "losing": fields.Nested(AffectedAccountsSchema),
        "over": fields.Nested(page_of(OverLimitSchema, "OverLimits")),
        "uncounted": fields.List(fields.Nested(UncountedSchema)),
        "running": fields.Nested(RunningSchema),
        "shielding": fields.Nested(OverrideEffectsSchema),
        "redundant": fields.Nested(OverrideEffectsSchema),
        "removed": fields.List(fields.Nested(RemovedPlanSchema)),
        "on_removed": fields.Nested(page_of(OnRemovedSchema, "AccountsOnRemoved")),
    },
    name="Impact",
)


class AccountImpactSchema(Answer):
    """What changes for one account."""

    differences = fields.List(fields.Nested(DifferenceSchema))
    uses = fields.List(fields.Nested(PluginUseSchema))
    over = fields.List(fields.Nested(OverLimitSchema))
    uncounted = fields.List(fields.Nested(UncountedSchema))
    calls = fields.Integer(metadata={"description": "Running now; they keep what they have."})
