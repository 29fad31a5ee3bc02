"""The base of the pages about what an account subscribes to."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for

from core.contract.errors import CentralinoError
from core.plans.accounts.listing import running_trials
from core.store.accounts import AccountRow
from core.web.account_plan import plan_title
from core.web.base_view import AdminPage
from core.web.host import now
from core.web.member import BILLING, OPERATOR, current_member
from core.web.rows import row_id
from core.web.words import say


class AccountPage(AdminPage):
    """For billers, and for the operator; reached from the list of accounts."""

    roles_view = roles_edit = (BILLING, OPERATOR)
    needs_account = False

    def is_visible(self) -> bool:
        """It belongs to an account, not into the menu."""
        return False

    def page(self, template: str, account: AccountRow, **about: Any) -> str:
        """Show a page of an account, with its plan and the trial that runs."""
        return self.render(
            f"web/{template}.html",
            account=account,
            zone=account.picture().zone,
            title=plan_title(account.plan),
            trial=running_trials([account], now()).get(account.id),
            **about,
        )


def account_of(id: int) -> AccountRow:
    """The account with an id; 404 when there is none."""
    known = row_id(id)
    return (known and AccountRow.get_or_none(AccountRow.id == known)) or abort(404)


def deciding() -> dict[str, Any]:
    """Who decides, and when."""
    return {"author": current_member().user.email, "at": now()}


def done(account: AccountRow, sentence: str, anchor: str = "") -> Any:
    """Back to the account's plan, which says what was done."""
    flash(sentence, "success")
    return redirect(url_for("account_plan.index", id=account.id, _anchor=anchor or None))


def not_done(account: AccountRow, error: CentralinoError) -> Any:
    """Back to the account's plan, which says why nothing was done."""
    flash(say(error.message), "error")
    return redirect(url_for("account_plan.index", id=account.id))


def typed() -> dict[str, str]:
    """What was typed into the form, or came with the address."""
    return {key: value for key, value in request.values.items() if key != "csrf_token"}
