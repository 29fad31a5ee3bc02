"""Which numbers may show the caller's number in the place of their own (O6)."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

from core.api import Call, LineKind


def may_show_caller(call: Call) -> bool:
    """Whether the call came in on a rented number that is not toll-free, with its caller's number
    shown: who withheld it is shown to nobody."""
    rented = call.line.kind is LineKind.RENTED
    return rented and not call.anonymous and not toll_free(call.line.number)


@lru_cache(maxsize=4_000)
def toll_free(number: str) -> bool:
    """Whether it costs the caller nothing: it always shows itself (O6)."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False
    return kind == PhoneNumberType.TOLL_FREE
