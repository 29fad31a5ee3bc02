"""Employees' phones are given, taken away and get passwords here, from pages and commands alike."""

from __future__ import annotations

from core.api import Conflict, EmployeeRow, gettext
from plugins.asterisk.changes import By, content, note_removed, note_saved
from plugins.asterisk.models import PhoneRow, ServerRow, phone_digest, phone_name
from plugins.asterisk.service import new_password
from plugins.asterisk.setup import safe


def give_phone(
    employee: EmployeeRow, server: ServerRow, by: By, password: str = ""
) -> tuple[PhoneRow, str]:
    """Give an employee a phone; their SIP address becomes this phone's, unless they have one.

    Args:
        employee: who has none yet.
        server: where it registers.
        by: who gives it.
        password: of their choice; "" for a new one.

    Returns:
        The phone, and its password, which nobody can read again.

    Raises:
        Conflict: they have one.
        BadInput: no phone could sign in with that password.
    """
    if PhoneRow.get_or_none(PhoneRow.employee == employee.id):
        raise Conflict(gettext("%(who)s has a phone already.", who=employee.name))
    password = _password(password)
    phone = PhoneRow(
        account=employee.account_id,
        employee=employee,
        server=server,
        digest=phone_digest(employee.id, password),
        created_at=by.at,
    )
    with PhoneRow._meta.database.atomic():
        phone.save(force_insert=True)
        if not employee.sip:
            employee.sip = address_of(phone)
            employee.save()
        note_saved(by, phone)
    return phone, password


def reset_password(phone: PhoneRow, by: By, password: str = "") -> str:
    """Another password for a phone; the old one holds until the configuration is written again.

    Args:
        phone: whose.
        by: who resets it.
        password: of their choice; "" for a new one.

    Returns:
        The password, which nobody can read again.

    Raises:
        BadInput: no phone could sign in with that password.
    """
    password, before = _password(password), content(phone)
    phone.digest = phone_digest(phone.employee_id, password)
    with PhoneRow._meta.database.atomic():
        phone.save()
        note_saved(by, phone, before)
    return password


def take_phone(phone: PhoneRow, by: By) -> None:
    """Take a phone away, and the SIP address that meant it."""
    employee = phone.employee
    with PhoneRow._meta.database.atomic():
        if employee.sip == address_of(phone):
            employee.sip = ""
            employee.save()
        phone.delete_instance()
        note_removed(by, phone)


def address_of(phone: PhoneRow) -> str:
    """The SIP address of a phone."""
    return f"{phone_name(phone.employee_id)}@{phone.server.sip_host}"


def _password(typed: str) -> str:
    if typed:
        safe.secret(typed)
    return typed or new_password()
