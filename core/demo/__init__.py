"""``centralino demo``: a small company for each plan, with a month of calls, for a newcomer to try.

All is invented, the same each time but for secrets. It is written in one transaction: a demo is
there whole, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from math import ceil
from random import Random
from typing import Any

from flask_babel import force_locale
from flask_security.datastore import UserDatastore

from core.contract.call import Account
from core.contract.plugin import Offer
from core.demo.calls import invent
from core.demo.companies import Company, make_company, make_users
from core.demo.exceptions import make_exceptions
from core.demo.people import callers
from core.demo.records import write_calls, write_recordings
from core.demo.traces import Traces
from core.demo.units import Units
from core.demo.users import DEMO_PASSWORD, DemoUsers, demo_users
from core.plans.file.plan import Plan
from core.plans.gate import Grants
from core.plans.periods import month_of
from core.web.access import previewing

__all__ = ["DEMO_PASSWORD", "Company", "build_demo", "demo_users"]

CALLS_A_DAY, BUSIEST_DAY = 8, 36
KNOWN, UNKNOWN = 20, 14
"""How many callers of a company have a name, and how many have none."""


def build_demo(
    centralino: Any, users: UserDatastore, now: datetime, tell: Callable[[str], Any]
) -> None:
    """Fill an empty database. Needs an app context and a connection.

    Args:
        centralino: the installation.
        users: where users are written.
        now: the demo's calls are of the thirty days before.
        tell: takes one line for each company.
    """
    plans = centralino.book.settled().document.plans
    with centralino.store.transaction():
        people = DemoUsers(users, now)
        people.add("operator", "Operator", "operator")
        biller = people.add("billing", "Billing", "billing")
        accounts = []
        for place, plan in enumerate(plans.values()):
            company, told = _build(centralino, people, place, plan, now, tell)
            accounts.append(company.account)
            tell(told)
        make_exceptions(centralino, accounts, biller.email, now)


def _build(
    centralino: Any,
    users: DemoUsers,
    place: int,
    plan: Plan,
    now: datetime,
    tell: Callable[[str], Any],
) -> tuple[Company, str]:
    """One company; returns it, and what was made in a sentence."""
    random = Random(f"demo {place}")
    company = make_company(place, plan, centralino.registry, random, now)
    make_users(users, company)
    calls, recordings = _write_month(centralino, company, place, random, now)
    _fill_plugins(centralino, company, now, tell)
    return company, (
        f"{company.account.name}, plan {plan.title}: {len(company.lines)} numbers,"
        f" {len(company.employees)} employees, {calls} calls, {recordings} recordings."
    )


def _write_month(
    centralino: Any, company: Company, place: int, random: Random, now: datetime
) -> tuple[int, int]:
    """A month of calls; returns how many, and how many recordings and messages."""
    registry, account = centralino.registry, company.account.picture()
    grants = centralino.gate.grants(account, now)
    units = Units(registry, grants, account, centralino.quota)
    per_day = _calls_a_day(place, units.this_month, account.zone, now)
    calls = invent(company, callers(random, KNOWN, UNKNOWN), per_day, random, now)
    units.choose(company, calls, now)
    ids = write_calls(company, calls, grants, units, Traces(registry, grants))
    return len(calls), write_recordings(company, calls, ids, centralino.config.storage, now)


def _calls_a_day(place: int, recordings: int, zone: Any, now: datetime) -> int:
    """How busy a company is on a working day: busy enough for this month's recordings, a third of
    all calls being talks on a rented number."""
    began, _ = month_of(now, zone)
    working_days = max(1, (now - began).days * 5 // 7)
    enough = ceil(3 * recordings / working_days)
    return min(max(CALLS_A_DAY + 2 * place, enough), BUSIEST_DAY)


def _fill_plugins(
    centralino: Any, company: Company, now: datetime, tell: Callable[[str], Any]
) -> None:
    """Have every plugin of the plan fill its tables, from the last stage of routing to the first;
    one that fails leaves nothing behind."""
    grants = centralino.gate.grants(_account(company), now)
    for plugin, fill in reversed(centralino.registry.every("demo_company_created")):
        if plugin not in grants.plugins:
            continue
        try:
            with centralino.store.transaction():
                account = _account(company)
                fill(account, replace(company, offers=_offers(centralino, account, grants)))
        except Exception as error:  # a partner's plugin may raise anything
            tell(f"The plugin {plugin} has no demo: {type(error).__name__}: {error}")


def _account(company: Company) -> Account:
    """The account as it is now: its version grows with all that is made."""
    return company.account.get_by_id(company.account.id).picture()


def _offers(centralino: Any, account: Account, grants: Grants) -> tuple[Offer, ...]:
    """The destinations that there are so far."""
    offering = centralino.registry.implementations("offer_destinations", grants.plugins)
    with previewing(grants), force_locale("en"):  # no request has a reader here
        return tuple(one for _, offer in offering for one in offer(account) or ())
