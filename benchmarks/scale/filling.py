"""Fills a database: a few companies that are called, and any number of others with their calls."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.installation import make_account
from benchmarks.scale.plugins import PLAN
from core.api import save_profile
from core.store.database import Store
from core.store.lines import GatewayRow, LineRow
from core.store.people import EmployeeRow
from plugins.queue.models import GroupRow, MemberRow

CALLED = 10
"""How many accounts are called by the benchmark; every tenth stored call is theirs."""

NUMBERS = (
    "WITH RECURSIVE numbers (n) AS (SELECT {0} UNION ALL SELECT n + 1 FROM numbers WHERE n < {1})"
)

OTHERS = (
    "INSERT INTO accounts (id, name, plan, timezone, country, language, backup_number,"
    " dial_countries, dial_concurrent, dial_daily, version, created_at)"
    " SELECT n, 'Account ' || n, '{plan}', 'Europe/Rome', 'IT', 'en', '', '', 4, 200, 1,"
    " '2026-01-01 00:00:00' FROM numbers",
    "INSERT INTO gateways (id, account_id, kind, provider, name, ref, secret, public_url, api_url,"
    " api_secret) SELECT n, n, 'twiml', 'twilio', 'Twilio', 'AC' || n, 'secret',"
    " 'https://calls.example', '', '' FROM numbers",
    "INSERT INTO lines (id, account_id, gateway_id, number, name, kind, timezone, backup_number)"
    " SELECT n, n, n, '+3906' || printf('%08d', n), 'Main', 'rented', '', '' FROM numbers",
)

_ACCOUNT = "(CASE WHEN n % 10 = 0 THEN n / 10 % {called} ELSE n % {accounts} END + 1)"

CALLS = (
    "INSERT INTO calls (id, account_id, line_id, gateway_id, ref, token, caller, called, direction,"
    " started_at, answered_at, ended_at, outcome, client_name, talk_seconds, version, state)"
    f" SELECT n, {_ACCOUNT}, {_ACCOUNT}, {_ACCOUNT}, 'CA' || printf('%032x', n),"
    " 'token' || printf('%019d', n), '+39333' || printf('%07d', n % 5000000), '+390600000001',"
    " 'incoming', datetime('2026-11-01', '-' || (n % 2000000) || ' seconds'), NULL,"
    " datetime('2026-11-01', '-' || (n % 2000000) || ' seconds'), 'answered', '', 42, 5,"
    ' \'{{"revision":1,"plan":"measured","stage":[70,"queue"],"number":2,"sent":1,"rings":1}}\''
    " FROM numbers",
    "INSERT INTO call_events (account_id, call_id, key, at, answer, trace)"
    f" SELECT {_ACCOUNT}, n, 'arrived', '2026-11-01 00:00:00', '<Response/>', '[]' FROM numbers",
    "INSERT INTO call_legs (account_id, call_id, number, target, employee, address, outside,"
    " started_at, ended_at, ring)"
    f" SELECT {_ACCOUNT}, n, 1, 'employee:1', 1, 'one@pbx.example', 0, '2026-11-01 00:00:00',"
    " '2026-11-01 00:00:42', 'answered' FROM numbers",
)


@dataclass(frozen=True, slots=True)
class Called:
    """A company that is called."""

    gateway: int
    number: str


def fill(store: Store, accounts: int, calls: int) -> list[Called]:
    """Write everything, in one transaction.

    Args:
        store: an open, empty database.
        accounts: how many there shall be in all.
        calls: how many stored calls.
    """
    with store.transaction():
        called = [_company(place) for place in range(1, CALLED + 1)]
        numbers = {"plan": PLAN, "called": CALLED, "accounts": accounts}
        if accounts > CALLED:
            for statement in OTHERS:
                _send(store, statement, CALLED + 1, accounts, numbers)
        for statement in CALLS:
            _send(store, statement, 1, calls, numbers)
    store.execute("ANALYZE")
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return called


def _send(store: Store, statement: str, first: int, last: int, values: dict) -> None:
    store.execute(f"{NUMBERS.format(first, last)} {statement.format(**values)}")


def _company(place: int) -> Called:
    account = make_account(place, PLAN)
    gateway = GatewayRow.create(
        account=account, kind="twiml", provider="twilio", name="Twilio", ref=f"AC{place}"
    )
    line = LineRow.create(account=account, gateway=gateway, number=f"+3906{place:08}")
    group = GroupRow.create(account=account, name="Sales")
    for position in range(3):
        sip = f"employee{position}@pbx-{place}.example"
        employee = EmployeeRow.create(account=account, name=f"Employee {position}", sip=sip)
        MemberRow.create(account=account, group=group, position=position, employee=employee)
    save_profile(line, "queue", values={"group": f"queue:{group.id}"})
    return Called(gateway.id, line.number)
