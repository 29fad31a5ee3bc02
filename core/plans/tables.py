"""The tables of plans: revisions and drafts of the matrix, what an account has of its own, and the
count of what it has used."""

from __future__ import annotations

import peewee

from core.store.accounts import AccountRow
from core.store.people import UserRow
from core.store.table import InstantField, JsonField, Table


class PlanRevision(Table):
    """One content of the plan matrix, published or taken from the file; never changed or deleted.

    Numbers follow each other without a gap: whoever publishes enters the number after the newest
    one, so that of two at once the second finds its number taken (compare and swap, plans.md §5).
    ``source`` is ``file``, ``web``, ``command`` or ``api``; ``author`` an e-mail or a name.
    ``start`` says when it is in force: ``now``, ``next-period`` (each account's next calendar
    month after ``counted_from``) or a date such as ``2027-01-01`` (each account's own midnight).
    ``reverts`` is the revision that it goes back to. ``carries`` is the scheduled revision whose
    changes it brings along after something else was published in between.
    """

    number = peewee.IntegerField(primary_key=True)
    sha = peewee.CharField(64, index=True)
    text = peewee.TextField()
    source = peewee.CharField(20)
    author = peewee.CharField(255, default="")
    message = peewee.CharField(500, default="")
    published_at = InstantField()
    start = peewee.CharField(20, default="now")
    counted_from = InstantField()
    reverts = peewee.IntegerField(null=True)
    carries = peewee.IntegerField(null=True)

    class Meta:
        """Calls in flight keep the revision they began with."""

        table_name = "plan_revisions"


class PlanDraft(Table):
    """What one biller is changing and has not published: steps upon a revision, the last undone
    first. ``base`` is the revision whose text the steps change; ``steps`` and ``undone`` hold lists
    of changes (``core.plans.file.changes``), one list per step."""

    user = peewee.ForeignKeyField(UserRow, unique=True, on_delete="CASCADE")
    base = peewee.IntegerField()
    steps = JsonField(default=list)
    undone = JsonField(default=list)
    reverts = peewee.IntegerField(null=True)
    changed_at = InstantField()

    class Meta:
        """One draft per user."""

        table_name = "plan_drafts"


class PlanOverride(Table):
    """An account's own value for one feature (plans.md §1); ended, never changed or deleted, so
    that a call keeps what held when it began.

    It holds from ``from_at`` until ``until`` (None: without end) or ``ended_at``, whichever comes
    first. ``value`` is what a cell of the plan file can say: true, false, a count, ``unlimited``, a
    word; ``warn_at`` the percents of a quota. ``pinned``: kept even where it equals the plan.
    """

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    feature = peewee.CharField(120, index=True)
    value = JsonField()
    warn_at = JsonField(null=True)
    pinned = peewee.BooleanField(default=False)
    reason = peewee.CharField(500)
    author = peewee.CharField(255)
    from_at = InstantField()
    until = InstantField(null=True)
    created_at = InstantField()
    ended_at = InstantField(null=True)

    class Meta:
        """Read whole, per account."""

        table_name = "plan_overrides"


class PlanTrial(Table):
    """A plan until a date (plans.md §1), in the stead of the own one; ended, never deleted."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    plan = peewee.CharField(60, index=True)
    reason = peewee.CharField(500)
    author = peewee.CharField(255)
    from_at = InstantField()
    until = InstantField()
    created_at = InstantField()
    ended_at = InstantField(null=True)

    class Meta:
        """Read whole, per account."""

        table_name = "plan_trials"


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
        """One count per account, feature and month; a review reads a feature's running month of
        all accounts, however many months are behind it."""

        table_name = "quota_counters"
        indexes = (
            (("account", "feature", "period_start"), True),
            (("feature", "period_end"), False),
        )


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


TABLES = (
    PlanRevision,
    PlanDraft,
    PlanOverride,
    PlanTrial,
    QuotaCounter,
    QuotaHold,
    QuotaWarning,
)
