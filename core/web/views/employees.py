"""Employees: the people who can be rung."""

from __future__ import annotations

import re
from typing import Any

import peewee
from flask_babel import gettext, lazy_gettext

from core.contract.errors import BadInput
from core.contract.steps import Destination
from core.store.people import EmployeeRow, Membership, UserRow
from core.web.base_view import AccountView
from core.web.format import phone
from core.web.host import host
from core.web.member import ADMIN, SUPERVISOR, current_member
from core.web.menu import ACCOUNT
from core.web.offers import offers
from core.web.phones import PhoneNumber
from core.web.uses import uses

EXTENSION = re.compile(r"[0-9]{1,4}$")
SIP = re.compile(r"[A-Za-z0-9._~!$&'*+%=-]+@[A-Za-z0-9.-]+(:[0-9]{1,5})?$")


class EmployeesView(AccountView):
    """The employees of the account."""

    roles_view = (ADMIN, SUPERVISOR)
    category = ACCOUNT
    destination = "employee"
    column_list = ("name", "extension", "sip", "mobile", "department", "available")
    column_searchable_list = ("name", "extension", "mobile")
    column_default_sort = "name"
    column_formatters = {
        "mobile": lambda view, context, row, name: phone(row.mobile) if row.mobile else "–"
    }
    column_labels = {
        "name": lazy_gettext("Name"),
        "user": lazy_gettext("Signs in as"),
        "extension": lazy_gettext("Extension"),
        "sip": lazy_gettext("SIP address"),
        "mobile": lazy_gettext("Mobile"),
        "other_number": lazy_gettext("Other number"),
        "department": lazy_gettext("Department"),
        "available": lazy_gettext("Available"),
    }
    form_columns = (
        "name", "extension", "sip", "mobile", "other_number", "department", "user", "available",
    )  # fmt: skip
    form_args = {
        "extension": {
            "description": lazy_gettext("1 to 4 digits; callers and colleagues dial it.")
        },
        "sip": {"description": lazy_gettext("Such as anna@pbx.example.com. Rung first.")},
        "mobile": {
            "description": lazy_gettext("Rung when there is no SIP address."),
            "validators": [PhoneNumber()],
        },
        "other_number": {"validators": [PhoneNumber()]},
        "user": {
            "description": lazy_gettext("Gives them their own page: availability, own calls.")
        },
    }
    empty_text = lazy_gettext("No employees yet.")
    empty_hint = lazy_gettext("Add the people whom calls can reach, each with an extension.")

    def __init__(self) -> None:
        super().__init__(EmployeeRow, lazy_gettext("Employees"), endpoint="employees")

    def choices(self, field: peewee.ForeignKeyField) -> peewee.ModelSelect:
        """Users of this account."""
        account = current_member().account
        return UserRow.select().join(Membership).where(Membership.account == account.id)

    def on_model_change(self, form: Any, model: EmployeeRow, is_created: bool) -> None:
        """Check the extension and the SIP address, naming what was typed."""
        if model.extension:
            _check_extension(model)
        if model.sip and not SIP.match(model.sip):
            _refuse(
                "sip", gettext("“%(typed)s” is no SIP address; write name@host.", typed=model.sip)
            )

    def uses_of(self, row: EmployeeRow) -> list[str]:
        """What leads to the employee or to their own phones."""
        found = super().uses_of(row)
        return found + uses(
            host().registry, current_member().account, Destination("phone", str(row.id))
        )


def _check_extension(employee: EmployeeRow) -> None:
    typed = employee.extension
    if not EXTENSION.match(typed):
        _refuse(
            "extension", gettext("“%(typed)s” is no extension; use 1 to 4 digits.", typed=typed)
        )
    own = f"employee:{employee.id}"
    for offer in offers():
        if offer.extension == typed and offer.value != own:
            sentence = gettext(
                "%(typed)s is the extension of %(other)s already.", typed=typed, other=offer.title
            )
            _refuse("extension", sentence)


def _refuse(field: str, sentence: str) -> None:
    raise BadInput(sentence, {field: sentence})
