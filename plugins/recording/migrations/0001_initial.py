"""The tables as they were first made."""

from peewee import *

def up(migrator, db):
    class AccountRow(Model):
        class Meta:
            database = db
            table_name = 'accounts'

    class RetentionRow(Model):
        account = ForeignKeyField(AccountRow, unique=True, on_delete='CASCADE')
        days = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'recording_retention'
    db.create_tables([RetentionRow])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('recording_retention'))
