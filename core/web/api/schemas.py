"""Fields and schemas that several routes share."""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, Schema, fields
from marshmallow.validate import OneOf, Range

from core.plans.decision import Reason
from core.web.rows import GREATEST_ID

SOURCES = ("plan", "override", "trial", "default")


class Answer(Schema):
    """Base of what is answered: every field is always there, be it null."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field) -> None:
        """Say so in the document."""
        field_obj.required = True


class Flag(fields.Boolean):
    """true or false; marshmallow's own takes "yes" and 1, too."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class RowId(fields.Integer):
    """The id of a row; in a query, where all is text, with ``strict=False``."""

    def __init__(self, *, strict: bool = True, **options: Any) -> None:
        super().__init__(strict=strict, validate=Range(1, GREATEST_ID), **options)


class PluginSettings(fields.Dict):
    """The settings of the plugin that the address names; the document lists those installed."""


class DecisionSchema(Answer):
    """The gate's answer about one feature, with its explanation."""

    feature = fields.String()
    allowed = fields.Boolean()
    reason = fields.String(validate=OneOf([str(one) for one in Reason]))
    value = fields.Raw(
        allow_none=True,
        metadata={
            "type": ["boolean", "integer", "string"],
            "description": "true, a count, “unlimited” or a word; null: not in the plan.",
        },
    )
    limit = fields.Integer(
        allow_none=True, metadata={"description": "Units per calendar month; null: no limit."}
    )
    used = fields.Integer(allow_none=True)
    held = fields.Integer(
        allow_none=True, metadata={"description": "Units of running calls; they may come back."}
    )
    remaining = fields.Integer(allow_none=True)
    resets_at = fields.AwareDateTime(allow_none=True)
    source = fields.String(validate=OneOf(SOURCES))
    until = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When the override or trial ends."}
    )
    revision = fields.String()
    sentence = fields.String(metadata={"description": "The same at every door."})
    trace = fields.List(fields.String())


class DetailsSchema(Schema):
    """What a problem can say more; each kind has its own."""

    class Meta:
        """Each kind of problem has details of its own."""

        unknown = INCLUDE

    fields_ = fields.Dict(
        data_key="fields",
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "A sentence for each field that cannot be taken."},
    )
    decision = fields.Nested(DecisionSchema, metadata={"description": "Of feature-not-in-plan."})


class ProblemSchema(Answer):
    """What every error looks like (RFC 9457, application/problem+json)."""

    type = fields.String()
    title = fields.String()
    error_id = fields.String(metadata={"description": "A stable word."})
    status = fields.Integer()
    message = fields.String(metadata={"description": "What to change, in one sentence."})
    details = fields.Nested(DetailsSchema)
