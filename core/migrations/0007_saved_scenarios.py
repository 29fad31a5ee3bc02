"""Saved scenarios."""

from peewee import *
from core.store.table import JsonField


def up(migrator, db):
    class AccountRow(Model):
        class Meta:
            database = db
            table_name = 'accounts'

    class LineRow(Model):
        class Meta:
            database = db
            table_name = 'lines'

    class ScenarioRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        line = ForeignKeyField(LineRow, index=False, on_delete='CASCADE')
        name = CharField(max_length=120)
        script = JsonField()
        outcome = CharField(max_length=20, default='')
        ends = CharField(default='')
        class Meta:
            database = db
            table_name = 'scenarios'
            indexes = ((('line', 'name'), True),)
    db.create_tables([ScenarioRow])


def down(migrator, db):
    class ScenarioRow(Model):
        class Meta:
            database = db
            table_name = 'scenarios'
    db.drop_tables([ScenarioRow])
