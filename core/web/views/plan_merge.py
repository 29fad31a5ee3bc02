"""When somebody published while a draft was open: what fits is kept, what contradicts is chosen."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext, ngettext

from core.contract.errors import BadInput, Conflict
from core.web.host import now
from core.web.matrix.clashes import choice
from core.web.matrix.desk import Desk, desk, drafts, user_id
from core.web.matrix.meanwhile import meanwhile
from core.web.views.plan_page import PlanPage, to_grid
from core.web.words import say

MINE, THEIRS = "mine", "theirs"


class PlanMergePage(PlanPage):
    """Brings a draft up to the settled revision."""

    def __init__(self) -> None:
        super().__init__(
            lazy_gettext("Plan matrix"), endpoint="plan_merge", url="/plan-matrix/merge"
        )

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        """The changes that are kept, and those to choose between."""
        work = desk()
        if not work.behind:
            return to_grid()
        if request.method == "POST":
            try:
                return self._merge(work)
            except (BadInput, Conflict) as error:
                flash(say(error.message), "danger")
        return self._show(work)

    def _merge(self, work: Desk) -> Any:
        """Put the draft upon the settled revision, with what was chosen."""
        if request.form.get("seen") != work.stamp:
            raise Conflict(gettext("Something changed again meanwhile; look once more."))
        kept, clashes = drafts().merge(work.draft)
        chosen = [request.form.get(f"choice-{place}") for place in range(len(clashes))]
        if not set(chosen) <= {MINE, THEIRS}:
            raise BadInput(gettext("Choose for each of them what shall hold."))
        pairs = zip(clashes, chosen, strict=True)
        mine = [one for clash, word in pairs if word == MINE for one in clash.changes]
        drafts().rebase(user_id(), work.draft, work.settled.number, (*kept, *mine), now())
        count = len(desk().changes)
        flash(
            ngettext(
                "Your draft stands on revision %(number)s now, with %(num)s change.",
                "Your draft stands on revision %(number)s now, with %(num)s changes.",
                count,
                number=work.settled.number,
            ),
            "success",
        )
        return redirect(url_for("plan_review.index")) if count else to_grid()

    def _show(self, work: Desk) -> str:
        kept, clashes = drafts().merge(work.draft)
        since = meanwhile(work)
        return self.render(
            "web/plan_merge.html",
            work=work,
            kept=kept,
            choices=[choice(one, work, since) for one in clashes],
            chosen=request.form,
            meanwhile=since,
        )
