"""Plans published."""

from peewee import *
from core.store.table import InstantField
from core.store.table import JsonField


def up(migrator, db):
    class AccountRow(Model):
        class Meta:
            database = db
            table_name = 'accounts'

    class UserRow(Model):
        class Meta:
            database = db
            table_name = 'users'

    class AuditEntry(Model):
        at = InstantField(index=True)
        author = CharField()
        action = CharField(max_length=60)
        account_id = IntegerField(null=True)
        account_name = CharField(max_length=120, default='')
        subject = CharField()
        ref = CharField(max_length=60, default='')
        before = JsonField(null=True)
        after = JsonField(null=True)
        message = CharField(max_length=500, default='')
        undoes = IntegerField(unique=True, null=True)
        class Meta:
            database = db
            table_name = 'audit_entries'
            indexes = ((('account_id', 'at'), False), (('action', 'at'), False))
    db.create_tables([AuditEntry])

    class PlanDraft(Model):
        user = ForeignKeyField(UserRow, unique=True, on_delete='CASCADE')
        base = IntegerField()
        steps = JsonField(default=list)
        undone = JsonField(default=list)
        reverts = IntegerField(null=True)
        changed_at = InstantField()
        class Meta:
            database = db
            table_name = 'plan_drafts'
    db.create_tables([PlanDraft])

    class PlanOverride(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        feature = CharField(index=True, max_length=120)
        value = JsonField()
        warn_at = JsonField(null=True)
        pinned = BooleanField(default=False)
        reason = CharField(max_length=500)
        author = CharField()
        from_at = InstantField()
        until = InstantField(null=True)
        created_at = InstantField()
        ended_at = InstantField(null=True)
        class Meta:
            database = db
            table_name = 'plan_overrides'
    db.create_tables([PlanOverride])

    class PlanTrial(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        plan = CharField(index=True, max_length=60)
        reason = CharField(max_length=500)
        author = CharField()
        from_at = InstantField()
        until = InstantField()
        created_at = InstantField()
        ended_at = InstantField(null=True)
        class Meta:
            database = db
            table_name = 'plan_trials'
    db.create_tables([PlanTrial])

    old = db.execute_sql(
        'SELECT number, sha, text, created_at, taken_at FROM plan_revisions ORDER BY number'
    ).fetchall()
    db.execute_sql('DROP TABLE plan_revisions')

    class PlanRevision(Model):
        number = IntegerField(primary_key=True)
        sha = CharField(index=True, max_length=64)
        text = TextField()
        source = CharField(max_length=20)
        author = CharField(default='')
        message = CharField(max_length=500, default='')
        published_at = InstantField()
        start = CharField(max_length=20, default='now')
        counted_from = InstantField()
        reverts = IntegerField(null=True)
        carries = IntegerField(null=True)
        class Meta:
            database = db
            table_name = 'plan_revisions'
    db.create_tables([PlanRevision])

    # A file that went back to an old content used to bring its old row into force again; now the
    # newest number is in force, so such a content is entered once more.
    newest = max(old, key=lambda row: (str(row[4]), row[0]), default=None)
    if newest is not None and newest[0] != old[-1][0]:
        old.append((old[-1][0] + 1, newest[1], newest[2], newest[4], newest[4]))
    mark = db.param
    for number, sha, text, created_at, _ in old:
        db.execute_sql(
            'INSERT INTO plan_revisions (number, sha, text, source, author, message,'
            ' published_at, start, counted_from)'
            f" VALUES ({mark}, {mark}, {mark}, 'file', '', '', {mark}, 'now', {mark})",
            (number, sha, text, created_at, created_at),
        )


def down(migrator, db):
    raise NotImplementedError('Authors and messages of revisions would be lost; restore a backup.')
