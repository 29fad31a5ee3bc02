"""Accounts for the installation's programs: who has which plan, what that gives, another plan."""

from __future__ import annotations

from typing import Any

from flask import abort, url_for

from core.plans.accounts.listing import page_of_accounts, running_trials
from core.plans.accounts.plain import account_json, decisions, plan_change_json
from core.plans.accounts.preview import preview_plan
from core.plans.accounts.subscribing import set_plan
from core.store.accounts import AccountRow
from core.web.api.account_schemas import (
    AccountFeaturesSchema,
    AccountsQuerySchema,
    AccountsSchema,
    PlanOfAccountChangedSchema,
    PlanOfAccountSchema,
)
from core.web.api.routes import Routes
from core.web.host import host, now
from core.web.member import INSTALLATION_ROLES, current_member
from core.web.rows import row_id

routes = Routes("Accounts")

INSTALLATION: dict[str, Any] = {"roles": INSTALLATION_ROLES, "account": False}
"""Who may use these routes."""

CHANGED = {409: "It was changed by somebody else meanwhile, or is over already."}


@routes.get("/accounts", query=AccountsQuerySchema, answer=AccountsSchema, **INSTALLATION)
def list_accounts(query: dict[str, Any]) -> dict[str, Any]:
    """All accounts with their plans and running trials, by name, 100 at a time."""
    page, after = page_of_accounts(now(), query.get("plan", ""), query.get("after", ""))
    following = url_for("api.list_accounts", **{**query, "after": after}) if after else None
    return {"accounts": [account_json(*one) for one in page], "next": following}


@routes.get("/accounts/<int:id>/features", answer=AccountFeaturesSchema, **INSTALLATION)
def show_account(id: int) -> dict[str, Any]:
    """What an account has: the gate's decision on every feature, with its explanation."""
    row, at = find(id), now()
    trial = running_trials([row], at).get(row.id)
    return {"account": account_json(row, trial), "features": decisions(host().gate, row, at)}


@routes.put(
    "/accounts/<int:id>/plan",
    body=PlanOfAccountSchema,
    answer=PlanOfAccountChangedSchema,
    problems=CHANGED,
    **INSTALLATION,
)
def give_plan(id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Give an account another plan; says what it gains and loses. Nothing of it is deleted."""
    row, at, wired = find(id), now(), host()
    changes = preview_plan(wired.store, wired.registry, wired.gate, row, body["plan"], at)
    if not body["dry_run"]:
        author, message = current_member().user.email, body["message"]
        set_plan(wired.book, row, body["plan"], author=author, at=at, message=message)
    trial = running_trials([row], at).get(row.id)
    return plan_change_json(row, trial, changes, body["dry_run"])


def find(id: int) -> AccountRow:
    """The account with an id of an address; 404 when there is none."""
    known = row_id(id)
    row = known and AccountRow.get_or_none(AccountRow.id == known)
    return row or abort(404)
