"""What routes of the plan matrix take and answer: plans, revisions, changes of them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from core.contract.features import FeatureKind
from core.plans.file.changes import WORDS
from core.plans.impact.values import Direction
from core.web.api.schemas import Answer
from core.web.rows import GREATEST_ID

VALUE = {
    "type": ["boolean", "integer", "string"],
    "description": "true, false, a count, “unlimited” or a word of the feature's choices.",
}

LONGEST_FILE = 1_000_000


class InstantText(fields.String):
    """An instant that is written already."""

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"format": "date-time"}, **options)


class RevisionNumber(fields.Integer):
    """The number of a revision."""

    def __init__(self, description: str, **options: Any) -> None:
        range_ = Range(1, GREATEST_ID)
        super().__init__(
            strict=True, validate=range_, metadata={"description": description}, **options
        )


class WrittenSchema(Answer):
    """What one cell says."""

    value = fields.Raw(metadata=VALUE)
    warn_at = fields.List(
        fields.Integer(), metadata={"description": "Percents at which a quota warns."}
    )


class VersionSchema(Answer):
    """A content of the plan matrix."""

    name = fields.String()
    number = fields.Integer(allow_none=True, metadata={"description": "null: not published."})
    sha = fields.String(metadata={"description": "SHA-256 of the plan file's text."})


class FeatureSchema(Answer):
    """A row of the matrix."""

    key = fields.String()
    title = fields.String()
    plugin = fields.String()
    kind = fields.String(validate=OneOf([str(one) for one in FeatureKind]))
    choices = fields.List(fields.String())
    without = fields.String(metadata={"description": "What happens without it."})


class CellSchema(WrittenSchema):
    """What a plan says of a feature, itself or inherited."""

    says = fields.String(metadata={"description": "The plan that says it."})
    inherited = fields.Boolean()
    line = fields.Integer()
    included = fields.Boolean(metadata={"description": "Whether it takes effect."})


class PlanSchema(Answer):
    """A column of the matrix."""

    key = fields.String()
    title = fields.String()
    extends = fields.String(metadata={"description": "The plan that it extends, or “”."})
    cells = fields.Dict(keys=fields.String(), values=fields.Nested(CellSchema))


class ChangeSchema(Schema):
    """One change of the matrix; which fields it has depends on “change”."""

    change = fields.String(required=True, validate=OneOf(list(WORDS)))
    plan = fields.String()
    feature = fields.String()
    written = fields.Raw(
        allow_none=True,
        metadata={
            "type": ["object", "string"],
            "description": "value and warn_at; or a text as a cell of the grid takes it;"
            " null: inherit.",
        },
    )
    key = fields.String()
    title = fields.String()
    extends = fields.String()
    after = fields.String()


class RevisionSchema(Answer):
    """A published revision of the matrix."""

    number = fields.Integer()
    sha = fields.String()
    source = fields.String(metadata={"description": "file, web, command or api"})
    author = fields.String()
    message = fields.String()
    published_at = InstantText()
    start = fields.String(
        metadata={"description": "now, next-period or a day: from when it holds."}
    )
    counted_from = InstantText()
    reverts = fields.Integer(
        allow_none=True, metadata={"description": "The revision that it goes back to."}
    )
    carries = fields.Integer(
        allow_none=True, metadata={"description": "The scheduled revision that it repeats."}
    )
    state = fields.String(validate=OneOf(("current", "scheduled", "past")))


class RevisionWithFileSchema(RevisionSchema):
    """A revision with the text of the plan file."""

    yaml = fields.String()


class RevisionsSchema(Answer):
    """A page of revisions, newest first."""

    revisions = fields.List(fields.Nested(RevisionSchema))
    next = fields.String(
        allow_none=True, metadata={"description": "The address of the next page, if any."}
    )


class ScheduledSchema(RevisionSchema):
    """A revision that does not hold everywhere yet, and what it changes of the one before."""

    changes = fields.List(fields.Nested(ChangeSchema))


class MatrixSchema(Answer):
    """The plan matrix."""

    version = fields.Nested(VersionSchema)
    features = fields.List(fields.Nested(FeatureSchema))
    plans = fields.List(
        fields.Nested(PlanSchema), metadata={"description": "In order, cheapest first."}
    )
    scheduled = fields.List(fields.Nested(ScheduledSchema))


class CellChangeSchema(Answer):
    """A cell that takes effect otherwise than before."""

    plan = fields.String()
    feature = fields.String()
    before = fields.Nested(WrittenSchema, allow_none=True)
    after = fields.Nested(
        WrittenSchema, allow_none=True, metadata={"description": "null: not in the plan."}
    )
    direction = fields.String(validate=OneOf([str(one) for one in Direction]))
    says = fields.String()
    inherited = fields.Boolean()
    through = fields.String(metadata={"description": "The plugin that takes it along, or “”."})


class PlanChangeSchema(Answer):
    """A plan that comes or goes."""

    key = fields.String()
    title = fields.String()
    extends = fields.String()
    cells = fields.List(fields.Nested(CellChangeSchema))


class MatrixChangeSchema(Answer):
    """What takes effect of a change."""

    cells = fields.List(fields.Nested(CellChangeSchema))
    added = fields.List(fields.Nested(PlanChangeSchema))
    removed = fields.List(fields.Nested(PlanChangeSchema))


ComparisonSchema = Answer.from_dict(
    {
        "from": fields.Nested(VersionSchema),
        "to": fields.Nested(VersionSchema),
        "changes": fields.List(
            fields.Nested(ChangeSchema), metadata={"description": "What the file says otherwise."}
        ),
        "matrix": fields.Nested(MatrixChangeSchema),
    },
    name="Comparison",
)


class FaultSchema(Answer):
    """A fault of a plan file, with its place; lines and columns count from 1."""

    file = fields.String()
    line = fields.Integer()
    column = fields.Integer()
    path = fields.String()
    sentence = fields.String()


class CheckSchema(Answer):
    """Whether a plan file can be taken."""

    file = fields.String()
    plans = fields.List(fields.String(), metadata={"description": "Keys; empty with faults."})
    faults = fields.List(fields.Nested(FaultSchema))
    warnings = fields.List(fields.Nested(FaultSchema))


class FileSchema(Schema):
    """A plan file."""

    yaml = fields.String(required=True, validate=Length(max=LONGEST_FILE))


class ProposalSchema(Schema):
    """A whole plan file, or changes of a revision: one of both."""

    yaml = fields.String(validate=Length(max=LONGEST_FILE))
    changes = fields.List(fields.Nested(ChangeSchema))
    base = RevisionNumber("The revision that it was made from; default: the current one.")


class DecidedSchema(Schema):
    """Why, and what was known."""

    message = fields.String(required=True)
    newest = RevisionNumber("The newest revision that was seen: 409 when there is another one.")


class StartSchema(DecidedSchema):
    """The same with a start."""

    start = fields.String(
        load_default="now", metadata={"description": "now, next-period or a day."}
    )


class PublicationSchema(ProposalSchema, StartSchema):
    """What is published."""
