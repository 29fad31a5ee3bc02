"""Accounts: all of them for the operator, the own one for its admin."""

from __future__ import annotations

from typing import Any

import peewee
from flask import redirect, request, session, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext
from wtforms.validators import NumberRange

from core.contract.errors import BadInput, NotFound
from core.plans.accounts.listing import running_trials
from core.plans.accounts.subscribing import note_plan
from core.store.accounts import AccountRow
from core.store.lines import LineRow
from core.web import choices
from core.web.account_plan import count_overrides, plan_title, trial_words
from core.web.base_view import AccountView
from core.web.format import phone
from core.web.host import now
from core.web.member import ADMIN, BILLING, OPERATOR, PICKED, current_member, may_work_in
from core.web.menu import ACCOUNT, INSTALLATION
from core.web.phones import e164
from core.web.rows import row_id

CAP = {"validators": [NumberRange(0, 10_000)]}


class _AccountForm(AccountView):
    """What the two pages of accounts share."""

    column_labels = {
        "name": lazy_gettext("Name"),
        "plan": lazy_gettext("Plan"),
        "timezone": lazy_gettext("Time zone"),
        "country": lazy_gettext("Country"),
        "language": lazy_gettext("Language of prompts"),
        "backup_number": lazy_gettext("Backup number"),
        "dial_countries": lazy_gettext("Countries that may be dialled"),
        "dial_concurrent": lazy_gettext("Outside calls at the same time"),
        "dial_daily": lazy_gettext("Outside calls a day"),
    }
    form_args = {
        "plan": {"choices": choices.plans},
        "timezone": {"choices": choices.zones},
        "country": {"choices": choices.countries},
        "language": {"choices": choices.prompt_languages},
        "backup_number": {
            "description": lazy_gettext(
                "Rung when no plugin has an answer, or when there is no time left for one."
                " Every number may have its own. Not one of your own numbers."
            )
        },
        "dial_countries": {
            "description": lazy_gettext(
                "Two-letter codes, such as IT FR DE. Nothing: the account's country only."
                " Premium numbers are never dialled, emergency numbers always."
            )
        },
        "dial_concurrent": CAP,
        "dial_daily": CAP,
    }
    can_delete = False
    can_view_details = False

    def on_model_change(self, form: Any, model: AccountRow, is_created: bool) -> None:
        """Check the numbers and countries against the country that was chosen."""
        model.dial_countries = _countries(model.dial_countries)
        model.backup_number = _backup(model)


class AccountsView(_AccountForm):
    """All accounts of the installation; billers look, and go on to an account's plan."""

    roles_view = (OPERATOR, BILLING)
    roles_edit = (OPERATOR,)
    needs_account = False
    category = INSTALLATION
    column_list = ("name", "plan", "trial", "overrides", "country", "timezone")
    column_labels = {
        **_AccountForm.column_labels,
        "trial": lazy_gettext("Trial"),
        "overrides": lazy_gettext("Overrides"),
    }
    column_searchable_list = ("name",)
    column_filters = ("plan",)
    column_default_sort = "name"
    column_formatters = {
        "plan": lambda view, context, row, name: plan_title(row.plan),
        "trial": lambda view, context, row, name: trial_words(row.trial, row.picture().zone),
        "overrides": lambda view, context, row, name: row.overrides or "",
    }
    form_columns = (
        "name", "plan", "timezone", "country", "language", "backup_number",
        "dial_countries", "dial_concurrent", "dial_daily",
    )  # fmt: skip
    list_template = "web/accounts.html"
    empty_text = lazy_gettext("No account yet.")
    empty_hint = lazy_gettext(
        "An account is a company that uses Centralino. Make one, pick it, then add its gateway,"
        " numbers and people."
    )

    def __init__(self) -> None:
        super().__init__(AccountRow, lazy_gettext("Accounts"), endpoint="accounts")

    def rows(self) -> peewee.ModelSelect:
        """Every account: this page is the operator's."""
        return AccountRow.select()

    def get_list(self, *args: Any, **kwargs: Any) -> Any:
        """One page of the rows, each with its running trial and how many overrides it has."""
        count, found = super().get_list(*args, **kwargs)
        rows = list(found)
        trials, overrides = running_trials(rows, now()), count_overrides(rows, now())
        for row in rows:
            row.trial, row.overrides = trials.get(row.id), overrides.get(row.id, 0)
        return count, rows

    def row_address(self, row: AccountRow) -> str:
        """Billers change no account, only its plan."""
        return super().row_address(row) or url_for("account_plan.index", id=row.id)

    def fill(self, row: AccountRow) -> None:
        """A new account begins now."""
        row.created_at = now()

    def get_edit_form(self) -> Any:
        """Without the plan: it has a page of its own, which says first what changes."""
        form = super().get_edit_form()
        form.plan = None
        return form

    def create_model(self, form: Any) -> Any:
        """A new account, with its first plan in the audit."""
        with AccountRow._meta.database.atomic():
            row = super().create_model(form)
            if row:
                note_plan(row, None, author=current_member().user.email, at=now())
        return row

    @expose("/pick/", methods=("POST",))
    def pick(self) -> Any:
        """Work in another account from here on."""
        member = current_member()
        wanted = row_id(request.form.get("account"))
        if wanted is None or not may_work_in(member.user, wanted):
            raise NotFound(gettext("You have no such account."))
        session[PICKED] = wanted
        return redirect("/")

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        # Whoever belongs to several accounts picks one; the pick itself says which are theirs.
        if name == "pick" and current_member() is not None:
            return None
        return super()._handle_view(name, **kwargs)


class OwnAccountView(_AccountForm):
    """The account's own settings, for its admin; the plan is the operator's to change."""

    roles_view = roles_edit = (ADMIN,)
    category = ACCOUNT
    can_create = False
    form_columns = (
        "name", "timezone", "country", "language", "backup_number",
        "dial_countries", "dial_concurrent", "dial_daily",
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__(AccountRow, lazy_gettext("Account settings"), endpoint="own_account")

    def rows(self) -> peewee.ModelSelect:
        """The one account of this member."""
        return AccountRow.select().where(AccountRow.id == current_member().account.id)

    @expose("/")
    def index_view(self) -> Any:
        """There is one row only: its form."""
        return redirect(url_for(".edit_view", id=current_member().account.id))


def _countries(text: str) -> str:
    codes = text.replace(",", " ").upper().split()
    known = {key for key, _ in choices.countries()}
    wrong = [one for one in codes if one not in known]
    if wrong:
        sentence = gettext("“%(code)s” is no country; write codes such as IT.", code=wrong[0])
        raise BadInput(sentence, {"dial_countries": sentence})
    return " ".join(dict.fromkeys(codes))


def _backup(account: AccountRow) -> str:
    try:
        number = e164(account.backup_number, account.country)
        refuse_own(number, account.id)
    except BadInput as error:
        raise BadInput(error.message, {"backup_number": error.message}) from error
    return number


def refuse_own(number: str, account_id: int | None) -> None:
    """An own number as backup would ring back here, in a circle (O5).

    Raises:
        BadInput: the number is one of the account's.
    """
    if number and account_id and LineRow.of(account_id).where(LineRow.number == number).exists():
        raise BadInput(
            gettext("%(number)s is one of your own numbers; give another.", number=phone(number))
        )
