"""What must not be blocked by mistake: own numbers, employees' phones, emergency services; and what
is so wide that it has to be meant (R8)."""

from __future__ import annotations

import phonenumbers
from babel import Locale
from flask_babel import get_locale

from core.api import Account, LineRow, employees, gettext, own_phones
from plugins.blocklist.patterns import COUNTRY_CODES, countries_of, is_exact, literal, matches

NAMED = 3
"""So many countries are named in a warning."""


def own_numbers(account: Account) -> dict[str, str]:
    """Whose the account's own phones and numbers are, by number."""
    found = {line.number: gettext("a number of your own") for line in LineRow.of(account)}
    for one in employees(account).values():
        for phone in own_phones(one):
            found[phone.number] = gettext("%(name)s's own phone", name=one.name)
    return found


def refusal(account: Account, number: str, own: dict[str, str] | None = None) -> str:
    """Why a number may not be blocked, in one sentence; "" when it may, and for patterns.

    Args:
        account: whose list.
        number: or a pattern.
        own: ``own_numbers`` of the account, where many numbers are looked at.
    """
    if not is_exact(number):
        return ""
    if _emergency(number, account.country):
        return gettext("%(number)s reaches the emergency services: it is never blocked.",
                       number=number)  # fmt: skip
    who = (own_numbers(account) if own is None else own).get(number)
    if who:
        return gettext("%(number)s is %(who)s: it is never blocked.", number=number, who=who)
    return ""


def width(account: Account, pattern: str, own: dict[str, str] | None = None) -> str:
    """What a pattern blocks that hardly anybody means, and that must be confirmed; "" when there is
    nothing: everybody, whole countries, own numbers. Arguments as of ``refusal``."""
    codes = countries_of(pattern)
    if len(codes) == len(COUNTRY_CODES):
        return gettext("every caller")
    if len(codes) > NAMED:
        return gettext("%(count)s countries, all that begin with %(begin)s",
                       count=len(codes), begin=literal(pattern))  # fmt: skip
    if codes:
        return ", ".join(_country(code) for code in codes)
    if is_exact(pattern):
        return ""
    known = own_numbers(account) if own is None else own
    among = (f"{number} ({who})" for number, who in known.items() if matches(pattern, number))
    return next(among, "")


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
