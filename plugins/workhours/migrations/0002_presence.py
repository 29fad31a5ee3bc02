"""The working day: its rules, and who did what when."""

from peewee import *
from core.store.table import InstantField


def up(migrator, db):
    class AccountRow(Model):
        class Meta:
            database = db
            table_name = 'accounts'

    class EmployeeRow(Model):
        class Meta:
            database = db
            table_name = 'employees'

    class DayRulesRow(Model):
        account = ForeignKeyField(AccountRow, unique=True, on_delete='CASCADE')
        on = BooleanField(default=False)
        ends_at = SmallIntegerField(null=True)
        hours = SmallIntegerField(default=12)
        class Meta:
            database = db
            table_name = 'workhours_day_rules'
    db.create_tables([DayRulesRow])

    class SpanRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        employee = ForeignKeyField(EmployeeRow, null=True, on_delete='SET NULL', index=False)
        name = CharField(max_length=120)
        number = IntegerField()
        doing = CharField(max_length=10)
        reason = CharField(max_length=60, default='')
        started_at = InstantField()
        ended_at = InstantField(null=True)
        until = InstantField()
        by = CharField(default='')
        note = CharField(max_length=200, default='')
        ended_by = CharField(default='')
        ended_note = CharField(max_length=200, default='')
        class Meta:
            database = db
            table_name = 'workhours_spans'
            indexes = ((('employee', 'number'), True), (('account', 'started_at'), False))
    db.create_tables([SpanRow])
    db.execute_sql('CREATE UNIQUE INDEX IF NOT EXISTS "workhours_spans_open" ON "workhours_spans" ("account_id", "employee_id") WHERE ("ended_at" IS NULL)')


def down(migrator, db):
    migrator.migrate(migrator.drop_table('workhours_spans'))
    migrator.migrate(migrator.drop_table('workhours_day_rules'))
