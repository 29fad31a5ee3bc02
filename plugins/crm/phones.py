"""Numbers as people type them, and the numbers a contact or company is found by.

Everything is stored as E.164 (+390612345678), so that a caller is found by comparing texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import phonenumbers

from core.api import BadInput
from plugins.crm.models import CompanyRow, ContactRow, PhoneRow


def e164(typed: str, country: str) -> str:
    """A typed number as E.164.

    Args:
        typed: such as ``06 1234 5678`` or ``+39 06 1234 5678``.
        country: ISO code of the country whose numbers need no prefix.

    Raises:
        BadInput: no such number can exist.
    """
    try:
        number = phonenumbers.parse(typed, country or None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise BadInput(f"{typed.strip()!r} is no telephone number; write it like +390612345678.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_numbers(typed: str, country: str) -> list[str]:
    """Several numbers, one per line or separated by commas, as E.164, each one once.

    Raises:
        BadInput: one of them is no number.
    """
    parts = [part for part in re.split(r"[,;\n]", typed or "") if part.strip()]
    return list(dict.fromkeys(e164(part, country) for part in parts))


def set_numbers(owner: ContactRow | CompanyRow, numbers: Iterable[str]) -> None:
    """Make these, already E.164, the numbers of a contact or a company."""
    column = "contact" if isinstance(owner, ContactRow) else "company"
    wanted = list(numbers)
    have = {phone.number for phone in owner.phones}
    gone = [number for number in have if number not in wanted]
    if gone:
        mine = PhoneRow.account == owner.account_id, getattr(PhoneRow, column) == owner.id
        PhoneRow.delete().where(*mine, PhoneRow.number.in_(gone)).execute()
    for number in wanted:
        if number not in have:
            PhoneRow.create(account=owner.account_id, number=number, **{column: owner.id})
