"""Believable clients for a demo company: the people who called it, their companies and deals.

The same account and calls give the same clients.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle

from core.api import Account, CallRow, Outcome, employees
from plugins.crm.leads import title
from plugins.crm.models import CompanyRow, ContactRow, DealRow, LeadRow, Status

COMPANIES = ("Studio Ferri", "Edilnova", "Officine Moretti", "Caffè Aurora", "Trattoria da Piero")
PEOPLE = (
    "Giulia Ferri",
    "Marco De Santis",
    "Elena Moretti",
    "Luca Aurora",
    "Piero Galli",
    "Sara Conti",
    "Paolo Rinaldi",
    "Chiara Greco",
    "Davide Lombardi",
    "Francesca Villa",
    "Andrea Serra",
    "Martina Costa",
)
DEALS = (
    ("Yearly maintenance", 240_000, Status.OPEN),
    ("Office renovation", 1_850_000, Status.OPEN),
    ("Spare parts", 64_050, Status.WON),
    ("New counter", 390_000, Status.OPEN),
    ("Catering, spring", 118_000, Status.LOST),
    ("Second site", 720_000, Status.OPEN),
)
LEAD_STATUSES = (Status.OPEN, Status.OPEN, Status.LOST, Status.OPEN, Status.WON)
"""Most leads wait to be called back, some came to an end."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A number that called the demo company: its name, if the call had one, and the last call."""

    number: str
    name: str
    last: CallRow


def fill(account: Account) -> None:
    """Give the account contacts, companies, leads and deals around its past calls."""
    callers = _callers(account)
    if not callers:
        return
    since = min(caller.last.started_at for caller in callers) - timedelta(days=90)
    team = cycle([*employees(account), None])
    known, unknown = _split(callers)
    companies = [_company(account, name, since, next(team)) for name in COMPANIES]
    contacts = [
        _contact(account, caller, PEOPLE[place % len(PEOPLE)], companies, place, since, next(team))
        for place, caller in enumerate(known)
    ]
    for caller, status in zip(unknown, cycle(LEAD_STATUSES), strict=False):
        _lead(account, caller, status, next(team))
    for place, (deal, cents, status) in enumerate(DEALS):
        _deal(account, deal, cents, status, contacts[place % len(contacts)], since)


def _callers(account: Account) -> list[Caller]:
    """Who called, the most frequent first."""
    calls: dict[str, list[CallRow]] = {}
    for call in CallRow.of(account).where(CallRow.caller != "").order_by(CallRow.started_at):
        calls.setdefault(call.caller, []).append(call)
    often = sorted(calls.items(), key=lambda one: (-len(one[1]), one[0]))
    return [Caller(number, _name(theirs), theirs[-1]) for number, theirs in often]


def _name(calls: list[CallRow]) -> str:
    return next((call.client_name for call in calls if call.client_name), "")


def _split(callers: list[Caller]) -> tuple[list[Caller], list[Caller]]:
    """The known and the unknown: by the names of their calls; without any, the more frequent
    half is known."""
    known = [caller for caller in callers if caller.name]
    if known:
        return known, [caller for caller in callers if not caller.name]
    half = (len(callers) + 1) // 2
    return callers[:half], callers[half:]


def _company(account: Account, name: str, since: datetime, employee: int | None) -> CompanyRow:
    return CompanyRow.create(account=account.id, name=name, responsible=employee, created_at=since)


def _contact(
    account: Account,
    caller: Caller,
    name: str,
    companies: list[CompanyRow],
    place: int,
    since: datetime,
    employee: int | None,
) -> ContactRow:
    name = caller.name or name
    return ContactRow.create(
        account=account.id,
        name=name,
        company=companies[place % len(companies)] if place % 3 else None,
        numbers=[caller.number],
        email=name.lower().replace(" ", ".") + "@example.com",
        responsible=employee,
        created_at=since + timedelta(days=place),
    )


def _lead(account: Account, caller: Caller, status: Status, employee: int | None) -> None:
    outcome = Outcome(caller.last.outcome) if caller.last.outcome else None
    LeadRow.create(
        account=account.id,
        title=title(outcome, caller.number),
        number=caller.number,
        status=status,
        responsible=employee,
        call=caller.last,
        created_at=caller.last.started_at,
    )


def _deal(
    account: Account, name: str, cents: int, status: Status, contact: ContactRow, since: datetime
) -> None:
    DealRow.create(
        account=account.id,
        title=name,
        contact=contact,
        company=contact.company_id,
        amount_cents=cents,
        status=status,
        responsible=contact.responsible_id,
        created_at=since + timedelta(days=30),
    )
