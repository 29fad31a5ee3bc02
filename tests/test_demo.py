"""The demo: believable, harmless, and true to the rules that live calls obey."""

from __future__ import annotations

import io
import wave
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import phonenumbers
import pytest
from flask_login import login_user
from flask_security import verify_password

from core import registry as registries
from core.app import bind, create_app, tables
from core.calls.tables import CallEventRow, CallRow, LegRow, OfferRow, RecordingRow
from core.config import PROJECT, Config
from core.contract.call import Line, LineKind, Outcome
from core.contract.hookspecs import hookimpl
from core.contract.plugin import Plugin
from core.demo import DEMO_PASSWORD, build_demo, demo_users
from core.plans.profile import effective, load_settings
from core.plans.tables import QuotaCounter, QuotaHold, QuotaWarning
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from core.store.database import Store
from core.store.lines import LineProfile, LineRow
from core.store.people import EmployeeRow, Membership, UserRow

FRIDAY_EVENING = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SMALL = 5 * 1024 * 1024


def make_demo(
    folder: Path,
    now: datetime = FRIDAY_EVENING,
    plans: Path = PROJECT / "plans.yaml",
    **extra: Any,
) -> SimpleNamespace:
    """A database with the demo in it, and what the command was told."""
    registry = registries.load(extra=extra)
    config = Config(
        data=folder,
        database=f"sqlite:///{folder / 'demo.db'}",
        plans=plans,
        secret_key="a key for tests",
    )
    store = Store(config.database)
    bind(store, registry)
    with store.connection():
        store.database.create_tables(tables(registry))
    app = create_app(config, registry)
    centralino = app.extensions["centralino"]
    told: list[str] = []
    with app.app_context(), centralino.store.connection():
        build_demo(centralino, app.extensions["users"], now, told.append)
    return SimpleNamespace(app=app, centralino=centralino, told=told, now=now, config=config)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def demo(made):
    """The demo, bound again in case another test bound the tables elsewhere."""
    bind(made.centralino.store, made.centralino.registry)
    with made.app.app_context(), made.centralino.store.connection():
        yield made


def fingerprint() -> list[tuple]:
    """What is invented, without what is secret."""
    calls = CallRow.select().order_by(CallRow.id)
    people = EmployeeRow.select().order_by(EmployeeRow.id)
    return [
        *((call.caller, call.called, call.started_at, call.outcome) for call in calls),
        *((one.name, one.extension, one.sip, one.mobile) for one in people),
    ]


def test_every_plan_has_a_company_with_numbers_and_employees(demo):
    plans = demo.centralino.book.settled().document.plans
    assert [row.plan for row in AccountRow.select().order_by(AccountRow.id)] == list(plans)
    for account in AccountRow.select():
        kinds = Counter(line.kind for line in LineRow.of(account))
        assert kinds["sip-pbx"] == 1
        assert 1 <= kinds["rented"] <= 2
        extensions = [one.extension for one in EmployeeRow.of(account).order_by(EmployeeRow.id)]
        assert extensions == [str(101 + place) for place in range(len(extensions))]
        assert 4 <= len(extensions) <= 8
        assert all(line.gateway.secret for line in LineRow.of(account))
    assert len(demo.told) == len(plans)


def test_no_number_can_belong_to_anybody(demo):
    callers = {call.caller for call in CallRow.select() if call.caller}
    mobiles = {one.mobile for one in EmployeeRow.select()}
    lines = {line.number for line in LineRow.select()}
    backups = {account.backup_number for account in AccountRow.select()}
    for number in callers | mobiles | lines | backups:
        parsed = phonenumbers.parse(number)
        assert phonenumbers.is_valid_number(parsed), number
        assert number.startswith(HARMLESS), number
    assert {len(number) for number in lines} <= set(range(12, 15))


AREA_CODES = ("06", "02", "051", "011", "055", "041", "081")
HARMLESS = (
    "+39395",
    "+493023125",
    "+33199001",
    "+442079460",
    *(f"+39{area}00" for area in AREA_CODES),
)


def test_the_month_looks_like_an_office(demo):
    since = demo.now - timedelta(days=30)
    for account in AccountRow.select():
        calls = list(CallRow.of(account))
        assert {call.outcome for call in calls} == {str(outcome) for outcome in Outcome}
        assert all(since <= call.started_at <= call.ended_at <= demo.now for call in calls)
        local = [call.started_at.astimezone(account.picture().zone) for call in calls]
        weekdays = Counter(at.weekday() < 5 for at in local)
        assert weekdays[True] > 10 * weekdays[False]
        assert any(call.started_at > demo.now - timedelta(hours=4) for call in calls)
        assert any(call.client_name for call in calls)
        assert any(not call.client_name for call in calls)


def test_the_phones_of_a_call_fit_its_outcome(demo):
    legs: dict[int, list[LegRow]] = {}
    for leg in LegRow.select().order_by(LegRow.number):
        legs.setdefault(leg.call_id, []).append(leg)
    for call in CallRow.select():
        rung = legs.get(call.id, [])
        answered = [leg for leg in rung if leg.answered_at]
        talked = call.outcome in (Outcome.ANSWERED, Outcome.FORWARDED)
        assert len(answered) == talked
        assert all(call.started_at < leg.started_at < leg.ended_at for leg in rung)
        if talked:
            assert answered[0].employee == call.employee_id
            assert answered[0].answered_at == call.answered_at
            length = call.ended_at - call.answered_at
            assert length == timedelta(seconds=call.talk_seconds)
        else:
            assert call.answered_at is None
            assert call.talk_seconds == 0
        if call.outcome == Outcome.ABANDONED:
            assert not rung


def test_fairness_starts_from_the_last_offers(demo):
    for account in AccountRow.select():
        offers = {row.target: row for row in OfferRow.of(account)}
        latest = LegRow.of(account).order_by(LegRow.started_at.desc()).first()
        assert offers[latest.target].offered_at == CallRow.get_by_id(latest.call_id).started_at


def test_the_counted_plan_is_almost_used_up_and_the_ledger_equals_the_counter(demo):
    limited = 0
    for counter in QuotaCounter.select():
        holds = list(QuotaHold.select().where(QuotaHold.counter == counter))
        assert (counter.used, counter.held) == (len(holds), 0)
        assert {hold.status for hold in holds} == {"committed"}
        recordings = RecordingRow.of(counter.account_id).where(RecordingRow.kind == "conversation")
        assert {hold.call_id for hold in holds} == {row.call_id for row in recordings}
        account = AccountRow.get_by_id(counter.account_id).picture()
        decision = demo.centralino.gate.ask(account, counter.feature, demo.now)
        if decision.limit is not None:
            limited += 1
            assert decision.allowed
            assert decision.remaining == 3
            warned = QuotaWarning.of(account)
            assert [row.percent for row in warned] == [80]
    assert limited == 1


ONE_COUNTED_PLAN = """
schema: 1
plans:
  small:
    title: Small
    features:
      recording: true
      recording.monthly_calls: 100
"""


def test_early_in_a_month_few_units_are_used(tmp_path):
    plans = tmp_path / "plans.yaml"
    plans.write_text(ONE_COUNTED_PLAN)
    made = make_demo(tmp_path, datetime(2026, 12, 1, 11, 0, tzinfo=UTC), plans)
    with made.centralino.store.connection():
        counter = QuotaCounter.get()
        assert counter.period_start == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
        assert 0 < counter.used == QuotaHold.select().count() < 30


def test_recordings_can_be_played_and_are_small(demo):
    total = 0
    kinds = set()
    for row in RecordingRow.select():
        sound = (demo.config.storage / row.path).read_bytes()
        with wave.open(io.BytesIO(sound)) as file:
            assert file.getnframes() == row.seconds * file.getframerate()
            assert len(set(file.readframes(4000))) > 20
        assert row.bytes == len(sound)
        kinds.add((row.kind, row.status))
        total += len(sound)
    assert kinds == {("conversation", "stored"), ("message", "stored")}
    assert total < SMALL
    messages = [row for row in RecordingRow.select() if row.kind == "message"]
    assert {row.heard_at is None for row in messages} == {True, False}
    assert all(row.heard_at <= demo.now for row in messages if row.heard_at)


def test_every_call_says_why(demo):
    registry = demo.centralino.registry
    stages = [(stage.name, owner) for stage, owner in registry.stages]
    for event in CallEventRow.select(CallEventRow, CallRow).join(CallRow):
        account = event.call.account.picture()
        grants = demo.centralino.gate.grants(account, event.call.started_at)
        asked = [(entry["stage"], entry["plugin"]) for entry in event.trace]
        walked = [pair for pair in asked if pair in stages]
        assert walked == stages[: len(walked)]
        assert walked
        for entry in event.trace:
            gated = entry["plugin"] in registry.features
            outside = gated and entry["plugin"] not in grants.plugins
            assert (entry["result"] == "skipped") == outside
            if outside:
                assert entry["reason"] == "not-in-plan"
                assert entry["decision"]["sentence"]
            if entry["result"] == "granted":
                assert entry["decision"]["allowed"]


def test_two_companies_have_something_of_their_own(demo):
    features, sources = demo.centralino.registry.features, {}
    for account in AccountRow.select().order_by(AccountRow.id):
        grants = demo.centralino.gate.grants(account.picture(), demo.now)
        sources[account.name] = {grants.ask(feature).source for feature in features}
    assert ["override" in found for found in sources.values()].count(True) == 1
    assert ["trial" in found for found in sources.values()].count(True) == 1
    told = AuditEntry.select().order_by(AuditEntry.id)
    assert [(one.action, one.author) for one in told][-2:] == [
        ("override.set", "billing@demo.example"),
        ("trial.start", "billing@demo.example"),
    ]


def test_everybody_can_sign_in(demo):
    listed = dict(demo_users())
    assert len(listed) == UserRow.select().count() == 2 + 3 * AccountRow.select().count()
    for user in UserRow.select():
        assert user.email in listed
        assert user.active
    assert verify_password(DEMO_PASSWORD, UserRow.get(UserRow.email.startswith("billing")).password)
    for account in AccountRow.select():
        roles = Counter(
            one.role for one in Membership.select().where(Membership.account == account)
        )
        assert roles == {"admin": 1, "supervisor": 1, "agent": 1}
        agent = Membership.get(account=account, role="agent").user
        assert EmployeeRow.get(user=agent).account == account
        assert f"agent of {account.name} (plan {account.plan})" == listed[agent.email]


def test_a_database_without_a_demo_lists_no_demo_users(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'own.db'}")
    registry = registries.load(names=())
    bind(store, registry)
    with store.connection():
        store.database.create_tables(tables(registry))
        UserRow.create(email="anna@rossi.example", fs_uniquifier="anna")
        assert demo_users() == []


def test_every_stored_profile_is_one_an_admin_could_have_saved(demo):
    registry = demo.centralino.registry
    for account in AccountRow.select():
        admin = Membership.get(account=account, role="admin").user
        grants = demo.centralino.gate.grants(account.picture(), demo.now)
        acting = set()
        with demo.app.test_request_context():
            login_user(admin)
            for profile in LineProfile.of(account):
                plugin = registry.plugins[profile.plugin].plugin
                load_settings(plugin, profile.stored)
                assert complaints(registry, profile, grants) == []
                acting.add(profile.plugin)
        with_stage = {owner for _, owner in registry.stages} & grants.plugins
        by_default = {name for name in with_stage if registry.plugins[name].plugin.on_by_default}
        assert with_stage - by_default <= acting <= grants.plugins


def complaints(registry: Any, profile: LineProfile, grants: Any) -> list[Any]:
    """What the plugin would answer an admin who saves this profile, warnings apart."""
    check = registry.implementation("check_settings", profile.plugin)
    if check is None:
        return []
    row, account = profile.line, profile.account.picture()
    line = Line(row.id, row.number, row.name, LineKind(row.kind), account.timezone)
    text = LineProfile.stored.db_value(profile.stored)
    settings = effective(registry.plugins[profile.plugin].plugin, text, grants).settings
    return [one for one in check(account, line, settings) or () if not one.warning]


@pytest.mark.parametrize(
    ("at", "outcome"), [("2026-11-23T10:00", "answered"), ("2026-11-22T22:00", "closed")]
)
def test_every_rented_number_works_from_the_first_minute(demo, at, outcome):
    for line in LineRow.select().where(LineRow.kind == LineKind.RENTED):
        call = {"to": line.number, "from": "+393331234567", "at": at}
        result = demo.centralino.simulator().simulate({"call": call}, demo.now)
        assert result["outcome"] == outcome, (line, result)
        assert not [entry for entry in result["trace"] if entry["result"] == "fault"]


class Clumsy:
    """A partner's plugin whose demo fails halfway."""

    @hookimpl
    def register_plugin(self):
        return Plugin(name="clumsy", title="Clumsy")

    @hookimpl
    def demo_company_created(self, account):
        EmployeeRow.create(account=account.id, name="Ghost")
        raise RuntimeError("out of ideas")


def test_the_same_again_beside_a_plugin_that_fails(made, tmp_path):
    bind(made.centralino.store, made.centralino.registry)
    with made.centralino.store.connection():
        first, secrets = fingerprint(), {line.gateway.secret for line in LineRow.select()}
    again = make_demo(tmp_path, clumsy=Clumsy())
    with again.centralino.store.connection():
        assert fingerprint() == first
        assert not secrets & {line.gateway.secret for line in LineRow.select()}
    complaint = "The plugin clumsy has no demo: RuntimeError: out of ideas"
    assert again.told.count(complaint) == len(made.told)
    assert [line for line in again.told if line != complaint] == made.told
