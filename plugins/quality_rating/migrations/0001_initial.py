"""The tables as they were first made."""

from peewee import *
from core.store.table import InstantField

def up(migrator, db):
    class AccountRow(Model):
        class Meta:
            database = db
            table_name = 'accounts'

    class CallRow(Model):
        class Meta:
            database = db
            table_name = 'calls'

    class EmployeeRow(Model):
        class Meta:
            database = db
            table_name = 'employees'

    class RatingRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        call = ForeignKeyField(CallRow, unique=True, on_delete='CASCADE')
        employee = ForeignKeyField(EmployeeRow, null=True, on_delete='SET NULL')
        caller = CharField(max_length=20)
        at = InstantField()
        rating = SmallIntegerField(null=True)
        class Meta:
            database = db
            table_name = 'quality_rating_ratings'
            indexes = ((('account', 'caller', 'at'), False), (('account', 'at'), False))
    db.create_tables([RatingRow])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('quality_rating_ratings'))
