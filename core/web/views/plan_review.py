"""What a draft does, before it is published: the changed cells, who is affected, the file."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import flash, redirect, request, session, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.contract.errors import BadInput, Conflict
from core.plans.impact.impact import impact
from core.plans.impact.pages import Asked
from core.plans.revisions.revisions import Entry
from core.plans.revisions.starting import Start, StartKind
from core.web.host import host, now
from core.web.matrix.changes import titles, told
from core.web.matrix.desk import Desk, author, desk, drafts, user_id
from core.web.matrix.diff import diff_lines
from core.web.matrix.scheduled import overlapping
from core.web.views.plan_page import PlanPage, to_grid
from core.web.words import say

MESSAGE = "plan_message"
"""The session's key for a message that is kept while a draft is brought up to date."""

ROWS = 10
"""Rows of each list on one page of the review."""

LISTS = tuple(one.name for one in fields(Asked) if one.name != "size")


class PlanReviewPage(PlanPage):
    """The review, and publishing."""

    def __init__(self) -> None:
        super().__init__(
            lazy_gettext("Plan matrix"), endpoint="plan_review", url="/plan-matrix/review"
        )

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        """Everything that publishing the draft would do; then publish it."""
        work = desk()
        if request.method == "POST":
            session[MESSAGE] = request.form.get("message", "")[:500]
        if work.behind:
            return redirect(url_for("plan_merge.index"))
        if not work.changes:
            flash(gettext("The draft changes nothing, so there is nothing to publish."), "info")
            return to_grid()
        if request.method == "GET":
            return self._show(work)
        try:
            return _published(_publish(work))
        except Conflict as error:
            return self._overtaken(error)
        except BadInput as error:
            return self._show(work, say(error.message)), error.status

    def _overtaken(self, error: Conflict) -> Any:
        """Somebody was faster: nothing was published, and the message is kept."""
        host().book.look()
        work = desk()
        if work.behind:
            flash(_faster(error), "warning")
            return redirect(url_for("plan_merge.index"))
        return self._show(work, _faster(error)), error.status

    def _show(self, work: Desk, wrong: str = "") -> str:
        before, after = work.base.document, work.document
        asked = Asked(ROWS, **{one: request.args.get(one, "") for one in LISTS})
        found = impact(host().store, host().registry, before, after, now(), asked)
        return self.render(
            "web/plan_review.html",
            work=work,
            told=told(before, after, found.matrix),
            titles=titles(before, after),
            impact=found,
            lines=diff_lines(work.base.text, drafts().text(work.draft)),
            newest=host().book.newest,
            scheduled=overlapping(work.changes, host().book.scheduled()),
            message=_message(work),
            wrong=wrong,
            file_name=host().book.path.name,
            **_start(),
        )


def _publish(work: Desk) -> Entry:
    """Publish the draft as the review showed it.

    Raises:
        Conflict: the draft or the plans have changed since.
    """
    if request.form.get("seen") != work.stamp:
        raise Conflict(
            gettext("The draft was changed in another window; look at the review again.")
        )
    if not request.form.get("message", "").strip():
        raise BadInput(gettext("Say why you publish this; the history shows it."))
    chosen = _start()
    if chosen["start_kind"] == StartKind.DATE and not chosen["day"]:
        raise BadInput(gettext("Choose the day from which it shall hold."))
    return host().publisher.publish(
        drafts().text(work.draft),
        base=work.base.number,
        newest=_newest(),
        start=Start.parse(chosen["day"] or chosen["start_kind"]),
        author=author(),
        message=request.form.get("message", ""),
        source="web",
        at=now(),
        reverts=work.draft.reverts,
    )


def _faster(error: Conflict) -> str:
    """Who was faster, in a sentence."""
    if "author" not in error.details:
        return say(error.message)
    return gettext(
        "Nothing was published: revision %(number)s by %(author)s came into force or was scheduled"
        " since you began. Look again, then publish.",
        number=error.details["newest"],
        author=error.details["author"],
    )


def _published(entry: Entry) -> Any:
    """The draft has become a revision; go and look at it."""
    drafts().discard(user_id())
    session.pop(MESSAGE, None)
    if entry.start.kind is StartKind.NOW:
        sentence = gettext(
            "Published as revision %(number)s; it holds from the next call on.", number=entry.number
        )
    else:
        sentence = gettext(
            "Published as revision %(number)s; it is scheduled.", number=entry.number
        )
    flash(sentence, "success")
    return redirect(url_for("plan_history.revision", number=entry.number))


def _newest() -> int:
    word = request.form.get("newest", "")
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 10 else 0


def _start() -> dict[str, str]:
    """From when it shall hold, as the form says it; ``day`` only for a date."""
    kind = request.form.get("start", str(StartKind.NOW))
    day = request.form.get("day", "").strip() if kind == StartKind.DATE else ""
    return {"start_kind": kind, "day": day}


def _message(work: Desk) -> str:
    """What was typed last; for a draft that goes back, what it does."""
    if MESSAGE in session:
        return session[MESSAGE]
    if work.draft.reverts is None:
        return ""
    return gettext("Back to revision %(number)s", number=work.draft.reverts)
