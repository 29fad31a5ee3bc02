"""The CRM's lists and forms: contacts, companies, leads and deals."""

from __future__ import annotations

from typing import Any

from flask import has_request_context
from flask_babel import format_currency
from wtforms import DecimalField
from wtforms.validators import InputRequired, NumberRange

from core import api
from core.api import gettext, lazy_gettext
from plugins.crm.models import CompanyRow, ContactRow, DealRow, LeadRow, PhoneRow, Status
from plugins.crm.pages import CardPage
from plugins.crm.phones import NumbersField

STATUSES = [
    (str(Status.OPEN), lazy_gettext("open")),
    (str(Status.WON), lazy_gettext("won")),
    (str(Status.LOST), lazy_gettext("lost")),
]

NUMBERS = {
    "label": lazy_gettext("Phone numbers"),
    "description": lazy_gettext("One per line. A caller is recognised by them."),
}


BY_NAME = {"fields": ("name",), "placeholder": lazy_gettext("Type a part of the name")}
"""How one of many rows is chosen."""


class CrmView(api.AccountView):
    """What the four lists share: everybody works with them, only managers delete."""

    plugin = "crm"
    category = "CRM"
    roles_view = roles_edit = ("admin", "supervisor", "agent")
    column_labels = {
        "name": lazy_gettext("Name"),
        "title": lazy_gettext("Title"),
        "number": lazy_gettext("Phone number"),
        "numbers": lazy_gettext("Phone numbers"),
        "email": lazy_gettext("E-mail"),
        "contact": lazy_gettext("Contact"),
        "company": lazy_gettext("Company"),
        "amount": lazy_gettext("Amount"),
        "currency": lazy_gettext("Currency"),
        "status": lazy_gettext("Status"),
        "responsible": lazy_gettext("Responsible"),
        "created_at": lazy_gettext("Created"),
    }
    column_choices = {"status": STATUSES}
    column_formatters = {
        "created_at": lambda view, context, row, name: api.instant(row.created_at, "short"),
    }

    @property
    def can_delete(self) -> bool:
        """Agents do not delete clients."""
        member = api.current_member() if has_request_context() else None
        return member is not None and member.has(("admin", "supervisor"))

    def fill(self, row: Any) -> None:
        """A new row has the account, and the instant of its creation."""
        super().fill(row)
        row.created_at = api.now()


def _numbers(view: Any, context: Any, row: Any, name: str) -> str:
    return ", ".join(view.numbers_of(row))


class ReachableView(CrmView):
    """A list of rows with phone numbers."""

    column_formatters = {**CrmView.column_formatters, "numbers": _numbers}
    form_extra_fields = {"numbers": NumbersField(**NUMBERS)}

    def get_list(self, *args: Any, **kwargs: Any) -> Any:
        """One page of the rows, with all their numbers in one more query."""
        count, rows = super().get_list(*args, **kwargs)
        owner = getattr(PhoneRow, self.model.kind)
        phones = PhoneRow.of(api.current_member().account).where(owner.in_(rows))
        for row in rows:
            row.listed = []
        by_id = {row.id: row for row in rows}
        for phone in phones.order_by(PhoneRow.id):
            by_id[getattr(phone, f"{self.model.kind}_id")].listed.append(phone.number)
        return count, rows

    def numbers_of(self, row: Any) -> list[str]:
        """The numbers of a row, of a list or alone."""
        return row.listed if hasattr(row, "listed") else row.numbers


class ContactView(ReachableView):
    """People."""

    column_list = ("name", "company", "numbers", "responsible")
    column_details_list = (*column_list, "email", "created_at")
    column_sortable_list = ("name",)
    column_default_sort = "name"
    column_searchable_list = ("name", "email")
    column_filters = ("responsible",)
    form_columns = ("name", "numbers", "company", "email", "responsible")
    form_ajax_refs = {"company": BY_NAME}
    form_args = {
        "responsible": {
            "description": lazy_gettext(
                "Is offered this contact's calls first. Empty: the company's."
            ),
        },
    }
    empty_text = lazy_gettext("No contacts yet.")
    empty_hint = lazy_gettext(
        "Add the people who call you with their phone numbers: employees then see who is calling,"
        " and their own clients reach them first."
    )


class CompanyView(ReachableView):
    """Companies."""

    column_list = ("name", "numbers", "responsible")
    column_details_list = (*column_list, "created_at")
    column_sortable_list = ("name",)
    column_default_sort = "name"
    column_searchable_list = ("name",)
    column_filters = ("responsible",)
    form_columns = ("name", "numbers", "responsible")
    form_args = {
        "responsible": {"description": lazy_gettext("Is offered the company's calls first.")},
    }
    empty_text = lazy_gettext("No companies yet.")
    empty_hint = lazy_gettext(
        "Add a company with its phone numbers, then choose it on its people's contacts."
    )


class LeadView(CrmView):
    """Those who may become clients."""

    column_list = ("title", "name", "number", "status", "responsible", "created_at")
    column_sortable_list = ("title", "name", "status", "created_at")
    column_default_sort = ("created_at", True)
    column_searchable_list = ("title", "name", "number")
    column_filters = ("status", "responsible")
    form_columns = ("title", "name", "number", "status", "responsible")
    form_args = {
        "status": {"choices": STATUSES},
        "number": {
            "validators": [api.PhoneNumber()],
            "description": lazy_gettext("A number has at most one open lead."),
        },
    }
    empty_text = lazy_gettext("No leads yet.")
    empty_hint = lazy_gettext(
        "Callers who are not in the CRM become leads; a number's card says how."
    )

    def on_model_change(self, form: Any, model: LeadRow, is_created: bool) -> None:
        """A caller has at most one open lead; say which."""
        if not model.number or model.status != Status.OPEN:
            return
        others = LeadRow.of(model.account_id).where(
            LeadRow.number == model.number, LeadRow.status == Status.OPEN, LeadRow.id != model.id
        )
        other = others.first()
        if other is not None:
            sentence = gettext(
                "%(number)s has an open lead already: %(lead)s.",
                number=model.number,
                lead=other.title,
            )
            raise api.BadInput(sentence, {"number": sentence})


class DealView(CrmView):
    """Sales in progress."""

    column_list = (
        "title",
        "contact",
        "company",
        "amount",
        "status",
        "responsible",
        "created_at",
    )
    column_sortable_list = ("title", ("amount", "amount_cents"), "status", "created_at")
    column_default_sort = ("created_at", True)
    column_searchable_list = ("title",)
    column_filters = ("status", "responsible")
    column_formatters = {
        **CrmView.column_formatters,
        "amount": lambda view, context, row, name: format_currency(row.amount, row.currency),
    }
    form_columns = (
        "title",
        "contact",
        "company",
        "amount",
        "currency",
        "status",
        "responsible",
    )
    form_extra_fields = {
        "amount": DecimalField(
            lazy_gettext("Amount"),
            [
                InputRequired(),
                NumberRange(0, 10**12, lazy_gettext("Enter an amount of 0 or more.")),
            ],
            default=0,
            places=2,
        )
    }
    form_ajax_refs = {"contact": BY_NAME, "company": BY_NAME}
    form_args = {
        "status": {"choices": STATUSES},
        "currency": {"filters": [lambda typed: (typed or "").upper()]},
    }
    empty_text = lazy_gettext("No deals yet.")
    empty_hint = lazy_gettext(
        "Add a deal of a contact or a company: its callers are then shown first."
    )

    def on_model_change(self, form: Any, model: DealRow, is_created: bool) -> None:
        """A deal is with somebody, in a currency."""
        if model.contact_id is None and model.company_id is None:
            sentence = gettext("Choose the contact or the company of this deal.")
            raise api.BadInput(sentence, {"contact": sentence})
        if not (len(model.currency) == 3 and model.currency.isalpha() and model.currency.isascii()):
            sentence = gettext(
                "“%(typed)s” is no currency; write three letters such as EUR.",
                typed=model.currency,
            )
            raise api.BadInput(sentence, {"currency": sentence})


def views() -> list[Any]:
    """The pages of this plugin."""
    return [
        CardPage(lazy_gettext("Find a client"), endpoint="crm_card", url="/crm/card"),
        ContactView(ContactRow, lazy_gettext("Contacts"), endpoint="crm_contacts"),
        CompanyView(CompanyRow, lazy_gettext("Companies"), endpoint="crm_companies"),
        LeadView(LeadRow, lazy_gettext("Leads"), endpoint="crm_leads"),
        DealView(DealRow, lazy_gettext("Deals"), endpoint="crm_deals"),
    ]
