"""The emergency numbers of a country: what phones reach also when nobody answers for them."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers


@lru_cache(maxsize=300)
def emergency_numbers(country: str) -> tuple[str, ...]:
    """All numbers of two to four digits that reach the emergency services.

    Args:
        country: ISO code.
    """
    return tuple(
        str(number)
        for number in range(10, 10_000)
        if phonenumbers.is_emergency_number(str(number), country)
    )
