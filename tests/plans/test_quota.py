"""Quota units: taken once per call, settled once, counted by the account's own month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from core.contract.call import Account
from core.plans.decision import Decision, Reason
from core.plans.quota.units import Quota
from core.plans.tables import QuotaCounter, QuotaHold, QuotaWarning
from core.store.accounts import AccountRow
from core.store.database import Store
from tests.plans.conftest import NOON, QUOTA, make_account


def take(quota: Quota, account: Account, call_id: int, limit=100, at: datetime = NOON) -> Decision:
    with quota.store.connection(), quota.store.transaction():
        return quota.take(account, limit, QUOTA, call_id, at)


def spend(quota: Quota, account: Account, call_id: int, limit=100, at: datetime = NOON) -> None:
    assert take(quota, account, call_id, limit, at).allowed
    assert quota.start(account, QUOTA, call_id, at)
    assert quota.commit(account, QUOTA, call_id, at)


def take_and_roll_back(quota: Quota, account: Account) -> None:
    with quota.store.connection(), quota.store.transaction() as transaction:
        assert quota.take(account, 1, QUOTA, 1, NOON).allowed
        transaction.rollback()


def numbers(decision: Decision) -> tuple:
    return decision.used, decision.held, decision.remaining


def settled(store: Store) -> bool:
    """Whether the ledger says what the counters say."""
    with store.connection():
        ledger = store.row(
            "SELECT COALESCE(SUM(CASE WHEN status = 'committed' THEN 1 ELSE 0 END), 0),"
            " COALESCE(SUM(CASE WHEN status IN ('held', 'started') THEN 1 ELSE 0 END), 0)"
            " FROM quota_holds"
        )
        counters = store.row(
            "SELECT COALESCE(SUM(used), 0), COALESCE(SUM(held), 0) FROM quota_counters"
        )
    return tuple(map(int, ledger)) == tuple(map(int, counters))


def test_a_unit_goes_from_held_to_used(store):
    quota, account = Quota(store), make_account(store)
    decision = take(quota, account, 1)
    assert (decision.allowed, decision.reason, decision.limit) == (True, Reason.OK, 100)
    assert numbers(decision) == (0, 1, 99)
    assert quota.start(account, QUOTA, 1, NOON)
    assert numbers(quota.balance(account, QUOTA, 100, NOON)) == (0, 1, 99)
    assert quota.commit(account, QUOTA, 1, NOON)
    assert numbers(quota.balance(account, QUOTA, 100, NOON)) == (1, 0, 99)
    assert settled(store)


def test_the_month_ends_at_the_accounts_own_midnight(store):
    quota, account = Quota(store), make_account(store, timezone="America/New_York")
    assert take(quota, account, 1).resets_at.isoformat() == "2026-12-01T00:00:00-05:00"


def test_a_repeated_take_gets_its_first_decision_again(store):
    quota, account = Quota(store), make_account(store)
    first = take(quota, account, 1)
    spend(quota, account, 2)
    assert take(quota, account, 1) == first
    assert take(quota, account, 1, at=NOON + timedelta(days=90)) == first
    assert numbers(quota.balance(account, QUOTA, 100, NOON)) == (1, 1, 98)
    assert settled(store)


def test_a_repeated_take_of_the_last_unit_is_still_granted(store):
    quota, account = Quota(store), make_account(store)
    first = take(quota, account, 1, limit=1)
    assert take(quota, account, 2, limit=1).reason is Reason.QUOTA_HELD
    assert take(quota, account, 1, limit=1) == first


def test_a_repeated_take_after_release_takes_nothing_and_may_not_start(store):
    quota, account = Quota(store), make_account(store)
    first = take(quota, account, 1)
    assert quota.release(account, QUOTA, 1, NOON)
    assert take(quota, account, 1) == first
    assert not quota.start(account, QUOTA, 1, NOON)
    assert numbers(quota.balance(account, QUOTA, 100, NOON)) == (0, 0, 100)


def test_each_move_is_idempotent_and_legal_from_the_right_status_only(store):
    quota, account = Quota(store), make_account(store)
    assert not quota.start(account, QUOTA, 1, NOON)
    assert not quota.commit(account, QUOTA, 1, NOON)
    assert not quota.release(account, QUOTA, 1, NOON)
    take(quota, account, 1)
    assert not quota.commit(account, QUOTA, 1, NOON)
    assert quota.start(account, QUOTA, 1, NOON)
    assert quota.start(account, QUOTA, 1, NOON)
    assert quota.commit(account, QUOTA, 1, NOON)
    assert quota.commit(account, QUOTA, 1, NOON)
    assert quota.start(account, QUOTA, 1, NOON)
    assert not quota.release(account, QUOTA, 1, NOON)
    assert numbers(quota.balance(account, QUOTA, 100, NOON)) == (1, 0, 99)
    take(quota, account, 2)
    assert quota.start(account, QUOTA, 2, NOON)
    assert quota.release(account, QUOTA, 2, NOON)
    assert quota.release(account, QUOTA, 2, NOON)
    assert not quota.commit(account, QUOTA, 2, NOON)
    assert settled(store)


def test_denied_while_units_are_held_says_try_again(store):
    quota, account = Quota(store), make_account(store)
    spend(quota, account, 1, limit=2)
    take(quota, account, 2, limit=2)
    denied = take(quota, account, 3, limit=2)
    assert (denied.allowed, denied.reason) == (False, Reason.QUOTA_HELD)
    assert numbers(denied) == (1, 1, 0)
    assert quota.balance(account, QUOTA, 2, NOON).reason is Reason.QUOTA_HELD


def test_denied_when_all_are_used_says_exhausted(store):
    quota, account = Quota(store), make_account(store)
    spend(quota, account, 1, limit=1)
    denied = take(quota, account, 2, limit=1)
    assert (denied.allowed, denied.reason) == (False, Reason.QUOTA_EXHAUSTED)
    assert quota.balance(account, QUOTA, 1, NOON).reason is Reason.QUOTA_EXHAUSTED


def test_a_limit_of_zero_grants_nothing_and_writes_nothing(store):
    quota, account = Quota(store), make_account(store)
    assert take(quota, account, 1, limit=0).reason is Reason.QUOTA_EXHAUSTED
    with store.connection():
        assert QuotaCounter.select().count() == 0


def test_a_denial_leaves_nothing_behind_and_may_be_asked_again(store):
    quota, account = Quota(store), make_account(store)
    take(quota, account, 1, limit=1)
    assert not take(quota, account, 2, limit=1).allowed
    with store.connection():
        assert QuotaHold.select().count() == 1
    quota.release(account, QUOTA, 1, NOON)
    assert take(quota, account, 2, limit=1).allowed


def test_a_rolled_back_transaction_takes_nothing(store):
    quota, account = Quota(store), make_account(store)
    take_and_roll_back(quota, account)
    with store.connection():
        assert QuotaHold.select().count() == QuotaCounter.select().count() == 0
    assert take(quota, account, 2, limit=1).allowed


def test_take_outside_a_transaction_is_refused(store):
    account = make_account(store)
    with store.connection(), pytest.raises(RuntimeError, match="transaction"):
        Quota(store).take(account, 1, QUOTA, 1, NOON)


def test_unlimited_is_counted_too(store):
    quota, account = Quota(store), make_account(store)
    for call_id in (1, 2):
        decision = take(quota, account, call_id, limit=None)
        assert (decision.allowed, decision.reason) == (True, Reason.UNLIMITED)
    assert (decision.value, decision.limit, decision.remaining) == ("unlimited", None, None)
    assert numbers(quota.balance(account, QUOTA, "unlimited", NOON)) == (0, 2, None)
    assert QuotaWarning.select().count() == 0


def test_a_decision_that_says_no_takes_nothing(store):
    account = make_account(store)
    no = Decision(QUOTA, False, Reason.PLUGIN_OFF, value=100, limit=100)
    assert take(Quota(store), account, 1, limit=no) is no
    assert not Quota(store).start(account, QUOTA, 1, NOON)


def test_an_upgrade_and_a_downgrade_keep_the_count(store):
    quota, account = Quota(store), make_account(store)
    for call_id in range(3):
        spend(quota, account, call_id, limit=3)
    assert not take(quota, account, 10, limit=3).allowed
    assert numbers(take(quota, account, 10, limit=5)) == (3, 1, 1)
    assert take(quota, account, 11, limit=None).allowed
    assert take(quota, account, 12, limit=2).reason is Reason.QUOTA_EXHAUSTED


def test_accounts_do_not_share_a_count(store):
    quota, one, other = Quota(store), make_account(store), make_account(store)
    take(quota, one, 1, limit=1)
    assert take(quota, other, 1, limit=1).allowed
    assert not quota.release(make_account(store), QUOTA, 1, NOON)


def test_stale_holds_are_those_unchanged_since(store):
    quota, account = Quota(store), make_account(store)
    for call_id in (1, 2, 3, 4):
        take(quota, account, call_id)
    quota.start(account, QUOTA, 2, NOON)
    quota.release(account, QUOTA, 3, NOON)
    quota.start(account, QUOTA, 4, NOON + timedelta(hours=2))
    stale = quota.stale_holds(NOON + timedelta(hours=1))
    assert [(one.account_id, one.call_id, one.status) for one in stale] == [
        (account.id, 1, "held"),
        (account.id, 2, "started"),
    ]
    assert stale[0].taken_at == stale[0].changed_at == NOON
    assert len(quota.stale_holds(NOON + timedelta(hours=1), most=1)) == 1


# --- Warnings ---------------------------------------------------------------------------------


def warnings(account: Account) -> list[tuple[int, int, int]]:
    rows = QuotaWarning.of(account).order_by(QuotaWarning.id)
    return [(row.percent, row.units, row.limit) for row in rows]


def test_each_threshold_warns_once_a_month(store):
    quota, account = Quota(store), make_account(store)
    for call_id in range(10):
        take(quota, account, call_id, limit=10)
    quota.release(account, QUOTA, 9, NOON)
    take(quota, account, 10, limit=10)
    assert warnings(account) == [(80, 8, 10), (100, 10, 10)]
    take(quota, account, 11, limit=10, at=NOON + timedelta(days=30))
    assert len(warnings(account)) == 2


def test_the_plan_names_the_thresholds(store):
    quota, account = Quota(store), make_account(store)
    plan = Decision(QUOTA, True, Reason.OK, value=3, limit=3, warn_at=(50,))
    for call_id in range(3):
        take(quota, account, call_id, limit=plan)
    assert warnings(account) == [(50, 2, 3)]


def test_a_shrunken_limit_warns_of_all_it_passed(store):
    quota, account = Quota(store), make_account(store)
    for call_id in range(9):
        take(quota, account, call_id, limit=100)
    assert warnings(account) == []
    take(quota, account, 9, limit=10)
    assert warnings(account) == [(80, 10, 10), (100, 10, 10)]


def test_a_warning_is_rolled_back_with_its_unit(store):
    quota, account = Quota(store), make_account(store)
    take_and_roll_back(quota, account)
    assert warnings(account) == []


# --- Months and zones -------------------------------------------------------------------------


def month_of(account: Account, at: datetime) -> tuple[datetime, datetime]:
    row = QuotaCounter.of(account).where(
        QuotaCounter.period_start <= at, QuotaCounter.period_end > at
    )
    return row.get().period_start, row.get().period_end


def moved(account: Account, timezone: str) -> Account:
    row = AccountRow.get_by_id(account.id)
    row.timezone = timezone
    row.save()
    return row.picture()


@pytest.mark.parametrize(
    ("timezone", "last", "first"),
    [
        ("Europe/Rome", "2026-11-30T22:59:59+00:00", "2026-11-30T23:00:00+00:00"),
        ("America/New_York", "2026-12-01T04:59:59+00:00", "2026-12-01T05:00:00+00:00"),
        ("Pacific/Kiritimati", "2026-11-30T09:59:59+00:00", "2026-11-30T10:00:00+00:00"),
        ("America/St_Johns", "2009-11-01T02:29:59+00:00", "2009-11-01T02:30:00+00:00"),
    ],
)
def test_the_count_begins_anew_at_the_accounts_midnight(store, timezone, last, first):
    quota, account = Quota(store), make_account(store, timezone=timezone)
    before, after = datetime.fromisoformat(last), datetime.fromisoformat(first)
    assert take(quota, account, 1, limit=1, at=before).allowed
    assert not take(quota, account, 2, limit=1, at=before).allowed
    assert take(quota, account, 3, limit=1, at=after).allowed
    assert not take(quota, account, 4, limit=1, at=after).allowed
    assert month_of(account, before)[1] == month_of(account, after)[0] == after


def test_a_unit_belongs_to_the_month_of_its_grant(store):
    quota, account = Quota(store), make_account(store)
    take(quota, account, 1, at=NOON)
    later = NOON + timedelta(days=20)
    quota.start(account, QUOTA, 1, later)
    quota.commit(account, QUOTA, 1, later)
    assert quota.balance(account, QUOTA, 100, NOON).used == 1
    assert quota.balance(account, QUOTA, 100, later).used == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Europe/Rome", "America/New_York"),
        ("America/New_York", "Europe/Rome"),
        ("Pacific/Kiritimati", "Pacific/Niue"),
        ("Pacific/Niue", "Pacific/Kiritimati"),
    ],
)
def test_a_change_of_zone_holds_from_the_next_month_and_never_grants_twice(store, old, new):
    quota, account = Quota(store), make_account(store, timezone=old)
    assert take(quota, account, 0, limit=1, at=NOON).allowed
    account = moved(account, new)
    assert not take(quota, account, 1, limit=1, at=NOON).allowed
    granted = []
    for hour in range(0, 24 * 68, 5):
        at = NOON + timedelta(hours=hour, minutes=30)
        if take(quota, account, 100 + hour, limit=1, at=at).allowed:
            granted.append(at)
    periods = list(QuotaCounter.of(account).order_by(QuotaCounter.period_start))
    assert len(granted) == len(periods) - 1 == 2
    for one, following in pairwise(periods):
        assert one.period_end == following.period_start
    assert periods[-1].period_start.astimezone(account.zone).day == 1
    assert periods[-1].period_start.astimezone(account.zone).hour == 0


def test_a_late_event_never_makes_a_sliver_of_a_month(store):
    quota, account = Quota(store), make_account(store, timezone="America/New_York")
    begun = datetime(2026, 12, 1, 6, tzinfo=UTC)
    assert take(quota, account, 1, limit=1, at=begun).allowed
    account = moved(account, "Europe/Rome")
    late = datetime(2026, 12, 1, 4, tzinfo=UTC)  # December in Rome, before the row that is there
    assert not take(quota, account, 2, limit=1, at=late).allowed
    assert QuotaCounter.of(account).count() == 1


def test_a_late_event_of_an_uncounted_month_gets_a_row_of_its_own(store):
    quota, account = Quota(store), make_account(store)
    december = NOON + timedelta(days=20)
    assert take(quota, account, 1, limit=1, at=december).allowed
    assert take(quota, account, 2, limit=1, at=NOON).allowed
    assert month_of(account, NOON)[1] == month_of(account, december)[0]
