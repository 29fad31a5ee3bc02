"""Installation keys: a key may belong to no account."""


def up(migrator, db):
    migrator.migrate(migrator.drop_not_null('api_tokens', 'account_id'))


def down(migrator, db):
    # The version before would take such a key for one of an account that is gone.
    db.execute_sql('DELETE FROM api_tokens WHERE account_id IS NULL')
    migrator.migrate(migrator.add_not_null('api_tokens', 'account_id'))
