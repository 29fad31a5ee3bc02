"""The one place where everything is wired: nothing is created at import."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from core import registry as registries
from core.calls.clearing import Clearer
from core.calls.closing import Closer
from core.calls.discarding import Discarder
from core.calls.engine import Engine
from core.calls.fetching import Fetcher
from core.calls.jobs import Jobs
from core.calls.journal import Journal
from core.calls.ledger import Ledger
from core.calls.notices import Notices
from core.calls.rehearsal.rehearsing import Rehearsal
from core.calls.runner import Runner
from core.calls.settling import Settler
from core.calls.simulator import Simulator
from core.calls.tables import TABLES as CALL_TABLES
from core.calls.thinking import Thinker
from core.calls.writing import Writer
from core.config import Config
from core.contract.errors import PluginFault
from core.contract.plugin import Job
from core.plans.accounts.overrides import Overrides
from core.plans.accounts.trials import Trials
from core.plans.accounts.undoing import Undoer
from core.plans.gate import Gate
from core.plans.quota.units import Quota
from core.plans.revisions.book import PlanBook
from core.plans.revisions.entering import Enterer
from core.plans.revisions.mirror import Mirror
from core.plans.revisions.publishing import Publisher
from core.plans.revisions.revisions import Revisions
from core.plans.tables import TABLES as PLAN_TABLES
from core.registry import Registry
from core.store.accounts import AccountRow, PluginSwitch
from core.store.audit import AuditEntry
from core.store.database import Store
from core.store.folders import keep_in
from core.store.lines import GatewayRow, LineProfile, LineRow
from core.store.people import TABLES as PEOPLE_TABLES
from core.store.scenarios import ScenarioRow
from core.store.snapshot import forget_all
from core.web.site import build_site
from core.web.webhooks import Fork, build_webhooks

STORE_TABLES = (
    AccountRow,
    PluginSwitch,
    *PEOPLE_TABLES,
    GatewayRow,
    LineRow,
    LineProfile,
    ScenarioRow,
    AuditEntry,
)


def machine_clock() -> datetime:
    """The instant, as the machine tells it."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Centralino:
    """One installation, wired: what pages, commands, jobs and gateways work with.

    ``clock`` says what time it is; everything that is not an event takes its instants from it.
    """

    config: Config
    registry: Registry
    store: Store
    clock: Callable[[], datetime] = machine_clock
    mirror: Mirror = field(init=False)
    book: PlanBook = field(init=False)
    publisher: Publisher = field(init=False)
    gate: Gate = field(init=False)
    overrides: Overrides = field(init=False)
    trials: Trials = field(init=False)
    undoer: Undoer = field(init=False)
    quota: Quota = field(init=False)
    journal: Journal = field(init=False)
    runner: Runner = field(init=False)
    thinker: Thinker = field(init=False)
    engine: Engine = field(init=False)
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        config, registry, store = self.config, self.registry, self.store
        keep_in(config.data)
        revisions = Revisions(store)
        enterer = Enterer(store, revisions, registry, config.plans.name)
        self.mirror = Mirror(config.plans, config.data, revisions, enterer)
        self.book = PlanBook(self.mirror, store, registry, self.clock)
        self.publisher = Publisher(store, self.book, self.mirror)
        self.gate = Gate(store, registry, self.book)
        self.overrides, self.trials = Overrides(self.gate), Trials(self.book)
        self.undoer = Undoer(self.book, self.overrides, self.trials)
        self.quota = Quota(store)
        self.ledger = Ledger(self.quota)
        self.journal = Journal(store, registry)
        self.runner = Runner(store, config.plugin_seconds)
        self.thinker = Thinker(registry, self.gate, self.journal, self.runner)
        self.engine = Engine(self.journal, self.ledger, self.thinker, config.answer_seconds)

    def simulator(self) -> Simulator:
        """Makes dry runs with this installation's engine."""
        seconds = self.config.answer_seconds
        return Simulator(self.registry, self.gate, self.engine, self.runner, self.quota, seconds)

    def rehearsal(self) -> Rehearsal:
        """Makes changes of configuration that the saved scenarios are run on first."""
        return Rehearsal(self.store, self.simulator())

    def jobs(self) -> Jobs:
        """All that the jobs process does: the core's own jobs, then the plugins'."""
        store, journal, registry = self.store, self.journal, self.registry
        notices = Notices(store, journal, self.thinker, self.runner)
        fetcher = Fetcher(
            store, journal, self.ledger, self.thinker, registry.gateways, self.config.storage
        )
        closer = Closer(store, journal, Writer(journal, self.ledger, self.thinker))
        settler = Settler(store, self.quota)
        clearer = Clearer(store, self.config.storage)
        discarder = Discarder(store, registry.gateways)
        own = [
            Job("tell plugins", 1, notices.deliver_due),
            Job("fetch recordings", 2, fetcher.fetch_due),
            Job("close calls", 10, closer.close_due),
            Job("settle units", 60, settler.settle_due),
            Job("clear storage", 30, clearer.clear_due),
            Job("discard copies", 5, discarder.discard_due),
            Job("mirror the plan file", 1, lambda now: self.book.settled()),
        ]
        theirs = [job for _, jobs in registry.every("register_jobs") for job in jobs() or ()]
        return Jobs(store, [*own, *theirs])


def tables(registry: Registry) -> list[type]:
    """Every table of the core and of the installed plugins."""
    found = [*STORE_TABLES, *CALL_TABLES, *PLAN_TABLES]
    for plugin, register in registry.every("register_tables"):
        for table in register() or ():
            if not table._meta.table_name.startswith(f"{plugin}_"):
                raise PluginFault(
                    plugin, f"Table {table._meta.table_name!r} must begin with {plugin!r}."
                )
            found.append(table)
    return found


def bind(store: Store, registry: Registry) -> None:
    """Give every table its database; what was remembered of another one is dropped."""
    store.database.bind(tables(registry), bind_refs=False, bind_backrefs=False)
    forget_all()


@contextmanager
def installation(
    config: Config | None = None, registry: Registry | None = None
) -> Iterator[Centralino]:
    """An installation for a command: wired, with a connection, without a web server.

    Args:
        config: default: from the environment.
        registry: default: all installed plugins.
    """
    centralino = _wire(config, registry, machine_clock)
    with _opened(centralino.store):
        yield centralino


@contextmanager
def application() -> Iterator[Flask]:
    """The web application for a command that needs its users or its languages, with a connection;
    ``app.extensions["centralino"]`` is what was wired."""
    app = create_app()
    with app.app_context(), _opened(app.extensions["centralino"].store):
        yield app


@contextmanager
def _opened(store: Store) -> Iterator[None]:
    """A connection for a command; none of the pool is left open after it."""
    try:
        with store.connection():
            yield
    finally:
        store.database.close_all()


def create_app(
    config: Config | None = None,
    registry: Registry | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Flask:
    """The web application: admin, API and the gateways' webhooks.

    Args:
        config: default: from the environment.
        registry: default: all installed plugins.
        clock: says what time it is; default the machine's.
    """
    centralino = _wire(config, registry, clock or machine_clock)
    app = Flask("centralino", static_folder=None)
    build_site(app, centralino, centralino.clock)
    webhooks = build_webhooks(centralino, centralino.registry, centralino.clock)
    app.extensions["webhooks"] = webhooks
    if proxies := centralino.config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
    app.wsgi_app = Fork(app.wsgi_app, webhooks, webhooks.blueprints)
    return app


def _wire(
    config: Config | None, registry: Registry | None, clock: Callable[[], datetime]
) -> Centralino:
    config = config or Config.from_environment()
    registry = registry or registries.load()
    store = Store(config.database)
    bind(store, registry)
    with store.connection():
        return Centralino(config, registry, store, clock)
