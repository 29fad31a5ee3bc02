"""What routes of accounts take and answer: their plans, overrides and trials."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from core.web.api.impact_schemas import AccountImpactSchema
from core.web.api.plan_schemas import VALUE, InstantText
from core.web.api.schemas import Answer, DecisionSchema, Flag

STATES = ("holds", "to-come", "waits", "over")

DAY = {"description": "A day on the account's own calendar.", "format": "date"}


class RunningTrialSchema(Answer):
    """The trial that an account is on."""

    plan = fields.String()
    until = InstantText()


class AccountSchema(Answer):
    """An account with its own plan."""

    id = fields.Integer()
    name = fields.String()
    plan = fields.String()
    trial = fields.Nested(RunningTrialSchema, allow_none=True)
    timezone = fields.String()
    country = fields.String()
    language = fields.String()
    created_at = InstantText()


class AccountsSchema(Answer):
    """A page of accounts, by name."""

    accounts = fields.List(fields.Nested(AccountSchema))
    next = fields.String(
        allow_none=True, metadata={"description": "The address of the next page, if any."}
    )


class AccountFeaturesSchema(Answer):
    """What an account has of every feature, and why."""

    account = fields.Nested(AccountSchema)
    features = fields.Dict(keys=fields.String(), values=fields.Nested(DecisionSchema))


class PlanOfAccountSchema(Schema):
    """Another plan for an account."""

    plan = fields.String(required=True)
    message = fields.String(load_default="")
    dry_run = Flag(
        load_default=False, metadata={"description": "true: only say what it would change."}
    )


class PlanOfAccountChangedSchema(Answer):
    """The account, and what it gains and loses by another plan."""

    account = fields.Nested(AccountSchema)
    impact = fields.Nested(AccountImpactSchema)
    dry_run = fields.Boolean()


class WhoseSchema(Answer):
    """An account by id and name."""

    id = fields.Integer()
    name = fields.String()


_TERM = {
    "reason": fields.String(),
    "author": fields.String(),
    "from": InstantText(),
    "until": InstantText(allow_none=True),
    "created_at": InstantText(),
    "ended_at": InstantText(allow_none=True),
    "state": fields.String(
        validate=OneOf(STATES), metadata={"description": "waits: a younger one stands before it."}
    ),
}

OverrideSchema = Answer.from_dict(
    {
        "id": fields.Integer(),
        "account": fields.Nested(WhoseSchema),
        "feature": fields.String(),
        "value": fields.Raw(metadata=VALUE),
        "warn_at": fields.List(fields.Integer()),
        "pinned": fields.Boolean(),
        **_TERM,
    },
    name="Override",
)


class OverridesSchema(Answer):
    """Overrides of an account, by feature, the oldest first."""

    overrides = fields.List(fields.Nested(OverrideSchema))


OverrideSetSchema = Schema.from_dict(
    {
        "feature": fields.String(required=True),
        "value": fields.Raw(
            required=True,
            metadata={**VALUE, "description": "Also a text as a cell of the grid takes it."},
        ),
        "reason": fields.String(required=True),
        "from": fields.String(load_default="", metadata={**DAY, "description": "Default: now."}),
        "until": fields.String(
            load_default="", metadata={**DAY, "description": "The last day; default: no end."}
        ),
        "pinned": Flag(
            load_default=False, metadata={"description": "Keep it where it equals the plan."}
        ),
    },
    name="OverrideSet",
)

TrialSchema = Answer.from_dict(
    {
        "id": fields.Integer(),
        "account": fields.Nested(WhoseSchema),
        "plan": fields.String(),
        **_TERM,
    },
    name="Trial",
)


class TrialsSchema(Answer):
    """Trials of an account, the oldest first."""

    trials = fields.List(fields.Nested(TrialSchema))


class TrialStartSchema(Schema):
    """Another plan until a day."""

    plan = fields.String(required=True)
    until = fields.String(required=True, metadata={**DAY, "description": "The last day."})
    reason = fields.String(required=True)


class AccountsQuerySchema(Schema):
    """Which accounts."""

    plan = fields.String(metadata={"description": "Only those of the plan with this key."})
    after = fields.String(metadata={"description": "A name: only those behind it."})


class OverQuerySchema(Schema):
    """Whether those that are over are wanted, too."""

    over = fields.Boolean(load_default=False)


class EndQuerySchema(Schema):
    """Why something ends."""

    message = fields.String(load_default="")
