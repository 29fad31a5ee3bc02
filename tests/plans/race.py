"""Sixteen processes race for the last units of a month: ``python -m tests.plans.race URL REPEATS``.

A program of its own, because it forks and kills: every racer has its own connection, takes calls
that another racer takes too, gives some back, and some are killed with SIGKILL, from outside at any
moment or by themselves in the middle of a transaction. A watcher reads ledger and counter in one
statement, over and over. Afterwards holds that the dead left are settled by evidence, and later
calls go on asking. Prints one JSON object per repeat.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from datetime import UTC, datetime

from core.contract.call import Account
from core.plans.quota.units import Quota
from core.plans.tables import TABLES
from core.store.accounts import AccountRow
from core.store.database import Store
from core.store.people import UserRow

QUOTA = "recording.monthly_calls"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMIT = 100
SPENT = 60
RACERS = 16
CALLS = 80
KILLED_FROM_OUTSIDE = 5

SAMPLE = """
SELECT c.used, c.held,
       (SELECT COUNT(*) FROM quota_holds h WHERE h.counter_id = c.id AND status = 'committed'),
       (SELECT COUNT(*) FROM quota_holds h
        WHERE h.counter_id = c.id AND status IN ('held', 'started'))
FROM quota_counters c WHERE c.account_id = ?
"""


def has_sound(call_id: int) -> bool:
    """The evidence: every fifth recording is empty."""
    return call_id % 5 != 0


class Racer:
    """One process: handles its calls as the engine would, duplicates included."""

    def __init__(self, url: str, account: Account, number: int, seed: str) -> None:
        self.store = Store(url)
        self.quota = Quota(self.store)
        self.account = account
        self.random = random.Random(f"{seed}/{number}")
        mine = [call for call in range(SPENT, SPENT + CALLS) if number in owners(call)]
        self.calls = self.random.sample(mine, len(mine))
        self.suicidal = number % 8 == 0

    def run(self) -> None:
        with self.store.connection():
            for call_id in self.calls:
                self.handle(call_id)

    def handle(self, call_id: int) -> None:
        started = self.random.random() < 0.8
        with self.store.transaction():
            allowed = self.quota.take(self.account, LIMIT, QUOTA, call_id, NOW).allowed
            if self.suicidal and self.random.random() < 0.2:
                os.kill(os.getpid(), signal.SIGKILL)
            if allowed and started:
                self.quota.start(self.account, QUOTA, call_id, NOW)
        if self.random.random() < 0.3:
            with self.store.transaction():
                self.quota.take(self.account, LIMIT, QUOTA, call_id, NOW)
        if allowed and self.random.random() < 0.7:
            settle = self.quota.commit if has_sound(call_id) else self.quota.release
            settle(self.account, QUOTA, call_id, NOW)


def owners(call_id: int) -> set[int]:
    """The two racers that a call's event is delivered to."""
    return {call_id % RACERS, (call_id * 7 + 3) % RACERS}


def watch(url: str, account: Account, pipe: int) -> None:
    """Sample until told to stop; report what was never allowed to be seen."""
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    store = Store(url)
    seen, wrong = set(), []
    samples = 0
    with store.connection():
        while not stopped:
            used, held, committed, open_holds = store.row(SAMPLE, (account.id,))
            samples += 1
            seen.add(used + held)
            if used + held > LIMIT or (used, held) != (committed, open_holds):
                wrong.append((used, held, committed, open_holds))
            time.sleep(0.001)
    os.write(pipe, json.dumps([samples, max(seen), wrong[:5]]).encode())


def forked(work) -> int:
    """Run a function in a new process."""
    process = os.fork()
    if process:
        return process
    try:
        work()
        os._exit(0)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)


def race(url: str, seed: str) -> dict:
    """One repeat, from a month with 60 units used to a settled one."""
    store = Store(url)
    with store.connection():
        row = AccountRow.create(name=f"Race {seed}", plan="free", created_at=NOW)
        account = row.picture()
        spend(Quota(store), account, range(SPENT))
    store.database.close_all()  # a connection must not be shared with a fork
    readable, writable = os.pipe()
    watcher = forked(lambda: watch(url, account, writable))
    racers = [forked(Racer(url, account, number, seed).run) for number in range(RACERS)]
    chance = random.Random(seed)
    for victim in chance.sample(racers, KILLED_FROM_OUTSIDE):
        time.sleep(chance.uniform(0.002, 0.03))
        os.kill(victim, signal.SIGKILL)
    endings = [os.waitpid(racer, 0)[1] for racer in racers]
    with store.connection():
        left = settle(Quota(store), account)
        later = spend(Quota(store), account, range(1000, 1000 + 2 * LIMIT))
        final = [int(one) for one in store.row(SAMPLE, (account.id,))]
        warnings = store.rows(
            "SELECT percent, COUNT(*) FROM quota_warnings WHERE account_id = ?"
            " GROUP BY percent ORDER BY percent",
            (account.id,),
        )
    os.kill(watcher, signal.SIGTERM)
    os.waitpid(watcher, 0)
    samples, most, wrong = json.loads(os.read(readable, 65536))
    os.close(readable)
    os.close(writable)
    store.database.close_all()
    return {
        "seed": seed,
        "failed": sum(os.WIFEXITED(one) and os.WEXITSTATUS(one) != 0 for one in endings),
        "killed": sum(os.WIFSIGNALED(one) for one in endings),
        "left_by_the_dead": left,
        "granted_later": later,
        "samples": samples,
        "most_at_any_moment": most,
        "wrong_samples": wrong,
        "final": final,
        "warnings": [list(one) for one in warnings],
    }


def spend(quota: Quota, account: Account, calls: range) -> int:
    """Take, start and commit for each call until a unit is denied; returns how many were used."""
    for done, call_id in enumerate(calls):
        with quota.store.transaction():
            if not quota.take(account, LIMIT, QUOTA, call_id, NOW).allowed:
                return done
            quota.start(account, QUOTA, call_id, NOW)
            quota.commit(account, QUOTA, call_id, NOW)
    return len(calls)


def settle(quota: Quota, account: Account) -> int:
    """What the settling job does: holds by status and evidence; returns how many."""
    later = NOW.replace(hour=23)
    stale = [one for one in quota.stale_holds(later) if one.account_id == account.id]
    for hold in stale:
        sound = hold.status == "started" and has_sound(hold.call_id)
        done = (quota.commit if sound else quota.release)(account, QUOTA, hold.call_id, later)
        assert done
    return len(stale)


def main(url: str, repeats: int) -> None:
    """Make the tables, run the repeats, print what happened."""
    store = Store(url)
    store.database.bind([AccountRow, UserRow, *TABLES])
    with store.connection():
        store.database.create_tables([AccountRow, UserRow, *TABLES])
    store.database.close_all()
    for _ in range(repeats):
        print(json.dumps(race(url, f"{random.SystemRandom().getrandbits(32):08x}")), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
