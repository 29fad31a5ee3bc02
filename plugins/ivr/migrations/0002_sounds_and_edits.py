"""Sounds and edits."""

from peewee import *
from core.store.table import InstantField
from core.store.table import JsonField

def up(migrator, db):
    class AccountRow(Model):
        class Meta:
            database = db
            table_name = 'accounts'

    class EditRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        author = CharField()
        at = InstantField()
        before = JsonField()
        after = JsonField()
        undone = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'ivr_edits'
            indexes = ((('account', 'author'), False),)
    db.create_tables([EditRow])

    migrator.migrate(migrator.add_column('ivr_menus', 'sound', CharField(max_length=120, default='')))
    migrator.migrate(migrator.add_column('ivr_menus', 'no_input_sound', CharField(max_length=120, default='')))
    migrator.migrate(migrator.add_column('ivr_menus', 'invalid_sound', CharField(max_length=120, default='')))
    migrator.migrate(migrator.add_column('ivr_menus', 'no_answer_sound', CharField(max_length=120, default='')))
    migrator.migrate(migrator.add_column('ivr_keys', 'sound', CharField(max_length=120, default='')))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('ivr_keys', 'sound'))
    migrator.migrate(migrator.drop_column('ivr_menus', 'no_answer_sound'))
    migrator.migrate(migrator.drop_column('ivr_menus', 'invalid_sound'))
    migrator.migrate(migrator.drop_column('ivr_menus', 'no_input_sound'))
    migrator.migrate(migrator.drop_column('ivr_menus', 'sound'))
    migrator.migrate(migrator.drop_table('ivr_edits'))
