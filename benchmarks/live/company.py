"""The companies that are called: each has one number, with a menu whose recorded prompt is heard.

Besides the trunk that brings their calls to the gateway they have two more, alike in everything:
over one of them native dialplan answers, over the other the script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from benchmarks.installation import SINCE, make_account
from core.api import save_profile
from core.store.accounts import AccountRow
from core.store.lines import GatewayRow, LineRow
from plugins.asterisk.models import ServerRow, TrunkRow
from plugins.crm.models import ContactRow
from plugins.ivr.models import KeyRow, MenuRow
from plugins.melodies import ready
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
"""

CLIENTS = 200
"""People a company knows. Every other call is from one of them."""

PROMPT = ready.key("en", "greeting")
"""A ready sound, longer than the second that callers listen."""


@dataclass(frozen=True, slots=True)
class Company:
    """What the callers' side must know of a company.

    Args:
        number: its number.
        callers: clients and strangers in turn.
        trunks: its trunks, in the order of the addresses they were made for.
    """

    number: str
    callers: tuple[str, ...]
    trunks: tuple[str, ...]


def make_company(place: int, server: ServerRow, addresses: Sequence[str]) -> Company:
    """Write the company number ``place`` into the database that is open.

    Args:
        server: the Asterisk of its trunks.
        addresses: where each of its trunks' calls come from; the last one brings the number's.
    """
    account = make_account(place, PLAN)
    trunks = [_trunk(account, server, address) for address in addresses]
    line = LineRow.create(
        account=account, gateway=trunks[-1].gateway, number=f"+3906{place:08}", name="Main"
    )
    save_profile(line, "workhours", values={"schedule": _always_open(account)})
    save_profile(line, "ivr", values={"menu": _menu(account)})
    strangers = (f"+39344{place:03}{number:04}" for number in range(CLIENTS))
    callers = chain.from_iterable(zip(_clients(account, place), strangers, strict=True))
    return Company(line.number, tuple(callers), tuple(trunk.endpoint for trunk in trunks))


def _trunk(account: AccountRow, server: ServerRow, address: str) -> TrunkRow:
    gateway = GatewayRow.create(account=account, kind="asterisk", provider="", name=address)
    return TrunkRow.create(account=account, gateway=gateway, server=server, host=address)


def _always_open(account: AccountRow) -> str:
    """Working hours that are looked at, and never keep a call out, whenever this runs."""
    schedule = ScheduleRow.create(account=account, name="Around the clock")
    for weekday in range(7):
        HoursRow.create(account=account, schedule=schedule, weekday=weekday, start=0, end=1440)
    return value_of(schedule)


def _menu(account: AccountRow) -> str:
    menu = MenuRow.create(account=account, name="Main menu", prompt="Welcome.", sound=PROMPT)
    KeyRow.create(account=account, menu=menu, key="1", target="repeat")
    return f"ivr:{menu.id}"


def _clients(account: AccountRow, place: int) -> list[str]:
    """People the company knows; returns their numbers."""
    numbers = [f"+39333{place:03}{number:04}" for number in range(CLIENTS)]
    for number in numbers:
        contact = ContactRow(account=account, name=f"Client {number}", created_at=SINCE)
        contact.numbers = [number]
        contact.save()
    return numbers
