"""An account's plan: what it has and why, and another plan for it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.contract.errors import CentralinoError, Conflict
from core.contract.texts import N_, phrase
from core.plans.accounts.preview import preview_plan
from core.plans.accounts.subscribing import set_plan
from core.store.accounts import AccountRow
from core.web import choices
from core.web.account_past import past_overrides, past_trials
from core.web.account_plan import groups, plan_title
from core.web.account_preview import counted, sides
from core.web.host import host, now
from core.web.views.account_page import AccountPage, account_of, deciding, done, not_done


class AccountPlanPage(AccountPage):
    """The plan, every feature with its why, and what the account has of its own."""

    def __init__(self) -> None:
        address = "/accounts/<int:id>/plan"
        super().__init__(lazy_gettext("Plan of an account"), endpoint="account_plan", url=address)

    @expose("/")
    def index(self, id: int) -> str:
        """All of it."""
        account = account_of(id)
        return self.page(
            "account_plan",
            account,
            plans=choices.plans(),
            groups=groups(account, now()),
            past_overrides=past_overrides(account, now(), request.args.get("overrides")),
            past_trials=past_trials(account, now(), request.args.get("trials")),
        )

    @expose("/change", methods=("GET",))
    def preview(self, id: int) -> Any:
        """What another plan would change, before it is given."""
        account, plan = account_of(id), request.args.get("plan", "")
        try:
            impact = preview_plan(host().store, host().registry, host().gate, account, plan, now())
        except CentralinoError as error:
            return not_done(account, error)
        return self.page(
            "account_plan_change",
            account,
            plan=plan,
            wanted=plan_title(plan),
            impact=impact,
            sides=sides(impact),
            counted=counted(account, now()),
        )

    @expose("/change", methods=("POST",))
    def change(self, id: int) -> Any:
        """Give it the plan that was previewed."""
        account, plan = account_of(id), request.form.get("plan", "")
        try:
            _refuse_if_moved(account)
            message = request.form.get("message", "")
            set_plan(host().book, account, plan, message=message, **deciding())
        except CentralinoError as error:
            return not_done(account, error)
        words = {"account": account.name, "plan": plan_title(plan)}
        return done(account, gettext("%(account)s has the plan %(plan)s now.", **words))


def _refuse_if_moved(account: AccountRow) -> None:
    """The preview told of the plan that the account had then."""
    if request.form.get("seen") != account.plan:
        words = N_("%(account)s has been given another plan meanwhile; look again.")
        raise Conflict(phrase(words, account=account.name))
