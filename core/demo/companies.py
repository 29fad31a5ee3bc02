"""Makes a small company for a plan: account, gateway, numbers, employees and users."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from random import Random

from core.contract.call import LineKind
from core.contract.plugin import Offer
from core.demo.people import CITIES, mobile_number, names, office_number
from core.demo.users import DemoUsers
from core.plans.file.plan import Plan
from core.registry import Registry
from core.store.accounts import AccountRow
from core.store.lines import GatewayRow, LineRow
from core.store.people import EmployeeRow

NAMES = (
    "Panificio Rossi",
    "Studio Bianchi",
    "Officine Verdi",
    "Hotel Adriatico",
    "Gruppo Tirreno",
    "Libreria Aurora",
    "Cantine Colli",
)
DEPARTMENTS = ("Sales", "Sales", "Support", "Administration", "Support", "Sales", "Warehouse")
FEWEST, MOST = 4, 8
"""Employees of the first and of a later company."""


@dataclass(frozen=True, slots=True)
class Company:
    """What a demo company is made of: what ``demo_company_created`` is given as ``company``.

    ``lines`` are its numbers, the main one first, the PBX last; ``employees`` have extensions.
    ``offers`` are the destinations that plugins offer; those of later stages are made first, so
    that a menu can lead to a group.
    """

    account: AccountRow
    lines: tuple[LineRow, ...]
    employees: tuple[EmployeeRow, ...]
    offers: tuple[Offer, ...] = ()

    @property
    def rented(self) -> tuple[LineRow, ...]:
        """The rented numbers: those clients know."""
        return tuple(line for line in self.lines if line.kind == LineKind.RENTED)


def make_company(
    place: int, plan: Plan, registry: Registry, random: Random, now: datetime
) -> Company:
    """Write a company without calls.

    Args:
        place: of the plan in the plan file; later companies are larger.
        plan: what the company subscribes to.
        registry: says which gateways there are.
        random: the source of chance.
        now: when the demo is made.
    """
    account = AccountRow.create(
        name=_name(place),
        plan=plan.key,
        timezone="Europe/Rome",
        country="IT",
        language="en",
        backup_number=mobile_number(random),
        created_at=now,
    )
    gateway = _gateway(account, place, registry)
    lines = [_rented(account, gateway, place, number) for number in range(min(place + 1, 2))]
    lines.append(_pbx(account, gateway, place, len(lines)))
    return Company(account, tuple(lines), _employees(account, place, random))


def make_users(users: DemoUsers, company: Company) -> None:
    """An admin, a supervisor and an agent, who is the company's first employee."""
    account = company.account
    site = account.plan.replace("_", "-")
    users.add(f"admin@{site}", "Admin", "admin", account)
    users.add(f"supervisor@{site}", "Supervisor", "supervisor", account)
    agent = company.employees[0]
    agent.user = users.add(f"agent@{site}", agent.name, "agent", account)
    agent.save()


def _name(place: int) -> str:
    again = place // len(NAMES)
    return NAMES[place % len(NAMES)] + (f" {again + 1}" if again else "")


def _gateway(account: AccountRow, place: int, registry: Registry) -> GatewayRow | None:
    kind = next((kind for kind in registry.gateways.values() if kind.providers), None)
    if kind is None:
        return None
    provider, title = kind.providers[place % len(kind.providers)]
    return GatewayRow.create(
        account=account,
        kind=kind.name,
        provider=provider,
        name=title,
        ref=f"demo-{account.id}",
        secret=secrets.token_hex(16),
        public_url=f"https://calls-{account.id}.example",
    )


def _rented(account: AccountRow, gateway: GatewayRow | None, place: int, line: int) -> LineRow:
    city = CITIES[place % len(CITIES)][0]
    return LineRow.create(
        account=account,
        gateway=gateway,
        number=office_number(place, line),
        name=f"{city} office" if line == 0 else "Advertising",
        kind=LineKind.RENTED,
    )


def _pbx(account: AccountRow, gateway: GatewayRow | None, place: int, line: int) -> LineRow:
    return LineRow.create(
        account=account,
        gateway=gateway,
        number=office_number(place, line),
        name="Office PBX",
        kind=LineKind.SIP_PBX,
    )


def _employees(account: AccountRow, place: int, random: Random) -> tuple[EmployeeRow, ...]:
    count = min(FEWEST + place, MOST)
    return tuple(
        _employee(account, name, number, on_the_road=number == 3, random=random)
        for number, name in enumerate(names(random, count))
    )


def _employee(
    account: AccountRow, name: str, number: int, *, on_the_road: bool, random: Random
) -> EmployeeRow:
    """One employee; somebody on the road has a mobile and no telephone on the desk."""
    user = name.lower().replace(" ", ".")
    return EmployeeRow.create(
        account=account,
        name=name,
        extension=str(101 + number),
        sip="" if on_the_road else f"{user}@pbx-{account.id}.example",
        mobile=mobile_number(random),
        other_number=mobile_number(random) if number == 0 else "",
        department=DEPARTMENTS[number % len(DEPARTMENTS)],
        available=number != FEWEST,
    )
