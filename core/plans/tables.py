"""The tables of plans: revisions of the plan file, and the count of what an account has used."""

from __future__ import annotations

import peewee

from core.store.accounts import AccountRow
from core.store.table import InstantField, Table


class PlanRevision(Table):
    """One good content of the plan file. ``taken_at`` is when it last came into force: a file that
    goes back to an old content takes the old row into force again."""

    number = peewee.AutoField()
    sha = peewee.CharField(64, unique=True)
    text = peewee.TextField()
    source = peewee.CharField(255)
    created_at = InstantField()
    taken_at = InstantField(index=True)

    class Meta:
        """Calls in flight keep the revision they began with, so rows are never deleted."""

        table_name = "plan_revisions"


class QuotaCounter(Table):
    """Units of one feature in one month of one account (plans.md §6).

    Neither plan nor limit is in the key: an upgrade goes on with the same count. ``used`` counts
    committed units, ``held`` those of holds not yet settled; ``warned`` is the highest percent
    warned of. The month is the half-open interval from ``period_start`` to ``period_end``.
    """

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    feature = peewee.CharField(120)
    period_start = InstantField()
    period_end = InstantField()
    used = peewee.IntegerField(default=0)
    held = peewee.IntegerField(default=0)
    warned = peewee.IntegerField(default=0)

    class Meta:
        """One count per account, feature and month."""

        table_name = "quota_counters"
        indexes = ((("account", "feature", "period_start"), True),)


class QuotaHold(Table):
    """The ledger: one unit, taken by one call.

    ``status``: ``held``, then ``started``, then ``committed``; or ``released`` from one of the
    first two. ``limit_then``, ``used_then`` and ``held_then`` are the first decision, which a
    repeated event gets again; with ``counter`` they are empty only inside the transaction that
    takes the unit. ``call_id`` is no foreign key: calls live a floor above, and a call
    that is deleted must not give its unit back.
    """

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    feature = peewee.CharField(120)
    call_id = peewee.BigIntegerField()
    counter = peewee.ForeignKeyField(QuotaCounter, null=True, on_delete="CASCADE")
    status = peewee.CharField(10)
    limit_then = peewee.IntegerField(null=True)
    used_then = peewee.IntegerField(null=True)
    held_then = peewee.IntegerField(null=True)
    taken_at = InstantField()
    changed_at = InstantField()

    class Meta:
        """A call takes at most one unit of a feature."""

        table_name = "quota_holds"
        indexes = ((("account", "feature", "call_id"), True),)


QuotaHold.add_index(
    QuotaHold.changed_at,
    where=QuotaHold.status.in_(("held", "started")),
    name="quota_holds_open",
)


class QuotaWarning(Table):
    """A threshold that was reached, written with the unit that reached it."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    feature = peewee.CharField(120)
    counter = peewee.ForeignKeyField(QuotaCounter, on_delete="CASCADE", index=False)
    percent = peewee.IntegerField()
    units = peewee.IntegerField()
    limit = peewee.IntegerField(column_name="limit_then")
    at = InstantField()

    class Meta:
        """Exactly one per threshold and month; an account's newest first."""

        table_name = "quota_warnings"
        indexes = ((("counter", "percent"), True), (("account", "at"), False))


TABLES = (PlanRevision, QuotaCounter, QuotaHold, QuotaWarning)
