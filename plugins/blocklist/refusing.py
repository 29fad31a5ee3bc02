"""What must not be blocked by mistake: own numbers, employees' phones, emergency services; and what
is so wide that it has to be meant (R8)."""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers
from babel import Locale
from flask_babel import get_locale

from core.api import Account, LineRow, employees, gettext, own_phones
from plugins.blocklist.patterns import COUNTRY_CODES, countries_of, is_exact, literal, matches

NAMED = 3
"""So many countries are named in a warning."""


def refusal(account: Account, pattern: str) -> str:
    """Why a pattern may not be blocked, in one sentence; "" when it may."""
    if is_exact(pattern) and _emergency(pattern, account.country):
        return gettext("%(number)s reaches the emergency services: it is never blocked.",
                       number=pattern)  # fmt: skip
    for number, who in _own(account):
        if matches(pattern, number):
            return gettext(
                "“%(pattern)s” would block %(number)s: %(who)s. Make it narrower.",
                pattern=pattern,
                number=number,
                who=who,
            )
    return ""


def width(pattern: str) -> str:
    """What a pattern blocks that is so wide that it must be confirmed; "" when it is not."""
    codes = countries_of(pattern)
    if len(codes) == len(COUNTRY_CODES):
        return gettext("every caller")
    names = [_country(code) for code in codes]
    if len(names) > NAMED:
        begin = literal(pattern)
        return gettext("%(count)s countries, all that begin with %(begin)s",
                       count=len(names), begin=begin)  # fmt: skip
    return ", ".join(names)


def _own(account: Account) -> Iterator[tuple[str, str]]:
    for line in LineRow.of(account):
        yield line.number, gettext("a number of your own")
    for one in employees(account).values():
        for phone in own_phones(one):
            yield phone.number, gettext("%(name)s's own phone", name=one.name)


def _emergency(number: str, country: str) -> bool:
    """Also with the country code that people type before it: +39112."""
    code = f"+{phonenumbers.country_code_for_region(country)}"
    return any(
        phonenumbers.is_emergency_number(one, country)
        for one in (number, number.removeprefix(code))
    )


def _country(code: str) -> str:
    region = phonenumbers.region_code_for_country_code(int(code))
    names = Locale.parse(str(get_locale() or "en")).territories
    return f"{names.get(region, region)} (+{code})"
