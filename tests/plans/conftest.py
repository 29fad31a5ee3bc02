"""A tiny catalogue of plugins, a store on both databases, and a company to ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.contract.call import Account
from core.contract.features import Feature, FeatureKind
from core.contract.plugin import Plugin
from core.plans.gate import Gate
from core.plans.revisions.book import PlanBook
from core.plans.revisions.entering import Enterer
from core.plans.revisions.mirror import Mirror
from core.plans.revisions.revisions import Revisions
from core.plans.tables import TABLES
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from core.store.database import Store
from core.store.people import UserRow

QUOTA = "recording.monthly_calls"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

FEATURES = (
    Feature("crm", "CRM"),
    Feature("recording", "Recording", without="Calls are not recorded."),
    Feature(QUOTA, "Recorded calls per month", FeatureKind.QUOTA),
    Feature("recording.dual_channel", "Each party on a channel of its own"),
    Feature("ivr", "Voice menu", without="The call goes to the next routing step."),
    Feature("ivr.max_depth", "Depth of menus", FeatureKind.NUMBER),
    Feature("quality_rating", "Rating by key"),
    Feature("workhours", "Working hours"),
    Feature("workhours.presence", "Working day"),
    Feature("queue.ring_all", "Ring all at once"),
    Feature("queue.overflow", "Overflow to another group"),
    Feature("queue.max_groups", "Groups", FeatureKind.NUMBER),
    Feature("queue.max_members", "People per group", FeatureKind.NUMBER),
)

PLUGINS = (
    "crm",
    "ivr",
    "recording",
    "quality_rating",
    "workhours",
    "queue",
    "extension",
    "voicemail",
    "forward",
    "twiml",
)


@dataclass
class FakeCatalogue:
    """What plans need of the registry."""

    features: dict[str, Feature]
    plugins: dict[str, Any]
    broken: dict[str, str] = field(default_factory=dict)


def catalogue_of(*features: Feature, plugins: tuple[str, ...] = PLUGINS, **broken: str) -> Any:
    """A catalogue with these features; plugins that are not optional: twiml."""
    names = dict.fromkeys([*plugins, *(one.key.partition(".")[0] for one in features)])
    installed = {
        name: SimpleNamespace(plugin=Plugin(name, name.title(), optional=name != "twiml"))
        for name in names
    }
    return FakeCatalogue({one.key: one for one in features}, installed, dict(broken))


@pytest.fixture
def catalogue() -> Any:
    """The features of plans.md §2 whose plugins exist, and a partner that does not load."""
    return catalogue_of(*FEATURES, acme="ImportError: no module named acme")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a new, empty database."""
    return f"sqlite:///{tmp_path / 'plans.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty database with the tables of plans, on SQLite and on PostgreSQL."""
    yield from opened(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """The same, where the kind of database does not matter."""
    yield from opened(sqlite_url)


def opened(url: str) -> Iterator[Store]:
    """Bind and create the tables; unbind them afterwards."""
    everything = [AccountRow, UserRow, AuditEntry, *TABLES]
    store = Store(url)
    with store.database.bind_ctx(everything):
        with store.connection():
            store.database.create_tables(everything)
        yield store
    store.database.close_all()


def book_of(
    path: Path, store: Store, catalogue: Any, clock: Callable[[], datetime] = lambda: NOON
) -> PlanBook:
    """The book of a plan file; the data folder is the file's own."""
    revisions = Revisions(store)
    enterer = Enterer(store, revisions, catalogue, path.name)
    mirror = Mirror(path, path.parent, revisions, enterer)
    return PlanBook(mirror, store, catalogue, clock)


def make_account(store: Store, plan: str = "free", timezone: str = "Europe/Rome") -> Account:
    """A new account."""
    with store.connection():
        name = f"Company {AccountRow.select().count() + 1}"
        row = AccountRow.create(name=name, plan=plan, timezone=timezone, created_at=NOON)
        return row.picture()


@pytest.fixture
def make_gate(sqlite_store: Store, tmp_path: Path, catalogue: Any) -> Callable[..., Gate]:
    """Makes a gate from the text of a plan file."""

    def make(text: str, with_catalogue: Any = catalogue) -> Gate:
        path = tmp_path / "plans.yaml"
        path.write_text(text, encoding="utf-8")
        return Gate(sqlite_store, with_catalogue, book_of(path, sqlite_store, with_catalogue))

    return make
