"""The tables of the CRM: companies, contacts, their numbers, leads and deals.

Contacts and companies have many numbers, found through ``crm_phones``; a lead has the one number
it came from. Amounts are whole cents.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Any

import peewee

from core.api import AccountRow, CallRow, EmployeeRow, InstantField, Table


class Status(StrEnum):
    """Where a lead or a deal stands; only open ones count for a caller (C1, C2)."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Reachable:
    """Has numbers, which are written together with the row, in one transaction."""

    _numbers: list[str] | None = None

    @property
    def numbers(self) -> list[str]:
        """The numbers, E.164, in the order in which they were added."""
        if self._numbers is not None:
            return self._numbers
        return [phone.number for phone in self.phones.order_by(PhoneRow.id)] if self.id else []

    @numbers.setter
    def numbers(self, numbers: Iterable[str]) -> None:
        self._numbers = list(dict.fromkeys(numbers))

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Write the row, and its numbers if they were set."""
        with self._meta.database.atomic():
            saved = super().save(*args, **kwargs)
            if self._numbers is not None:
                self._write(self._numbers)
        return saved

    def _write(self, numbers: list[str]) -> None:
        have = {phone.number: phone for phone in self.phones}
        for number in have.keys() - set(numbers):
            have[number].delete_instance()
        for number in numbers:
            if number not in have:
                PhoneRow.create(account=self.account_id, number=number, **{self.kind: self})
        self._numbers = None


class CompanyRow(Reachable, Table):
    """A company; ``responsible`` is the employee it belongs to (R5)."""

    kind = "company"

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    name = peewee.CharField(200)
    responsible = peewee.ForeignKeyField(EmployeeRow, null=True, on_delete="SET NULL")
    created_at = InstantField()

    class Meta:
        """Lists are per account, by name."""

        table_name = "crm_companies"
        indexes = ((("account", "name"), False),)

    def __str__(self) -> str:
        return self.name


class ContactRow(Reachable, Table):
    """A person; without a responsible employee of their own they belong to their company's."""

    kind = "contact"

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    name = peewee.CharField(200)
    company = peewee.ForeignKeyField(
        CompanyRow, null=True, on_delete="SET NULL", backref="contacts"
    )
    email = peewee.CharField(255, default="")
    responsible = peewee.ForeignKeyField(EmployeeRow, null=True, on_delete="SET NULL")
    created_at = InstantField()

    class Meta:
        """Lists are per account, by name."""

        table_name = "crm_contacts"
        indexes = ((("account", "name"), False),)

    def __str__(self) -> str:
        return self.name


class PhoneRow(Table):
    """A number (E.164) of a contact or of a company, exactly one of them."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    number = peewee.CharField(20)
    contact = peewee.ForeignKeyField(
        ContactRow, null=True, on_delete="CASCADE", index=False, backref="phones"
    )
    company = peewee.ForeignKeyField(
        CompanyRow, null=True, on_delete="CASCADE", index=False, backref="phones"
    )

    class Meta:
        """A caller is found by account and number; nobody has the same number twice."""

        table_name = "crm_phones"
        indexes = (
            (("account", "number"), False),
            (("contact", "number"), True),
            (("company", "number"), True),
        )

    def __str__(self) -> str:
        return self.number


class LeadRow(Table):
    """Somebody who may become a client. ``call`` is the call it was created from, if any."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    title = peewee.CharField(200)
    name = peewee.CharField(200, default="")
    number = peewee.CharField(20, default="")
    status = peewee.CharField(10, default=Status.OPEN)
    responsible = peewee.ForeignKeyField(EmployeeRow, null=True, on_delete="SET NULL")
    call = peewee.ForeignKeyField(CallRow, null=True, on_delete="SET NULL")
    created_at = InstantField()

    class Meta:
        """Lists are per account, newest first."""

        table_name = "crm_leads"
        indexes = ((("account", "created_at"), False),)

    def __str__(self) -> str:
        return self.title


# At most one open lead per caller (C2), whoever creates it and however many at once. The values
# are written into the index: a database takes no parameters there.
LeadRow.add_index(
    LeadRow.account,
    LeadRow.number,
    unique=True,
    where=peewee.SQL("status = 'open' AND number <> ''"),
    name="crm_leads_open_number",
)


class DealRow(Table):
    """A sale in progress with a contact or a company."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    title = peewee.CharField(200)
    contact = peewee.ForeignKeyField(
        ContactRow, null=True, on_delete="SET NULL", index=False, backref="deals"
    )
    company = peewee.ForeignKeyField(
        CompanyRow, null=True, on_delete="SET NULL", index=False, backref="deals"
    )
    amount_cents = peewee.BigIntegerField(default=0)
    currency = peewee.CharField(3, default="EUR")
    status = peewee.CharField(10, default=Status.OPEN)
    responsible = peewee.ForeignKeyField(EmployeeRow, null=True, on_delete="SET NULL")
    created_at = InstantField()

    class Meta:
        """Lists are per account, newest first; a client's open deals are found by the client."""

        table_name = "crm_deals"
        indexes = (
            (("account", "created_at"), False),
            (("contact", "status"), False),
            (("company", "status"), False),
        )

    @property
    def amount(self) -> Decimal:
        """The amount in whole units of its currency."""
        return Decimal(self.amount_cents) / 100

    @amount.setter
    def amount(self, amount: Decimal | None) -> None:
        self.amount_cents = round((amount or 0) * 100)

    def __str__(self) -> str:
        return self.title


TABLES = (CompanyRow, ContactRow, PhoneRow, LeadRow, DealRow)
