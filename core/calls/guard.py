"""The fraud guard (O8): what may be dialled over the public network, asked before every dialling.

Emergency numbers pass always. Everything else must be a full number of an allowed country, of a
kind that costs what calls usually cost, not a number of the account itself (a loop), and within
the account's caps.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

from core.contract.call import Account
from core.contract.steps import Phone, Target
from core.contract.texts import N_, phrase
from core.store.accounts import AccountRow
from core.store.lines import LineRow
from core.store.snapshot import snapshot

MAX_RINGS = 20
"""So often one call may ring somebody: the hop counter."""

DEAR = {
    PhoneNumberType.PREMIUM_RATE: N_("a premium-rate number"),
    PhoneNumberType.SHARED_COST: N_("a shared-cost number"),
    PhoneNumberType.PERSONAL_NUMBER: N_("a personal number billed at special rates"),
    PhoneNumberType.PAGER: N_("a pager"),
}


@dataclass(frozen=True, slots=True)
class DialRules:
    """What an account may dial: countries, calls at a time, calls a day, and its own numbers."""

    countries: frozenset[str]
    concurrent: int
    daily: int
    own_numbers: frozenset[str]


@snapshot
def dial_rules(account_id: int) -> DialRules:
    """The account's rules as they stand; without a list only its own country may be dialled."""
    account = AccountRow.get_by_id(account_id)
    listed = account.dial_countries.replace(",", " ").upper().split()
    return DialRules(
        countries=frozenset(listed or [account.country]),
        concurrent=account.dial_concurrent,
        daily=account.dial_daily,
        own_numbers=frozenset(line.number for line in LineRow.of(account_id)),
    )


def refusal(account: Account, target: Target, caps_reached: str = "") -> str:
    """Why a target may not be dialled, in one sentence; "" when it may.

    Args:
        account: whose call it is.
        target: SIP addresses stay inside and always pass.
        caps_reached: the sentence of a cap that is reached, if one is.
    """
    if not isinstance(target, Phone):
        return ""
    number = target.number
    if is_emergency(number, account.country):
        return ""
    rules = dial_rules(account)
    if number in rules.own_numbers:
        words = N_("%(number)s is a number of this account: the call would come back.")
        return phrase(words, number=number)
    return kind_refusal(number, rules.countries) or caps_reached


@lru_cache(maxsize=20_000)
def kind_refusal(number: str, countries: frozenset[str]) -> str:
    """Why no account with these countries may dial the number; "" when it may."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        words = N_("'%(number)s' is no full number such as +390612345678.")
        return phrase(words, number=number)
    if not phonenumbers.is_valid_number(parsed):
        words = N_("%(number)s does not exist in its country's numbering plan.")
        return phrase(words, number=number)
    country = phonenumbers.region_code_for_number(parsed)
    if country not in countries:
        words = N_("%(number)s is in %(country)s; this account dials %(countries)s only.")
        return phrase(words, number=number, country=country, countries=", ".join(sorted(countries)))
    dear = DEAR.get(phonenumbers.number_type(parsed))
    return phrase(N_("%(number)s is %(dear)s."), number=number, dear=phrase(dear)) if dear else ""


@lru_cache(maxsize=4_000)
def is_emergency(number: str, country: str) -> bool:
    """Whether the number reaches the emergency services of the country; never blocked."""
    return phonenumbers.is_emergency_number(number, country)
