"""The card of a call (C1): who it is, their open deals, the last calls, all matches if several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.api import N_, Account, Call, CallRow, Direction, Panel, employees, gettext
from plugins.crm.leads import OFFERED, may_become_lead
from plugins.crm.matches import Kind, Match, find_matches
from plugins.crm.models import DealRow, PhoneRow, Status

LAST_CALLS = 10
"""How many recent calls a card shows."""

KIND_TITLES = {
    Kind.CONTACT: N_("contact"),
    Kind.COMPANY: N_("company"),
    Kind.LEAD: N_("lead"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one number: matches, best first; open deals; last calls, newest first."""

    number: str
    matches: list[Match]
    deals: list[DealRow]
    calls: list[CallRow]

    @property
    def total(self) -> int:
        """How many matches there are, also those that are not listed."""
        return self.matches[0].total if self.matches else 0


def build(account: Account, number: str) -> Card:
    """Everything the CRM knows of a number in an account; of "" (withheld) nothing."""
    matches = find_matches(account.id, number)
    calls = _last_calls(account, number, matches) if number else []
    return Card(number, matches, _open_deals(account, matches), calls)


def offers_lead(number: str, matches: list[Match], settings: Any) -> bool:
    """Whether the card offers to create a lead (C2): asked for, unknown, and not an exception."""
    return settings.leads == OFFERED and not matches and may_become_lead(number, settings)


def panels(call: Call, settings: Any) -> list[Panel]:
    """The box on the page of a call, with the way to the card."""
    if call.client is not None and call.client.source != "crm":
        return []  # another CRM knows this client, and says so itself
    number = call.client_number
    if call.direction is Direction.INTERNAL:
        return []
    matches = find_matches(call.account.id, number)
    values = {"call": call.id, "offers_lead": offers_lead(number, matches, settings)}
    rows = tuple(_rows(call, matches))
    return [Panel(N_("Client"), rows, "crm/panel.html" if number else "", values)]


def _rows(call: Call, matches: list[Match]) -> list[tuple[str, str]]:
    if call.anonymous:
        return [(N_("Client"), gettext("The caller withheld the number."))]
    if not matches:
        sentence = gettext("%(number)s is not in the CRM.", number=call.client_number)
        return [(N_("Client"), sentence)]
    best = matches[0]
    rows = [(N_("Client"), f"{best.name} ({gettext(KIND_TITLES[best.kind])})")]
    responsible = employees(call.account).get(best.responsible)
    rows.append((N_("Responsible"), responsible.name if responsible else gettext("nobody")))
    if best.total > 1:
        sentence = gettext("%(count)s have this number", count=best.total)
        rows.append((N_("Matches"), sentence))
    return rows


def _ids(matches: list[Match], kind: Kind) -> list[int]:
    return [match.id for match in matches if match.kind is kind]


def _open_deals(account: Account, matches: list[Match]) -> list[DealRow]:
    contacts, companies = _ids(matches, Kind.CONTACT), _ids(matches, Kind.COMPANY)
    if not contacts and not companies:
        return []
    theirs = DealRow.contact.in_(contacts) | DealRow.company.in_(companies)
    found = DealRow.of(account).where(theirs, DealRow.status == Status.OPEN)
    return list(found.order_by(DealRow.created_at.desc()))


def _last_calls(account: Account, number: str, matches: list[Match]) -> list[CallRow]:
    """Calls from this number and from the other numbers of the best match."""
    numbers = [number]
    if matches and matches[0].kind in (Kind.CONTACT, Kind.COMPANY):
        owner = PhoneRow.contact if matches[0].kind is Kind.CONTACT else PhoneRow.company
        phones = PhoneRow.of(account).where(owner == matches[0].id)
        numbers += [phone.number for phone in phones if phone.number != number]
    found = CallRow.of(account).where(CallRow.caller.in_(numbers))
    return list(found.order_by(CallRow.started_at.desc()).limit(LAST_CALLS))
