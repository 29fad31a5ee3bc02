"""The tables as they were first made."""

from peewee import *
from core.store.table import InstantField
from core.store.table import JsonField


def up(migrator, db):
    class AccountRow(Model):
        name = CharField(unique=True, max_length=120)
        plan = CharField(index=True, max_length=60)
        timezone = CharField(max_length=64, default='Europe/Rome')
        country = CharField(max_length=2, default='IT')
        language = CharField(max_length=5, default='en')
        backup_number = CharField(max_length=20, default='')
        dial_countries = CharField(max_length=400, default='')
        dial_concurrent = IntegerField(default=4)
        dial_daily = IntegerField(default=200)
        version = IntegerField(default=1)
        created_at = InstantField()
        class Meta:
            database = db
            table_name = 'accounts'
    db.create_tables([AccountRow])

    class UserRow(Model):
        email = CharField(unique=True)
        name = CharField(max_length=120, default='')
        password = CharField(null=True)
        active = BooleanField(default=True)
        language = CharField(max_length=5, default='')
        fs_uniquifier = CharField(unique=True, max_length=64)
        tf_primary_method = CharField(null=True, max_length=64)
        tf_totp_secret = CharField(null=True)
        mf_recovery_codes = JsonField(null=True)
        confirmed_at = InstantField(null=True)
        created_at = InstantField(null=True)
        class Meta:
            database = db
            table_name = 'users'
    db.create_tables([UserRow])

    class ApiToken(Model):
        user = ForeignKeyField(UserRow, on_delete='CASCADE')
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        name = CharField(max_length=120)
        hashed = CharField(unique=True, max_length=64)
        created_at = InstantField()
        class Meta:
            database = db
            table_name = 'api_tokens'
    db.create_tables([ApiToken])

    class GatewayRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        kind = CharField(max_length=30)
        provider = CharField(max_length=30)
        name = CharField(max_length=120)
        ref = CharField(max_length=120, default='')
        secret = CharField(default='')
        public_url = CharField(default='')
        api_url = CharField(default='')
        api_secret = CharField(default='')
        class Meta:
            database = db
            table_name = 'gateways'
            indexes = ((('account', 'name'), True),)
    db.create_tables([GatewayRow])

    class LineRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        gateway = ForeignKeyField(GatewayRow, null=True, on_delete='SET NULL')
        number = CharField(unique=True, max_length=20)
        name = CharField(max_length=120, default='')
        kind = CharField(max_length=20, default='rented')
        timezone = CharField(max_length=64, default='')
        backup_number = CharField(max_length=20, default='')
        backup_line = ForeignKeyField('self', null=True, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'lines'
    db.create_tables([LineRow])

    class EmployeeRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        user = ForeignKeyField(UserRow, null=True, on_delete='SET NULL')
        name = CharField(max_length=120)
        extension = CharField(max_length=4, default='')
        sip = CharField(default='')
        mobile = CharField(max_length=20, default='')
        other_number = CharField(max_length=20, default='')
        department = CharField(max_length=60, default='')
        available = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'employees'
            indexes = ((('account', 'name'), False),)
    db.create_tables([EmployeeRow])

    class CallRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        line = ForeignKeyField(LineRow, null=True, on_delete='SET NULL')
        gateway = ForeignKeyField(GatewayRow, null=True, on_delete='SET NULL', index=False)
        ref = CharField(max_length=120)
        token = CharField(unique=True, max_length=40)
        caller = CharField(max_length=20)
        called = CharField(max_length=20)
        started_at = InstantField()
        answered_at = InstantField(null=True)
        ended_at = InstantField(null=True)
        outcome = CharField(null=True, max_length=12)
        employee = ForeignKeyField(EmployeeRow, null=True, on_delete='SET NULL')
        client_name = CharField(max_length=200, default='')
        talk_seconds = IntegerField(default=0)
        version = IntegerField(default=1)
        state = TextField()
        class Meta:
            database = db
            table_name = 'calls'
            indexes = ((('gateway', 'ref'), True), (('account', 'started_at'), False), (('account', 'caller', 'started_at'), False))
    db.create_tables([CallRow])

    class CallEventRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        call = ForeignKeyField(CallRow, on_delete='CASCADE', index=False)
        key = CharField(max_length=160)
        at = InstantField()
        answer = TextField()
        trace = JsonField()
        class Meta:
            database = db
            table_name = 'call_events'
            indexes = ((('call', 'key'), True),)
    db.create_tables([CallEventRow])

    class LegRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        call = ForeignKeyField(CallRow, on_delete='CASCADE', index=False)
        number = IntegerField()
        target = CharField(max_length=300)
        employee = IntegerField(null=True)
        address = CharField()
        outside = BooleanField()
        started_at = InstantField()
        answered_at = InstantField(null=True)
        ended_at = InstantField(null=True)
        ring = CharField(null=True, max_length=12)
        class Meta:
            database = db
            table_name = 'call_legs'
            indexes = ((('call', 'number'), True),)
    db.create_tables([LegRow])

    class LineProfile(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        line = ForeignKeyField(LineRow, on_delete='CASCADE')
        plugin = CharField(max_length=60)
        on = BooleanField()
        stored = JsonField(default=dict)
        class Meta:
            database = db
            table_name = 'line_profiles'
            indexes = ((('line', 'plugin'), True),)
    db.create_tables([LineProfile])

    class Membership(Model):
        user = ForeignKeyField(UserRow, on_delete='CASCADE')
        account = ForeignKeyField(AccountRow, null=True, on_delete='CASCADE')
        role = CharField(max_length=20)
        may_listen = BooleanField(default=False)
        may_delete_recordings = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'memberships'
            indexes = ((('user', 'account'), True),)
    db.create_tables([Membership])

    class RecordingRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        call = ForeignKeyField(CallRow, on_delete='CASCADE')
        kind = CharField(max_length=12)
        ref = CharField(max_length=120)
        url = CharField(max_length=500, default='')
        status = CharField(max_length=12)
        channels = IntegerField(default=1)
        seconds = IntegerField(default=0)
        bytes = IntegerField(default=0)
        path = CharField(default='')
        recipient = CharField(max_length=60, default='')
        announced_at = InstantField()
        stored_at = InstantField(null=True)
        try_at = InstantField(null=True)
        tries = IntegerField(default=0)
        heard_at = InstantField(null=True)
        legal_hold = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'recordings'
            indexes = ((('call', 'ref'), True), (('account', 'announced_at'), False))
    db.create_tables([RecordingRow])

    class NoticeRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        call = ForeignKeyField(CallRow, on_delete='CASCADE')
        recording = ForeignKeyField(RecordingRow, null=True, on_delete='CASCADE')
        hook = CharField(max_length=60)
        plugin = CharField(max_length=60)
        at = InstantField(index=True)
        tries = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'notices'
    db.create_tables([NoticeRow])

    class OfferRow(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        target = CharField(max_length=300)
        offered_at = InstantField()
        talked_until = InstantField(null=True)
        class Meta:
            database = db
            table_name = 'offers'
            primary_key = CompositeKey('account', 'target')
    db.create_tables([OfferRow])

    class PlanRevision(Model):
        number = AutoField()
        sha = CharField(unique=True, max_length=64)
        text = TextField()
        source = CharField()
        created_at = InstantField()
        taken_at = InstantField(index=True)
        class Meta:
            database = db
            table_name = 'plan_revisions'
    db.create_tables([PlanRevision])

    class PluginFaultRow(Model):
        account = ForeignKeyField(AccountRow, null=True, on_delete='CASCADE', index=False)
        plugin = CharField(max_length=60)
        hook = CharField(max_length=60)
        call = ForeignKeyField(CallRow, null=True, on_delete='CASCADE')
        at = InstantField()
        text = TextField()
        left_out_until = InstantField(null=True)
        class Meta:
            database = db
            table_name = 'plugin_faults'
            indexes = ((('plugin', 'at'), False),)
    db.create_tables([PluginFaultRow])

    class PluginSwitch(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE')
        plugin = CharField(max_length=60)
        on = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'plugin_switches'
            indexes = ((('account', 'plugin'), True),)
    db.create_tables([PluginSwitch])

    class QuotaCounter(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        feature = CharField(max_length=120)
        period_start = InstantField()
        period_end = InstantField()
        used = IntegerField(default=0)
        held = IntegerField(default=0)
        warned = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'quota_counters'
            indexes = ((('account', 'feature', 'period_start'), True),)
    db.create_tables([QuotaCounter])

    class QuotaHold(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        feature = CharField(max_length=120)
        call_id = BigIntegerField()
        counter = ForeignKeyField(QuotaCounter, null=True, on_delete='CASCADE')
        status = CharField(max_length=10)
        limit_then = IntegerField(null=True)
        used_then = IntegerField(null=True)
        held_then = IntegerField(null=True)
        taken_at = InstantField()
        changed_at = InstantField()
        class Meta:
            database = db
            table_name = 'quota_holds'
            indexes = ((('account', 'feature', 'call_id'), True),)
    db.create_tables([QuotaHold])

    class QuotaWarning(Model):
        account = ForeignKeyField(AccountRow, on_delete='CASCADE', index=False)
        feature = CharField(max_length=120)
        counter = ForeignKeyField(QuotaCounter, on_delete='CASCADE', index=False)
        percent = IntegerField()
        units = IntegerField()
        limit = IntegerField(column_name='limit_then')
        at = InstantField()
        class Meta:
            database = db
            table_name = 'quota_warnings'
            indexes = ((('counter', 'percent'), True), (('account', 'at'), False))
    db.create_tables([QuotaWarning])
    db.execute_sql('CREATE UNIQUE INDEX IF NOT EXISTS "employees_extension" ON "employees" ("account_id", "extension") WHERE ("extension" != \'\')')
    db.execute_sql('CREATE INDEX IF NOT EXISTS "calls_open" ON "calls" ("started_at") WHERE ("outcome" IS NULL)')
    db.execute_sql('CREATE INDEX IF NOT EXISTS "call_legs_outside" ON "call_legs" ("account_id", "started_at") WHERE "outside"')
    db.execute_sql('CREATE INDEX IF NOT EXISTS "call_legs_live" ON "call_legs" ("account_id") WHERE ("ended_at" IS NULL)')
    db.execute_sql('CREATE INDEX IF NOT EXISTS "recordings_to_fetch" ON "recordings" ("try_at") WHERE ("status" = \'announced\')')
    db.execute_sql('CREATE INDEX IF NOT EXISTS "recordings_to_clear" ON "recordings" ("id") WHERE (("status" = \'deleted\') AND ("path" != \'\'))')
    db.execute_sql('CREATE INDEX IF NOT EXISTS "quota_holds_open" ON "quota_holds" ("changed_at") WHERE ("status" IN (\'held\', \'started\'))')


def down(migrator, db):
    migrator.migrate(migrator.drop_table('quota_warnings'))
    migrator.migrate(migrator.drop_table('quota_holds'))
    migrator.migrate(migrator.drop_table('quota_counters'))
    migrator.migrate(migrator.drop_table('plugin_switches'))
    migrator.migrate(migrator.drop_table('plugin_faults'))
    migrator.migrate(migrator.drop_table('plan_revisions'))
    migrator.migrate(migrator.drop_table('offers'))
    migrator.migrate(migrator.drop_table('notices'))
    migrator.migrate(migrator.drop_table('recordings'))
    migrator.migrate(migrator.drop_table('memberships'))
    migrator.migrate(migrator.drop_table('line_profiles'))
    migrator.migrate(migrator.drop_table('call_legs'))
    migrator.migrate(migrator.drop_table('call_events'))
    migrator.migrate(migrator.drop_table('calls'))
    migrator.migrate(migrator.drop_table('employees'))
    migrator.migrate(migrator.drop_table('lines'))
    migrator.migrate(migrator.drop_table('gateways'))
    migrator.migrate(migrator.drop_table('api_tokens'))
    migrator.migrate(migrator.drop_table('users'))
    migrator.migrate(migrator.drop_table('accounts'))
