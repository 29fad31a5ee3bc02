"""New revisions of the plan matrix by programs: whom one would affect, publish, revert, cancel."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Range

from core.contract.errors import BadInput
from core.plans.catalogue import require_known
from core.plans.file.changes import Change, from_json
from core.plans.file.editing import apply_changes
from core.plans.file.typed import typed_cell
from core.plans.file.written import written_json
from core.plans.impact.impact import impact
from core.plans.impact.pages import PAGE, Asked
from core.plans.plain import impact_json, revision_json
from core.plans.revisions.rebasing import require_settled
from core.plans.revisions.revisions import Entry
from core.plans.revisions.starting import Start
from core.plans.versions import Version, version_of_revision, version_of_text
from core.web.api.impact_schemas import ImpactSchema
from core.web.api.plan_schemas import (
    DecidedSchema,
    ProposalSchema,
    PublicationSchema,
    RevisionSchema,
    StartSchema,
)
from core.web.api.plans import BILLERS
from core.web.api.routes import Routes
from core.web.host import host, now
from core.web.member import current_member

routes = Routes("Publishing")

SOURCE = "api"

LARGEST_PAGE = 1000

NO_REVISION = {404: "There is no such revision."}

FASTER = {
    **NO_REVISION,
    409: "Another revision holds by now, or was scheduled: `details` name it and its author;"
    " after a publish also `changes`, `conflicts`, and `merged`, the file to publish next.",
}

_AFTER = {"description": "The page after the account of this name."}

ImpactQuerySchema = Schema.from_dict(
    {
        "size": fields.Integer(validate=Range(1, LARGEST_PAGE), load_default=PAGE),
        **{
            name: fields.String(metadata=_AFTER)
            for name in Asked.__dataclass_fields__
            if name != "size"
        },
    },
    name="ImpactQuery",
)


@routes.post(
    "/plans/impact",
    query=ImpactQuerySchema,
    body=ProposalSchema,
    answer=ImpactSchema,
    problems=NO_REVISION,
    **BILLERS,
)
def measure_impact(query: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Whom it would affect to publish this; nothing is changed.

    The lists come in pages; `next` of each is the name to send in the query for the next one.
    """
    before, after = _base(body), _proposed(body)
    documents = before.document, after.document
    found = impact(host().store, host().registry, *documents, now(), Asked(**query))
    return impact_json(before, after, found)


@routes.post(
    "/plans/publish",
    body=PublicationSchema,
    answer=RevisionSchema,
    status=201,
    problems=FASTER,
    **BILLERS,
)
def publish_plans(body: dict[str, Any]) -> dict[str, Any]:
    """Publish a new revision of the matrix."""
    host().book.look()
    start = Start.parse(body["start"])
    proposed = _proposed(body)
    require_settled(host().book, proposed.document, _base(body).number)
    return _shown(_publish(proposed.text, start, body))


@routes.post(
    "/plans/revisions/<int:number>/revert",
    body=StartSchema,
    answer=RevisionSchema,
    status=201,
    problems=FASTER,
    **BILLERS,
)
def revert_plans(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """Go back to the plans of a revision, by a new one."""
    host().book.look()
    start, text = Start.parse(body["start"]), host().book.revision(number).text
    return _shown(_publish(text, start, body, reverts=number))


@routes.post(
    "/plans/revisions/<int:number>/cancel",
    body=DecidedSchema,
    answer=RevisionSchema,
    status=201,
    problems=FASTER,
    **BILLERS,
)
def cancel_revision(number: int, body: dict[str, Any]) -> dict[str, Any]:
    """Cancel a revision that is scheduled, by a new one with the plans that hold."""
    host().book.look()
    host().book.revisions.entry(number)
    return _shown(host().publisher.cancel(number, **_decided(body)))


def _publish(text: str, start: Start, body: dict[str, Any], reverts: int | None = None) -> Entry:
    return host().publisher.publish(
        text, base=host().book.settled().number, start=start, reverts=reverts, **_decided(body)
    )


def _decided(body: dict[str, Any]) -> dict[str, Any]:
    """Who, when, why, and what was known."""
    return {
        "newest": body.get("newest", host().book.newest),
        "author": current_member().user.email,
        "message": body["message"],
        "source": SOURCE,
        "at": now(),
    }


def _shown(entry: Entry) -> dict[str, Any]:
    return revision_json(host().book, entry)


def _base(body: dict[str, Any]) -> Version:
    """The revision that something was made from: the settled one, if nothing is said."""
    book = host().book
    number = body.get("base")
    return version_of_revision(book.revision(number) if number else book.settled())


def _proposed(body: dict[str, Any]) -> Version:
    """What would be published.

    Raises:
        PlansFault: the file has faults.
        BadInput: there is no file and no changes, or both; or a change does not fit.
    """
    if ("yaml" in body) == ("changes" in body):
        raise BadInput("Send either “yaml”, a whole plan file, or “changes”.")
    registry, name = host().registry, host().book.path.name
    if "yaml" in body:
        return version_of_text(body["yaml"], registry, name)
    changes = [_change(one) for one in body["changes"]]
    text = apply_changes(_base(body).text, changes, registry, name)
    return version_of_text(text, registry, name)


def _change(data: dict[str, Any]) -> Change:
    """A change; what a cell says may be typed as into the grid."""
    written = data.get("written")
    if isinstance(written, str):
        feature = data.get("feature", "")
        require_known(host().registry, feature)
        typed = typed_cell(written, host().registry.features[feature])
        data = {**data, "written": written_json(typed)}
    return from_json(data)
