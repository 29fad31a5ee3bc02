"""Commands run in an environment of the test's own; ``demo`` points it to a demo, ``company`` to an
empty installation with plans of its own and two accounts."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.app import installation
from core.cli import main
from core.store.accounts import AccountRow
from core.store.lines import LineRow
from tests.support.commands import demo, demo_data, home, run

__all__ = ["demo", "demo_data", "home", "run"]

PLANS = """\
# The plans of these tests.
schema: 1
plans:
  free:
    title: Free
    features:
      recording: true
      recording.monthly_calls: 100   # a hundred
      queue.max_groups: 1
  basic:
    title: Basic
    extends: free
    features:
      recording.monthly_calls: unlimited
      quality_rating: true
"""


@pytest.fixture
def plan_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plan file of this installation."""
    path = home / "plans.yaml"
    path.write_text(PLANS)
    monkeypatch.setenv("CENTRALINO_PLANS", str(path))
    return path


@pytest.fixture(scope="session")
def company_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared data folder; tests copy it."""
    folder = tmp_path_factory.mktemp("company")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CENTRALINO_DATA", str(folder))
        with pytest.raises(SystemExit) as exited:
            main(["migrate"])
        assert not exited.value.code
        with installation():
            _fill()
    return folder


@pytest.fixture
def company(home: Path, company_data: Path, plan_file: Path) -> None:
    """A prepared database with Rossi (free, in Rome) and Tui (basic, in Auckland)."""
    shutil.copytree(company_data, home / "data")
    with installation() as centralino:
        centralino.book.settled()


def _fill() -> None:
    now = datetime.now(UTC)
    rossi = AccountRow.create(name="Rossi", plan="free", created_at=now)
    LineRow.create(account=rossi, number="+390612345678")
    zone = "Pacific/Auckland"
    AccountRow.create(name="Tui", plan="basic", timezone=zone, country="NZ", created_at=now)
