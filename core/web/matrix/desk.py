"""What a biller has before them: the settled revision with their draft laid upon it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from flask import current_app, request
from flask_babel import gettext

from core.contract.errors import BadInput, NotFound
from core.contract.features import Feature
from core.plans.file.changes import Change, as_json, diff
from core.plans.file.plan import PlanDocument
from core.plans.revisions.book import Revision
from core.plans.revisions.drafts import Draft, Drafts
from core.web.host import host
from core.web.matrix.grid import Grid
from core.web.member import current_member
from core.web.words import say


@dataclass(frozen=True)
class Desk:
    """The settled revision and a user's draft.

    Args:
        settled: the revision that the file on disk mirrors.
        base: the revision that the draft changes; the settled one when there is no draft.
        draft: an empty one when there is none.
        document: the plans as the draft would have them.
        fault: why a draft cannot be shown any more; the settled revision is shown in its stead.
    """

    settled: Revision
    base: Revision
    draft: Draft
    document: PlanDocument
    fault: str = ""

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What the draft changes in the end."""
        return tuple(diff(self.base.document, self.document))

    @cached_property
    def grid(self) -> Grid:
        """All that the grid shows."""
        return Grid(self.base.document, self.document, host().registry)

    @property
    def behind(self) -> bool:
        """Whether something was published since the draft was begun."""
        return self.base.number != self.settled.number

    @property
    def stamp(self) -> str:
        """Tells this state from every other: a page that shows another one is out of date."""
        steps = [list(map(as_json, step)) for step in (*self.draft.steps, (), *self.draft.undone)]
        state = json.dumps([self.settled.number, self.base.number, steps], sort_keys=True)
        return hashlib.sha256(state.encode()).hexdigest()[:16]

    def plan_title(self, key: str) -> str:
        """A plan's title, in the draft or before it."""
        for document in (self.document, self.base.document, self.settled.document):
            if key in document.plans:
                return document.plans[key].title
        return key


def drafts() -> Drafts:
    """The drafts of this installation."""
    extensions = current_app.extensions
    if "plan-drafts" not in extensions:
        extensions["plan-drafts"] = Drafts(host().book, host().registry)
    return extensions["plan-drafts"]


def user_id() -> int:
    """Whose draft it is."""
    return current_member().user.id


def author() -> str:
    """Under which name this user publishes."""
    return current_member().user.email


def desk(draft: Draft | None = None) -> Desk:
    """The desk of the user of this request.

    Args:
        draft: default: the stored one.
    """
    settled = host().book.settled()
    found = draft or drafts().of(user_id())
    if found is None or not found.steps:
        undone = found.undone if found else ()
        empty = Draft(settled.number, undone=undone)
        return Desk(settled, settled, empty, settled.document)
    try:
        base = host().book.revision(found.base)
        return Desk(settled, base, found, drafts().lay(found))
    except BadInput as error:
        sentence = gettext("Your draft cannot be read any more: %(why)s", why=say(error.message))
        return Desk(settled, settled, found, settled.document, sentence)


def target(work: Desk) -> tuple[str, Feature]:
    """The plan's key and the feature of a cell's address.

    Raises:
        NotFound: there is no such cell.
    """
    plan = request.args.get("plan", "")
    feature = host().registry.features.get(request.args.get("feature", ""))
    if plan not in work.document.plans or feature is None:
        raise NotFound(gettext("There is no such cell in the grid."))
    return plan, feature
