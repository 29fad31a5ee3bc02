"""Fills a database with accounts of all plans, and all that a review looks at."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from benchmarks.review.matrices import PLANS, quotas
from core.registry import Registry
from core.store.database import Store

ACCOUNTS = 100_000
OVERRIDES = 1_000
TRIALS = 500

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
MONTHS = (
    ("2026-09-30 22:00:00", "2026-10-31 23:00:00"),
    ("2026-10-31 23:00:00", "2026-11-30 23:00:00"),
)
"""October and November in Rome."""

COUNTED = 2
"""Of so many quotas every account has a count."""

N = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})"

SOME_PLAN = (
    "CASE WHEN n % 10 < 6 THEN '{}' WHEN n % 10 < 8 THEN '{}' WHEN n % 10 < 9 THEN '{}'"
    " WHEN n % 20 < 10 THEN '{}' ELSE '{}' END"
).format(*PLANS)

ACCOUNT_ROWS = (
    "INSERT INTO accounts (id, name, plan, timezone, country, language, backup_number,"
    " dial_countries, dial_concurrent, dial_daily, version, created_at)"
    f" SELECT n, 'Account ' || n, {SOME_PLAN}, 'Europe/Rome', 'IT', 'en', '', '', 4, 200, 1,"
    " '2026-01-01 00:00:00' FROM numbers"
)

LINES = (
    "INSERT INTO lines (id, account_id, number, name, kind, timezone, backup_number)"
    " SELECT n, (n + 2) / 3, '+39' || (600000000 + n), 'Main', 'rented', '', '' FROM numbers"
)

PROFILES = (
    'INSERT INTO line_profiles (account_id, line_id, plugin, "on", stored)'
    " SELECT (n + 2) / 3, n, '{plugin}', n % 3 <> 1, '{{}}' FROM numbers"
)

COUNTERS = (
    "INSERT INTO quota_counters (account_id, feature, period_start, period_end, used, held, warned)"
    " SELECT n, '{feature}', '{start}', '{end}', n % 60, 0, 0 FROM numbers"
)

GROUPS = (
    "INSERT INTO queue_groups (id, account_id, name, extension, strategy, rings, rounds,"
    " wrap_up_seconds, no_answer, no_answer_number, wait_minutes, after_wait)"
    " SELECT n, n % {accounts} + 1, 'Group ' || n, '', 'evenly', 5, 1, 0, 'voicemail', '', 10,"
    " 'voicemail'"
    " FROM numbers"
)

MEMBERS = (
    "INSERT INTO queue_members (account_id, group_id, position, number)"
    " SELECT g.account_id, g.id, n, '+39' || n FROM numbers"
    " JOIN queue_groups g ON n <= CASE WHEN g.id % 10 = 0 THEN 6 ELSE 3 END"
)

MENUS = (
    "INSERT INTO ivr_menus (id, account_id, name, prompt, sound, language, extensions,"
    " first_seconds, between_seconds, no_input_retries, no_input_prompt, no_input_sound,"
    " no_input_to, invalid_retries, invalid_prompt, invalid_sound, invalid_to, no_answer_retries,"
    " no_answer_prompt, no_answer_sound, no_answer_to)"
    " SELECT n, (n - 1) / 3 * 2 + 1, 'Menu ' || n, 'Press', '', '', 1 = 0, 5, 2, 2, '', '', '', 2,"
    " '', '', '', 0, '', '', '' FROM numbers"
)

KEYS = (
    "INSERT INTO ivr_keys (account_id, menu_id, key, target, text, sound)"
    " SELECT account_id, id, '1', 'ivr:' || (id + 1), '', '' FROM ivr_menus"
    " WHERE id % 3 = 1 OR id % 30 = 2"
)

CALLS = (
    "INSERT INTO calls (account_id, line_id, ref, token, caller, called, direction, started_at,"
    " outcome, client_name, talk_seconds, version, state)"
    " SELECT n, 3 * n, 'ref' || n, 'token' || n, '+393331234567', '+39600000001',"
    " 'incoming', '2026-11-16 08:00:00', CASE WHEN n % 200 = 0 THEN NULL ELSE 'answered' END,"
    " '', 42, 5, '{{}}'"
    " FROM numbers"
)

OVERRIDE = (
    "INSERT INTO plan_overrides (account_id, feature, value, pinned, reason, author, from_at,"
    " created_at) VALUES (?, ?, ?, ?, 'agreed', 'billing', '2026-01-01 00:00:00',"
    " '2026-01-01 00:00:00')"
)

TRIAL = (
    "INSERT INTO plan_trials (account_id, plan, reason, author, from_at, until, created_at)"
    " VALUES (?, ?, 'curious', 'billing', '2026-11-01 00:00:00', '2026-12-01 00:00:00',"
    " '2026-11-01 00:00:00')"
)


def fill(store: Store, registry: Registry, accounts: int = ACCOUNTS) -> None:
    """Write everything, in one transaction.

    Args:
        store: an open database with empty tables.
        registry: the plugins of ``matrices``.
        accounts: how many, an even number; three numbers each, one group or two of three or six
            people, every second one with three menus, some of them in three levels.
    """
    counted = quotas(registry)[:COUNTED]
    with store.transaction():
        _send(store, ACCOUNT_ROWS, accounts)
        _send(store, LINES, 3 * accounts)
        for plugin in list(registry.plugins)[:COUNTED]:
            _send(store, PROFILES.format(plugin=plugin), 3 * accounts)
        for feature in counted:
            for start, end in MONTHS:
                _send(store, COUNTERS.format(feature=feature, start=start, end=end), accounts)
        _send(store, GROUPS.format(accounts=accounts), accounts + accounts // 5)
        _send(store, MEMBERS, 6)
        _send(store, MENUS, 3 * accounts // 2)
        store.execute(KEYS)
        _send(store, CALLS.format(), accounts)
        _exceptions(store, registry)
    store.execute("ANALYZE")


def _send(store: Store, statement: str, last: int) -> None:
    insert, _, select = statement.partition(" SELECT ")
    numbers = N.format(last=last)
    store.execute(f"{insert} {numbers} SELECT {select}")


def _exceptions(store: Store, registry: Registry) -> None:
    features = list(registry.features)
    for place in range(OVERRIDES):
        key = features[place % len(features)]
        kind = registry.features[key].kind
        value = {"switch": True, "choice": "visit"}.get(kind, 75)
        store.execute(OVERRIDE, (1 + 7 * place, key, json.dumps(value), False))
    for place in range(TRIALS):
        store.execute(TRIAL, (2 + 11 * place, PLANS[place % len(PLANS)]))
