"""The columns of the plan grid: a new plan, another title or place, and a plan that goes."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.contract.errors import BadInput, NotFound
from core.plans.file.changes import AddPlan, Change, ChangePlan, MovePlan, RemovePlan
from core.plans.file.plan import Plan
from core.plans.tables import PlanTrial
from core.store.accounts import AccountRow
from core.web.host import now
from core.web.matrix.desk import Desk, desk, drafts, user_id
from core.web.matrix.grid import line_of
from core.web.views.plan_page import PlanPage, answer_with
from core.web.words import say

NAMED = 20
"""How many accounts of a plan are named."""


class PlanColumnPage(PlanPage):
    """Forms for the columns; each is one step of the draft."""

    def __init__(self) -> None:
        super().__init__(
            lazy_gettext("Plan matrix"), endpoint="plan_column", url="/plan-matrix/plan"
        )

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        """A plan's title, what it extends, and its place; without ``plan`` a new one."""
        work = desk()
        plan = _plan(work) if "plan" in request.args else None
        if request.method == "GET":
            return self._form(work, plan, _stored(work, plan))
        typed = {
            key: request.form.get(key, "").strip() for key in ("key", "title", "extends", "after")
        }
        try:
            step = _changed(work, plan, typed) if plan else _added(typed)
            drafts().add(user_id(), step, now())
        except BadInput as error:
            return self._form(work, plan, typed, error), error.status
        return answer_with(work, _told(plan, typed))

    @expose("/remove", methods=("GET", "POST"))
    def remove(self) -> Any:
        """Ask, and say who has the plan; then take it out of the draft's plans."""
        work = desk()
        plan = _plan(work)
        extending = [one for one in work.document.plans.values() if one.extends == plan.key]
        last = len(work.document.plans) == 1
        if request.method == "POST" and not extending and not last:
            drafts().add(user_id(), [RemovePlan(plan.key)], now())
            return answer_with(
                work, gettext("In the draft: the plan %(plan)s goes.", plan=plan.title)
            )
        accounts = AccountRow.select().where(AccountRow.plan == plan.key).order_by(AccountRow.name)
        return self.render(
            "web/plan_remove.html",
            work=work,
            plan=plan,
            extending=extending,
            last=last,
            count=accounts.count(),
            accounts=list(accounts.limit(NAMED)),
            trials=_trials(plan.key),
        )

    def _form(
        self, work: Desk, plan: Plan | None, typed: dict[str, str], error: BadInput | None = None
    ) -> str:
        plans = list(work.document.plans.values())
        others = [one for one in plans if plan is None or one.key != plan.key]
        return self.render(
            "web/plan_column.html",
            work=work,
            plan=plan,
            typed=typed,
            wrong=say(error.message) if error else "",
            others=others,
            parents=[
                one
                for one in others
                if plan is None or plan.key not in line_of(work.document, one.key)
            ],
        )


def _plan(work: Desk) -> Plan:
    """The plan of this address."""
    plan = work.document.plans.get(request.args.get("plan", ""))
    if plan is None:
        raise NotFound(gettext("There is no such plan in the grid."))
    return plan


def _stored(work: Desk, plan: Plan | None) -> dict[str, str]:
    """What the form shows at first; a new plan comes last and has what the last one has."""
    keys = list(work.document.plans)
    if plan is None:
        return {"key": "", "title": "", "extends": keys[-1], "after": keys[-1]}
    return {
        "key": plan.key,
        "title": plan.title,
        "extends": plan.extends,
        "after": _before(keys, plan.key),
    }


def _before(keys: list[str], key: str) -> str:
    """The plan that another one stands behind, "" for the first."""
    place = keys.index(key)
    return keys[place - 1] if place else ""


def _added(typed: dict[str, str]) -> list[Change]:
    return [AddPlan(typed["key"], typed["title"], typed["extends"], typed["after"])]


def _changed(work: Desk, plan: Plan, typed: dict[str, str]) -> list[Change]:
    step: list[Change] = []
    title = typed["title"] or plan.key
    if (title, typed["extends"]) != (plan.title, plan.extends):
        step.append(ChangePlan(plan.key, title, typed["extends"]))
    if typed["after"] != _before(list(work.document.plans), plan.key):
        step.append(MovePlan(plan.key, typed["after"]))
    return step


def _told(plan: Plan | None, typed: dict[str, str]) -> str:
    title = typed["title"] or typed["key"]
    if plan is None:
        return gettext("In the draft: the new plan %(plan)s.", plan=title)
    return gettext("In the draft: the plan %(plan)s.", plan=typed["title"] or plan.key)


def _trials(plan: str) -> int:
    """How many accounts try a plan now."""
    running = (
        (PlanTrial.plan == plan)
        & (PlanTrial.until > now())
        & (PlanTrial.ended_at.is_null() | (PlanTrial.ended_at > now()))
    )
    return PlanTrial.select().where(running).count()
