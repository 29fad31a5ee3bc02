"""The numbers of a contact or a company as one form field: one per line, as people type them."""

from __future__ import annotations

import re
from typing import Any

from wtforms import TextAreaField

from core.api import BadInput, current_member, e164


def read_numbers(typed: str, country: str) -> list[str]:
    """Several numbers, one per line or separated by commas, as E.164, each one once.

    Args:
        typed: the text.
        country: ISO code of the country whose numbers need no prefix.

    Raises:
        BadInput: one of them is no number; the sentence names it.
    """
    parts = [part.strip() for part in re.split(r"[,;\n]", typed) if part.strip()]
    return list(dict.fromkeys(e164(part, country) for part in parts))


class NumbersField(TextAreaField):
    """Shows a list of numbers one per line, and reads it back."""

    typed = ""

    def process_formdata(self, values: list[str]) -> None:
        """Read what was typed; a wrong number stays in the field, beside its sentence."""
        self.typed = values[0] if values else ""
        try:
            self.data = read_numbers(self.typed, current_member().account.country)
        except BadInput as error:
            raise ValueError(error.message) from error

    def _value(self) -> Any:
        return self.typed or "\n".join(self.data or ())
