"""Calls to a number are found as calls from it; what a gateway should remove is remembered."""

from core.store.table import InstantField


def up(migrator, db):
    db.execute_sql("""CREATE INDEX IF NOT EXISTS "calls_dialled" ON "calls" ("account_id", "called", "started_at") WHERE ("direction" != 'incoming')""")
    migrator.migrate(migrator.add_column("recordings", "discard_at", InstantField(null=True)))
    db.execute_sql('CREATE INDEX IF NOT EXISTS "recordings_to_discard" ON "recordings" ("discard_at") WHERE ("discard_at" IS NOT NULL)')


def down(migrator, db):
    db.execute_sql('DROP INDEX "recordings_to_discard"')
    migrator.migrate(migrator.drop_column("recordings", "discard_at"))
    db.execute_sql('DROP INDEX "calls_dialled"')
