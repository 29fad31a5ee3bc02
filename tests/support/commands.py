"""The commands, through the door a user takes: ``core.cli.main`` with words and an environment.

A ``conftest.py`` imports the fixtures it wants from here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.cli import main
from core.config import Config
from core.store.database import Store
from tests.support.patience import ENVIRONMENT


class Said(NamedTuple):
    """What a command answered: exit status, standard output, standard error."""

    status: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that says where the data are, an empty folder, and leaves plugins time."""
    for name in [name for name in os.environ if name.startswith("CENTRALINO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CENTRALINO_DATA", str(tmp_path / "data"))
    for name, seconds in ENVIRONMENT.items():
        monkeypatch.setenv(name, seconds)
    return tmp_path


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with words; a second run sees what the first one left."""

    def run(*words: str) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as exited:
            main(words)
        said = capsys.readouterr()
        return Said(exited.value.code or 0, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that ``centralino demo`` made; tests only read it."""
    return make_demo(tmp_path_factory.getbasetemp())


@cache
def make_demo(base: Path) -> Path:
    """Run ``centralino demo`` once for all folders of tests."""
    folder = base / "a-demo-for-all"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CENTRALINO_DATA", str(folder))
        with pytest.raises(SystemExit) as exited:
            main(["demo"])
    assert not exited.value.code
    return folder


@pytest.fixture
def demo(home: Path, demo_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment points to the demo."""
    monkeypatch.setenv("CENTRALINO_DATA", str(demo_data))
    return demo_data


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables of the environment's database."""
    store = Store(Config.from_environment().database)
    with store.connection():
        names = [
            row[0] for row in store.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {name: store.rows(f'SELECT * FROM "{name}" ORDER BY 1, 2') for name in names}


def lines_of(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line for line in text.splitlines() if line.strip()]
