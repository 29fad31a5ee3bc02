"""The tables as they were first made."""

from peewee import *
from core.store.table import InstantField


def up(migrator, db):
    class AccountRow(Model):
        class Meta:
            database = db
            table_name = 'accounts'

    class LineRow(Model):
        class Meta:
            database = db
            table_name = 'lines'

    class EntryRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        line = ForeignKeyField(LineRow, null=True, on_delete='CASCADE')
        pattern = CharField(max_length=20)
        prefix = CharField(max_length=20)
        gets = CharField(max_length=10, default='reject')
        message = CharField(max_length=1000, default='')
        reason = CharField(max_length=200, default='')
        until = InstantField(null=True)
        automatic = BooleanField(default=False)
        author = CharField(default='')
        created_at = InstantField()
        hits = IntegerField(default=0)
        last_hit_at = InstantField(null=True)
        class Meta:
            database = db
            table_name = 'blocklist_entries'
            indexes = ((('account', 'prefix'), False), (('account', 'created_at'), False), (('line', 'pattern'), True))
    db.create_tables([EntryRow])

    class AttemptRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        line = ForeignKeyField(LineRow, on_delete='CASCADE')
        caller = CharField(max_length=20)
        at = InstantField()
        class Meta:
            database = db
            table_name = 'blocklist_attempts'
            indexes = ((('account', 'caller', 'at'), False),)
    db.create_tables([AttemptRow])
    db.execute_sql('CREATE UNIQUE INDEX IF NOT EXISTS "blocklist_entries_all_lines" ON "blocklist_entries" ("account_id", "pattern") WHERE ("line_id" IS NULL)')


def down(migrator, db):
    migrator.migrate(migrator.drop_table('blocklist_attempts'))
    migrator.migrate(migrator.drop_table('blocklist_entries'))
