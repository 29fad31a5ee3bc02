"""Which countries' public holidays can be chosen."""

from __future__ import annotations

import holidays

from core.api import BadInput


def countries() -> dict[str, list[str]]:
    """ISO codes of the countries that are known, each with the codes of its parts."""
    return {
        country: parts
        for country, parts in holidays.list_supported_countries(include_aliases=False).items()
        if len(country) == 2
    }


def check_part(country: str, part: str) -> str:
    """The code of a country's state, province or canton, as it is stored.

    Raises:
        BadInput: the country has no such part; the sentence says which there are.
    """
    code = part.strip().upper()
    parts = countries().get(country, [])
    if code and code not in parts:
        known = f"use one of {', '.join(parts)}" if parts else "it has none; leave this empty"
        raise BadInput(f"{part!r} is no part of {country or 'a country'}: {known}.")
    return code
