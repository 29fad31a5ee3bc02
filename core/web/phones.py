"""Phone numbers as people type them, into the one form in which they are stored: E.164."""

from __future__ import annotations

from typing import Any

import phonenumbers
from flask_babel import gettext
from wtforms.validators import StopValidation

from core.contract.errors import BadInput
from core.web.member import current_member


def e164(text: str, country: str) -> str:
    """Read a phone number.

    Args:
        text: as typed, with spaces, dashes or brackets; "" stays "".
        country: ISO code; whose numbers may be typed without their country code.

    Returns:
        The number as ``+390612345678``.

    Raises:
        BadInput: it is no number that could exist; the sentence shows how to write one.
    """
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number) or number.extension:
        raise BadInput(
            gettext(
                "“%(typed)s” is no complete phone number; write it like %(example)s.",
                typed=text,
                example=_example(country),
            )
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _example(country: str) -> str:
    number = phonenumbers.example_number(country) or phonenumbers.example_number("IT")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


class PhoneNumber:
    """A form validator that leaves the number in E.164."""

    def __call__(self, form: Any, field: Any) -> None:
        """Read the field's number as one of the account's country."""
        account = current_member().account
        try:
            field.data = e164(field.data or "", account.country if account else "")
        except BadInput as error:
            raise StopValidation(error.message) from error
