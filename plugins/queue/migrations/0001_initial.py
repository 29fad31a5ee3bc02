"""The tables as they were first made."""

from peewee import *


def up(migrator, db):
    class AccountRow(Model):
        class Meta:
            database = db
            table_name = 'accounts'

    class EmployeeRow(Model):
        class Meta:
            database = db
            table_name = 'employees'

    class GroupRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        name = CharField(max_length=80)
        extension = CharField(max_length=4, default='')
        strategy = CharField(max_length=10, default='evenly')
        rings = IntegerField(default=5)
        rounds = IntegerField(default=1)
        wrap_up_seconds = IntegerField(default=0)
        no_answer = CharField(max_length=10, default='voicemail')
        no_answer_employee = ForeignKeyField(EmployeeRow, null=True, on_delete='SET NULL', index=False)
        no_answer_number = CharField(max_length=20, default='')
        class Meta:
            database = db
            table_name = 'queue_groups'
            indexes = ((('account', 'name'), True),)
    db.create_tables([GroupRow])

    class MemberRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        group = ForeignKeyField(GroupRow, on_delete='CASCADE')
        position = IntegerField(default=0)
        employee = ForeignKeyField(EmployeeRow, null=True, on_delete='CASCADE')
        number = CharField(max_length=20, default='')
        class Meta:
            database = db
            table_name = 'queue_members'
            indexes = ((('group', 'employee'), True),)
    db.create_tables([MemberRow])
    db.execute_sql('CREATE UNIQUE INDEX IF NOT EXISTS "queue_groups_extension" ON "queue_groups" ("account_id", "extension") WHERE ("extension" != \'\')')
    db.execute_sql('CREATE UNIQUE INDEX IF NOT EXISTS "queue_members_number" ON "queue_members" ("group_id", "number") WHERE ("number" != \'\')')


def down(migrator, db):
    migrator.migrate(migrator.drop_table('queue_members'))
    migrator.migrate(migrator.drop_table('queue_groups'))
