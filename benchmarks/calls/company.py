"""Small companies whose calls are measured: each has one number, a menu, a group and clients."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.installation import SINCE, make_account
from core.api import save_profile
from core.store.accounts import AccountRow
from core.store.lines import GatewayRow, LineRow
from core.store.people import EmployeeRow
from plugins.crm.models import ContactRow
from plugins.ivr.models import KeyRow, MenuRow
from plugins.queue.models import GroupRow, MemberRow
from plugins.workhours.models import HoursRow, ScheduleRow
from plugins.workhours.schedules import value_of

PLAN = "measured"

PLANS = f"""
schema: 1
plans:
  {PLAN}:
    title: Measured
    features:
      crm: true
      workhours: true
      ivr: true
      ivr.max_depth: 2
      recording: true
      recording.monthly_calls: 100000000   # never used up, but counted to the unit
      recording.dual_channel: true
      queue.max_groups: 1
      queue.max_members: 3
"""

PUBLIC_URL = "https://calls.example"
SECRET = "f4c1b7e0a9d24c6fb0f3a58d1c2e7a96"
CLIENTS = 200


@dataclass(frozen=True, slots=True)
class Company:
    """What a caller's side must know of a company."""

    account: int
    gateway: int
    ref: str
    number: str
    client: str


def make_company(place: int) -> Company:
    """Write the company number ``place`` into the database that is open."""
    account = make_account(place, PLAN)
    gateway = GatewayRow.create(
        account=account,
        kind="twiml",
        provider="twilio",
        name="Twilio",
        ref=f"AC{place:032x}",
        secret=SECRET,
        public_url=PUBLIC_URL,
    )
    line = LineRow.create(account=account, gateway=gateway, number=f"+3906{place:08}", name="Main")
    group = _group(account, place)
    save_profile(line, "workhours", values={"schedule": _always_open(account)})
    save_profile(line, "queue", values={"group": f"queue:{group.id}"})
    save_profile(line, "recording", values={"record_all": True})
    save_profile(line, "ivr", values={"menu": _menu(account, group)})
    client = _clients(account, place)
    return Company(account.id, gateway.id, gateway.ref, line.number, client)


def _group(account: AccountRow, place: int) -> GroupRow:
    group = GroupRow.create(account=account, name="Sales", extension="200", wrap_up_seconds=0)
    for number in range(3):
        employee = EmployeeRow.create(
            account=account,
            name=f"Employee {number}",
            extension=str(101 + number),
            sip=f"employee{number}@pbx-{place}.example",
        )
        MemberRow.create(account=account, group=group, position=number, employee=employee)
    return group


def _always_open(account: AccountRow) -> str:
    """Working hours that are looked at, and never keep a call out, whenever this runs."""
    schedule = ScheduleRow.create(account=account, name="Around the clock")
    for weekday in range(7):
        HoursRow.create(account=account, schedule=schedule, weekday=weekday, start=0, end=1440)
    return value_of(schedule)


def _menu(account: AccountRow, group: GroupRow) -> str:
    """Two keys, of which one leads to the group."""
    menu = MenuRow.create(
        account=account, name="Main menu", prompt="For sales, press 1. For the office, press 2."
    )
    for key in ("1", "2"):
        KeyRow.create(account=account, menu=menu, key=key, target=f"queue:{group.id}")
    return f"ivr:{menu.id}"


def _clients(account: AccountRow, place: int) -> str:
    """People the company knows; returns the number of one of them."""
    for number in range(CLIENTS):
        contact = ContactRow(account=account, name=f"Client {number}", created_at=SINCE)
        contact.numbers = [f"+39333{place:03}{number:04}"]
        contact.save()
    return f"+39333{place:03}{CLIENTS // 2:04}"
