"""What tests share: an installation with small plugins of the test's own and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from core import registry as registries
from core.testing import Kit, close_kit, open_kit
from tests.browser.chromium import chromium
from tests.calls.plugins import PLANS

pytest_plugins = ["tests.support.postgres", "tests.support.thrift", "tests.support.patience"]

# What an example may take is a time asserted: a busy machine misses it. All else stays as it is.
settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow], parent=settings()
)
settings.load_profile("unhurried")


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Callable[..., Kit]]:
    """A function that opens an installation with the given plugin objects, by name."""
    opened = []

    def open_with(database: str = "", **plugins: Any) -> Kit:
        plans = tmp_path / "plans.yaml"
        if "desk" not in plugins:
            plans.write_text("schema: 1\nplans:\n  full:\n    title: Full\n    features: {}\n")
        else:
            plans.write_text(PLANS)
        registry = registries.load(names=(), extra=plugins)
        kit = open_kit(tmp_path, registry, plans=plans, database=database)
        opened.append(kit)
        return kit

    yield open_with
    for kit in opened:
        close_kit(kit)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One chromium for all tests of a process; each window has cookies of its own."""
    with chromium() as browser:
        yield browser
