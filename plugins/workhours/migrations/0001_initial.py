"""The tables as they were first made."""

from peewee import *

def up(migrator, db):
    class AccountRow(Model):
        class Meta:
            database = db
            table_name = 'accounts'

    class ScheduleRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        name = CharField(max_length=120)
        country = CharField(max_length=2, default='')
        subdivision = CharField(max_length=10, default='')
        holiday_prompt = CharField(max_length=1000, default='')
        class Meta:
            database = db
            table_name = 'workhours_schedules'
            indexes = ((('account', 'name'), True),)
    db.create_tables([ScheduleRow])

    class HolidayRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        schedule = ForeignKeyField(ScheduleRow, on_delete='CASCADE')
        name = CharField(max_length=120)
        date = DateField()
        yearly = BooleanField(default=False)
        hours = CharField(max_length=200, default='')
        prompt = CharField(max_length=1000, default='')
        class Meta:
            database = db
            table_name = 'workhours_holidays'
            indexes = ((('schedule', 'date', 'yearly'), True),)
    db.create_tables([HolidayRow])

    class HoursRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        schedule = ForeignKeyField(ScheduleRow, on_delete='CASCADE')
        weekday = IntegerField()
        start = IntegerField()
        end = IntegerField()
        class Meta:
            database = db
            table_name = 'workhours_hours'
            indexes = ((('schedule', 'weekday', 'start'), True),)
    db.create_tables([HoursRow])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('workhours_hours'))
    migrator.migrate(migrator.drop_table('workhours_holidays'))
    migrator.migrate(migrator.drop_table('workhours_schedules'))
