"""Calls that employees make, beside those that come in. In one statement, which rewrites no row."""


def up(migrator, db):
    db.execute_sql("""ALTER TABLE "calls" ADD COLUMN "direction" VARCHAR(10) NOT NULL DEFAULT 'incoming'""")


def down(migrator, db):
    db.execute_sql('ALTER TABLE "calls" DROP COLUMN "direction"')
