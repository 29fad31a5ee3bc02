"""Users and what they may do: of an account, and of the installation (S5)."""

from __future__ import annotations

from typing import Any

import peewee
from flask import current_app
from flask_babel import gettext, lazy_gettext
from flask_security import hash_password
from wtforms import BooleanField, EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, Email, Length, Optional

from core.contract.errors import BadInput
from core.store.people import Membership, UserRow
from core.web.base_view import AccountView
from core.web.format import tr
from core.web.member import (
    ADMIN,
    AGENT,
    BILLING,
    OPERATOR,
    SUPERVISOR,
    current_member,
)
from core.web.menu import ACCOUNT, INSTALLATION
from core.web.security import create_user, password_fault, turn_factor_off

ROLES = [
    (ADMIN, lazy_gettext("Admin: everything in this account")),
    (SUPERVISOR, lazy_gettext("Supervisor: all calls, no settings")),
    (AGENT, lazy_gettext("Agent: own calls and contacts")),
]
WIDE_ROLES = [
    (OPERATOR, lazy_gettext("Operator: all accounts")),
    (BILLING, lazy_gettext("Billing: the plan matrix")),
]


class MembersView(AccountView):
    """The users of the account."""

    category = ACCOUNT
    column_list = ("user", "role", "may_listen", "may_delete_recordings")
    column_labels = {
        "user": lazy_gettext("User"),
        "role": lazy_gettext("Role"),
        "may_listen": lazy_gettext("May listen to recordings"),
        "may_delete_recordings": lazy_gettext("May delete recordings"),
    }
    form_columns = (
        "email", "person", "password", "factor_off", "role", "may_listen",
        "may_delete_recordings",
    )  # fmt: skip
    column_formatters = {"role": lambda view, context, row, name: tr(row.role)}
    form_args = {"role": {"choices": ROLES}}
    form_extra_fields = {
        "email": EmailField(lazy_gettext("E-mail"), [DataRequired(), Email(), Length(max=255)]),
        "person": StringField(lazy_gettext("Name"), [Length(max=120)]),
        "password": PasswordField(
            lazy_gettext("Password"),
            [Optional()],
            description=lazy_gettext(
                "At least 10 characters; the user can change it. Empty: it stays as it is."
            ),
        ),
        "factor_off": BooleanField(
            lazy_gettext("Turn the second factor off"),
            description=lazy_gettext(
                "For somebody who has lost their phone and their recovery codes: the password is"
                " enough again, until they set it up anew. Make sure that it is they who ask."
            ),
        ),
    }
    can_view_details = False
    empty_hint = lazy_gettext("Add the people who may sign in.")

    def __init__(
        self, name: Any = lazy_gettext("Users"), endpoint: str = "members", **kwargs: Any
    ) -> None:
        super().__init__(Membership, name, endpoint=endpoint, **kwargs)

    def create_form(self, obj: Any = None) -> Any:
        """Whoever is new has no second factor."""
        form = super().create_form(obj)
        del form.factor_off
        return form

    def edit_form(self, obj: Any = None) -> Any:
        """The address is what somebody signs in with, and stays."""
        form = super().edit_form(obj)
        del form.email
        if obj is None or not obj.user.tf_primary_method:
            del form.factor_off
        return form

    def on_form_prefill(self, form: Any, id: Any) -> None:
        """Show the user's name."""
        form.person.data = form.person.data or self.get_one(id).user.name

    def on_model_change(self, form: Any, model: Membership, is_created: bool) -> None:
        """Find or make the user; a password is set only for a user who is ours alone."""
        if is_created:
            model.user = self._user(form)
        elif model.user.id == current_member().user.id and model.role != _before(model):
            raise BadInput(gettext("You cannot change your own role; ask another admin."))
        user = model.user
        if form.person.data or form.password.data or _factor_off(form):
            self._change(user, form, is_created)

    def _user(self, form: Any) -> UserRow:
        email = form.email.data.strip().lower()
        user = UserRow.get_or_none(peewee.fn.LOWER(UserRow.email) == email)
        if user is None:
            if not form.password.data:
                sentence = gettext("A new user needs a first password.")
                raise BadInput(sentence, {"password": sentence})
            _check_password(form.password.data)
            return create_user(
                current_app.extensions["users"], email, form.password.data, form.person.data
            )
        if self.rows().where(Membership.user == user).exists():
            sentence = gettext("%(email)s is a user here already.", email=email)
            raise BadInput(sentence, {"email": sentence})
        return user

    def _change(self, user: UserRow, form: Any, is_created: bool) -> None:
        others = Membership.select().where(
            Membership.user == user, Membership.id.not_in(self._ids())
        )
        if others.exists():
            if form.password.data and not is_created:
                sentence = gettext("This user belongs to other accounts too and sets it alone.")
                raise BadInput(sentence, {"password": sentence})
            if _factor_off(form):
                sentence = gettext(
                    "This user belongs to other accounts too: only the operator can turn it off"
                    " (centralino user factor-off)."
                )
                raise BadInput(sentence, {"factor_off": sentence})
            return
        user.name = form.person.data or user.name
        if form.password.data and not is_created:
            _check_password(form.password.data)
            current_app.extensions["users"].set_uniquifier(user)  # ends their sessions
            user.password = hash_password(form.password.data)
        user.save()
        if _factor_off(form):
            turn_factor_off(current_app.extensions["users"], user)

    def _ids(self) -> peewee.ModelSelect:
        return self.rows().select(Membership.id)

    def on_model_delete(self, model: Membership) -> None:
        """Nobody locks themselves out."""
        if model.user_id == current_member().user.id:
            raise BadInput(gettext("You cannot remove yourself; ask another admin."))

    def after_model_delete(self, model: Membership) -> None:
        """A user who belongs nowhere any more is deleted too."""
        if not Membership.select().where(Membership.user == model.user_id).exists():
            UserRow.get_by_id(model.user_id).delete_instance()


class OperatorsView(MembersView):
    """Operators and billers of the installation."""

    roles_view = roles_edit = (OPERATOR,)
    needs_account = False
    category = INSTALLATION
    column_list = ("user", "role")
    form_args = {"role": {"choices": WIDE_ROLES}}

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Operators and billing"), "operators")

    def rows(self) -> peewee.ModelSelect:
        """Those who belong to no account."""
        return Membership.select().where(Membership.account.is_null())

    def fill(self, row: Membership) -> None:
        """They belong to no account."""
        row.account = None


def _factor_off(form: Any) -> bool:
    """Whether the form asks for it; it does not where there is no second factor."""
    return "factor_off" in form and form.factor_off.data


def _before(model: Membership) -> str:
    return Membership.get_by_id(model.id).role


def _check_password(password: str) -> None:
    fault = password_fault(current_app, password)
    if fault:
        raise BadInput(fault, {"password": fault})
