"""Special dates of every kind, calendars, overrides."""

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

    class ScheduleRow(Model):
        class Meta:
            database = db
            table_name = 'workhours_schedules'

    class CalendarRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        schedule = ForeignKeyField(ScheduleRow, on_delete='CASCADE')
        name = CharField(max_length=120)
        opens = BooleanField(default=False)
        url = CharField(max_length=1000, default='')
        etag = CharField(max_length=300, default='')
        modified = CharField(max_length=100, default='')
        fetched_at = InstantField(null=True)
        due_at = InstantField(index=True)
        fault = CharField(max_length=20, default='')
        fault_detail = CharField(max_length=300, default='')
        fault_since = InstantField(null=True)
        class Meta:
            database = db
            table_name = 'workhours_calendars'
            indexes = ((('schedule', 'name'), True),)
    db.create_tables([CalendarRow])

    class CopyRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        calendar = ForeignKeyField(CalendarRow, unique=True, on_delete='CASCADE')
        text = TextField()
        class Meta:
            database = db
            table_name = 'workhours_copies'
    db.create_tables([CopyRow])

    class EntryRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        calendar = ForeignKeyField(CalendarRow, on_delete='CASCADE')
        name = CharField(max_length=200)
        first = DateField(null=True)
        last = DateField(null=True)
        start = InstantField(null=True)
        end = InstantField(null=True)
        class Meta:
            database = db
            table_name = 'workhours_entries'
    db.create_tables([EntryRow])

    class OverrideRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        schedule = ForeignKeyField(ScheduleRow, null=True, on_delete='CASCADE')
        line = ForeignKeyField(LineRow, null=True, on_delete='CASCADE')
        open = BooleanField()
        ends = CharField(max_length=10)
        at = InstantField()
        until = InstantField(null=True)
        author = CharField()
        reason = CharField(max_length=200)
        ended_at = InstantField(null=True)
        ended_by = CharField(default='')
        class Meta:
            database = db
            table_name = 'workhours_overrides'
            indexes = ((('account', 'at'), False),)
    db.create_tables([OverrideRow])

    migrator.migrate(migrator.drop_index('workhours_holidays', 'holidayrow_schedule_id_date_yearly'))
    migrator.migrate(migrator.drop_not_null('workhours_holidays', 'date'))
    migrator.migrate(migrator.add_column('workhours_holidays', 'kind', CharField(max_length=10, default='date')))
    migrator.migrate(migrator.add_column('workhours_holidays', 'until', DateField(null=True)))
    migrator.migrate(migrator.add_column('workhours_holidays', 'nth', IntegerField(default=1)))
    migrator.migrate(migrator.add_column('workhours_holidays', 'weekday', IntegerField(default=0)))
    migrator.migrate(migrator.add_column('workhours_holidays', 'month', IntegerField(default=0)))
    migrator.migrate(migrator.add_column('workhours_holidays', 'days', IntegerField(default=0)))
    migrator.migrate(migrator.add_column('workhours_holidays', 'church', CharField(max_length=10, default='western')))
    migrator.migrate(migrator.add_column('workhours_holidays', 'outside', CharField(max_length=20, default='')))
    migrator.migrate(migrator.add_column('workhours_holidays', 'destination', CharField(max_length=60, default='')))
    migrator.migrate(migrator.add_index('workhours_holidays', ('schedule_id', 'kind', 'date', 'yearly'), unique=True))


def down(migrator, db):
    db.execute_sql("DELETE FROM workhours_holidays WHERE kind <> 'date'")
    migrator.migrate(migrator.drop_index('workhours_holidays', 'workhours_holidays_schedule_id_kind_date_yearly'))
    migrator.migrate(migrator.drop_column('workhours_holidays', 'destination'))
    migrator.migrate(migrator.drop_column('workhours_holidays', 'outside'))
    migrator.migrate(migrator.drop_column('workhours_holidays', 'church'))
    migrator.migrate(migrator.drop_column('workhours_holidays', 'days'))
    migrator.migrate(migrator.drop_column('workhours_holidays', 'month'))
    migrator.migrate(migrator.drop_column('workhours_holidays', 'weekday'))
    migrator.migrate(migrator.drop_column('workhours_holidays', 'nth'))
    migrator.migrate(migrator.drop_column('workhours_holidays', 'until'))
    migrator.migrate(migrator.drop_column('workhours_holidays', 'kind'))
    migrator.migrate(migrator.add_not_null('workhours_holidays', 'date'))
    migrator.migrate(migrator.add_index('workhours_holidays', ('schedule_id', 'date', 'yearly'), unique=True, name='holidayrow_schedule_id_date_yearly'))
    migrator.migrate(migrator.drop_table('workhours_overrides'))
    migrator.migrate(migrator.drop_table('workhours_entries'))
    migrator.migrate(migrator.drop_table('workhours_copies'))
    migrator.migrate(migrator.drop_table('workhours_calendars'))
