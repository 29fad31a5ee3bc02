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

    class CompanyRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        name = CharField(max_length=200)
        responsible = ForeignKeyField(EmployeeRow, null=True, on_delete='SET NULL')
        created_at = InstantField()
        class Meta:
            database = db
            table_name = 'crm_companies'
            indexes = ((('account', 'name'), False),)
    db.create_tables([CompanyRow])

    class ContactRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        name = CharField(max_length=200)
        company = ForeignKeyField(CompanyRow, null=True, on_delete='SET NULL')
        email = CharField(default='')
        responsible = ForeignKeyField(EmployeeRow, null=True, on_delete='SET NULL')
        created_at = InstantField()
        class Meta:
            database = db
            table_name = 'crm_contacts'
            indexes = ((('account', 'name'), False),)
    db.create_tables([ContactRow])

    class DealRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        title = CharField(max_length=200)
        contact = ForeignKeyField(ContactRow, null=True, on_delete='SET NULL', index=False)
        company = ForeignKeyField(CompanyRow, null=True, on_delete='SET NULL', index=False)
        amount_cents = BigIntegerField(default=0)
        currency = CharField(max_length=3, default='EUR')
        status = CharField(max_length=10, default='open')
        responsible = ForeignKeyField(EmployeeRow, null=True, on_delete='SET NULL')
        created_at = InstantField()
        class Meta:
            database = db
            table_name = 'crm_deals'
            indexes = ((('account', 'created_at'), False), (('contact', 'status'), False), (('company', 'status'), False))
    db.create_tables([DealRow])

    class LeadRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        title = CharField(max_length=200)
        name = CharField(max_length=200, default='')
        number = CharField(max_length=20, default='')
        status = CharField(max_length=10, default='open')
        responsible = ForeignKeyField(EmployeeRow, null=True, on_delete='SET NULL')
        call = ForeignKeyField(CallRow, null=True, on_delete='SET NULL')
        created_at = InstantField()
        class Meta:
            database = db
            table_name = 'crm_leads'
            indexes = ((('account', 'created_at'), False),)
    db.create_tables([LeadRow])

    class PhoneRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        number = CharField(max_length=20)
        contact = ForeignKeyField(ContactRow, null=True, on_delete='CASCADE', index=False)
        company = ForeignKeyField(CompanyRow, null=True, on_delete='CASCADE', index=False)
        class Meta:
            database = db
            table_name = 'crm_phones'
            indexes = ((('account', 'number'), False), (('contact', 'number'), True), (('company', 'number'), True))
    db.create_tables([PhoneRow])
    db.execute_sql('CREATE UNIQUE INDEX IF NOT EXISTS "crm_leads_open_number" ON "crm_leads" ("account_id", "number") WHERE status = \'open\' AND number <> \'\'')


def down(migrator, db):
    migrator.migrate(migrator.drop_table('crm_phones'))
    migrator.migrate(migrator.drop_table('crm_leads'))
    migrator.migrate(migrator.drop_table('crm_deals'))
    migrator.migrate(migrator.drop_table('crm_contacts'))
    migrator.migrate(migrator.drop_table('crm_companies'))
