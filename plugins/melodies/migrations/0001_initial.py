"""Initial."""

from peewee import *
from core.store.table import InstantField

def up(migrator, db):
    class AccountRow(Model):
        class Meta:
            database = db
            table_name = 'accounts'

    class LanguageRow(Model):
        account = ForeignKeyField(AccountRow, unique=True, on_delete='CASCADE')
        language = CharField(max_length=10)
        class Meta:
            database = db
            table_name = 'melodies_languages'
    db.create_tables([LanguageRow])

    class SoundRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        title = CharField(max_length=120)
        text = CharField(max_length=1000, default='')
        digest = CharField(index=True, max_length=64)
        seconds = FloatField()
        added_at = InstantField()
        class Meta:
            database = db
            table_name = 'melodies_sounds'
            indexes = ((('account', 'title'), True),)
    db.create_tables([SoundRow])

    class ToneRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        name = CharField(max_length=20)
        sound = ForeignKeyField(SoundRow, on_delete='CASCADE')
        class Meta:
            database = db
            table_name = 'melodies_tones'
            indexes = ((('account', 'name'), True),)
    db.create_tables([ToneRow])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('melodies_tones'))
    migrator.migrate(migrator.drop_table('melodies_sounds'))
    migrator.migrate(migrator.drop_table('melodies_languages'))
