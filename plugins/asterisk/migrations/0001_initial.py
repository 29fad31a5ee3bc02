"""The tables as they were first made."""

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

    class GatewayRow(Model):
        class Meta:
            database = db
            table_name = 'gateways'

    class ServerRow(Model):
        name = CharField(unique=True, max_length=20)
        url = CharField()
        user = CharField(max_length=60)
        secret = CharField()
        sip_host = CharField()
        slots = IntegerField(default=4)
        class Meta:
            database = db
            table_name = 'asterisk_servers'
    db.create_tables([ServerRow])

    class PhoneRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        employee = ForeignKeyField(EmployeeRow, unique=True, on_delete='CASCADE')
        server = ForeignKeyField(ServerRow, on_delete='RESTRICT')
        digest = CharField(max_length=32)
        created_at = InstantField()
        class Meta:
            database = db
            table_name = 'asterisk_phones'
    db.create_tables([PhoneRow])

    class SlotRow(Model):
        server = ForeignKeyField(ServerRow, on_delete='CASCADE', index=False)
        number = IntegerField()
        holder = CharField(max_length=120, default='')
        until = InstantField(null=True)
        class Meta:
            database = db
            table_name = 'asterisk_slots'
            indexes = ((('server', 'number'), True),)
    db.create_tables([SlotRow])

    class TrunkRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        gateway = ForeignKeyField(GatewayRow, unique=True, on_delete='CASCADE')
        server = ForeignKeyField(ServerRow, on_delete='RESTRICT')
        host = CharField()
        user = CharField(max_length=120, default='')
        secret = CharField(default='')
        register = BooleanField(default=False)
        match = CharField(max_length=400, default='')
        plus = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'asterisk_trunks'
    db.create_tables([TrunkRow])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('asterisk_trunks'))
    migrator.migrate(migrator.drop_table('asterisk_slots'))
    migrator.migrate(migrator.drop_table('asterisk_phones'))
    migrator.migrate(migrator.drop_table('asterisk_servers'))
