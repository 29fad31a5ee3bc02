"""Which countries' public holidays can be chosen."""

from __future__ import annotations

import holidays

from core.api import BadInput, gettext


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
        raise BadInput(_no_part(part, country, parts))
    return code


def _no_part(typed: str, country: str, parts: list[str]) -> str:
    words = {"typed": typed, "country": country, "parts": ", ".join(parts)}
    if not country:
        return gettext("'%(typed)s' is no part of a country: leave this empty.", **words)
    if not parts:
        return gettext("'%(typed)s' is no part of %(country)s: it has none.", **words)
    return gettext("'%(typed)s' is no part of %(country)s: use one of %(parts)s.", **words)
