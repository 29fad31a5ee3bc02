"""The tables as they were first made."""

from peewee import *

def up(migrator, db):
    class AccountRow(Model):
        class Meta:
            database = db
            table_name = 'accounts'

    class MenuRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        name = CharField(max_length=120)
        prompt = CharField(max_length=1000)
        language = CharField(max_length=10, default='')
        extensions = BooleanField(default=False)
        first_seconds = IntegerField(default=5)
        between_seconds = IntegerField(default=2)
        no_input_retries = IntegerField(default=2)
        no_input_prompt = CharField(max_length=1000, default='We have not heard a key.')
        no_input_to = CharField(max_length=60, default='')
        invalid_retries = IntegerField(default=2)
        invalid_prompt = CharField(max_length=1000, default='This key has no meaning here.')
        invalid_to = CharField(max_length=60, default='')
        no_answer_retries = IntegerField(default=0)
        no_answer_prompt = CharField(max_length=1000, default='Nobody can answer there now. Please choose again.')
        no_answer_to = CharField(max_length=60, default='')
        class Meta:
            database = db
            table_name = 'ivr_menus'
            indexes = ((('account', 'name'), True),)
    db.create_tables([MenuRow])

    class KeyRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        menu = ForeignKeyField(MenuRow, on_delete='CASCADE')
        key = CharField(max_length=1)
        target = CharField(max_length=60)
        text = CharField(max_length=1000, default='')
        class Meta:
            database = db
            table_name = 'ivr_keys'
            indexes = ((('menu', 'key'), True),)
    db.create_tables([KeyRow])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('ivr_keys'))
    migrator.migrate(migrator.drop_table('ivr_menus'))
