"""Audit only grows: the database itself refuses to change or delete an entry (S4)."""

from peewee import SqliteDatabase

SENTENCE = 'Entries of the audit are only ever added.'


def up(migrator, db):
    if isinstance(db, SqliteDatabase):
        for event in ('update', 'delete'):
            db.execute_sql(
                f"CREATE TRIGGER audit_entries_{event} BEFORE {event} ON audit_entries"
                f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
        return
    db.execute_sql(
        'CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS'
        f" $$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$"
    )
    db.execute_sql(
        'CREATE TRIGGER audit_entries_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries'
        ' FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_refuse()'
    )


def down(migrator, db):
    if isinstance(db, SqliteDatabase):
        db.execute_sql('DROP TRIGGER audit_entries_update')
        db.execute_sql('DROP TRIGGER audit_entries_delete')
    else:
        db.execute_sql('DROP FUNCTION audit_entries_refuse() CASCADE')
