"""Calls that are still open are found per account: those who wait are served in order (R6)."""


def up(migrator, db):
    db.execute_sql('CREATE INDEX IF NOT EXISTS "calls_open_of_account" ON "calls" ("account_id") WHERE ("outcome" IS NULL)')


def down(migrator, db):
    db.execute_sql('DROP INDEX "calls_open_of_account"')
