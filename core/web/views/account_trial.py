"""A trial for an account: a plan until a day."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.contract.errors import CentralinoError
from core.plans.accounts.listing import running_trials
from core.plans.accounts.terms import read_term
from core.store.accounts import AccountRow
from core.web import choices
from core.web.explain import problems
from core.web.host import host, now
from core.web.views.account_page import AccountPage, account_of, deciding, done, not_done, typed


class AccountTrialPage(AccountPage):
    """Starts and ends it."""

    def __init__(self) -> None:
        address = "/accounts/<int:id>/plan/trial"
        super().__init__(lazy_gettext("Trial"), endpoint="account_trial", url=address)

    @expose("/", methods=("GET",))
    def index(self, id: int) -> str:
        """The form for a new one."""
        return self._form(account_of(id), {})

    @expose("/", methods=("POST",))
    def start(self, id: int) -> Any:
        """Start it; one that runs ends."""
        account, form = account_of(id), request.form
        try:
            _, until = read_term("", form.get("until", ""), account.picture().zone, now())
            host().trials.start(
                account, form.get("plan", ""), until, reason=form.get("reason", ""), **deciding()
            )
        except CentralinoError as error:
            return self._form(account, problems(error))
        return done(account, gettext("The trial has begun."))

    @expose("/end", methods=("GET",))
    def ask(self, id: int) -> str:
        """Ask before it is ended."""
        account = account_of(id)
        _running(account)
        return self.page("account_trial_end", account)

    @expose("/end", methods=("POST",))
    def end(self, id: int) -> Any:
        """End it."""
        account = account_of(id)
        message = request.form.get("message", "")
        try:
            host().trials.end(_running(account), message=message, **deciding())
        except CentralinoError as error:
            return not_done(account, error)
        return done(account, gettext("The trial has ended."))

    def _form(self, account: AccountRow, errors: dict[str, str]) -> str:
        offered = [one for one in choices.plans() if one[0] != account.plan]
        return self.page("account_trial", account, plans=offered, typed=typed(), errors=errors)


def _running(account: AccountRow) -> Any:
    return running_trials([account], now()).get(account.id) or abort(404)
