"""Counters of a month: the review of a matrix reads those of all accounts."""

def up(migrator, db):
    migrator.migrate(migrator.add_index('quota_counters', ('feature', 'period_end')))


def down(migrator, db):
    migrator.migrate(migrator.drop_index('quota_counters', 'quota_counters_feature_period_end'))
