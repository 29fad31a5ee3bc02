"""Waiting and overflow."""

from peewee import *

def up(migrator, db):
    class GroupRow(Model):
        class Meta:
            database = db
            table_name = 'queue_groups'

    migrator.migrate(migrator.add_column('queue_groups', 'no_answer_group_id', ForeignKeyField(GroupRow, field=GroupRow.id, null=True, on_delete='SET NULL', index=False)))
    migrator.migrate(migrator.add_column('queue_groups', 'wait_minutes', IntegerField(default=10)))
    migrator.migrate(migrator.add_column('queue_groups', 'after_wait', CharField(max_length=10, default='voicemail')))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('queue_groups', 'after_wait'))
    migrator.migrate(migrator.drop_column('queue_groups', 'wait_minutes'))
    migrator.migrate(migrator.drop_column('queue_groups', 'no_answer_group_id'))
