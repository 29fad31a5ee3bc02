"""A private PostgreSQL for tests: started from the machine's programs, thrown away afterwards.

It listens on a Unix socket in a temporary folder only. Durability is off: tests kill clients, not
the server. As root it runs as the user ``postgres``, because PostgreSQL refuses root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

_numbers = count(1)


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, of the newest version that is installed."""
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found = shutil.which("initdb")
    if found:
        versions.append(Path(found).resolve().parent)
    return max(versions, key=lambda path: _version(path.parent.name), default=None)


def _version(name: str) -> float:
    return float(name) if name.replace(".", "", 1).isdigit() else 0.0


@contextmanager
def cluster(binaries: Path) -> Iterator[Path]:
    """Run a server while the block lasts; gives the folder of its socket."""
    folder = Path(tempfile.mkdtemp(prefix="centralino-pg-"))
    as_user = {"user": "postgres", "group": "postgres", "extra_groups": []}
    options = as_user if os.geteuid() == 0 else {}
    if options:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    server = f"-c listen_addresses='' -k {folder} -c fsync=off -c synchronous_commit=off"
    start = ["-o", f"{server} -c full_page_writes=off", "-l", folder / "log", "-w", "start"]

    def run(program: str, *arguments: object) -> None:
        command = [binaries / program, "-D", data, *arguments]
        subprocess.run(
            command, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120, **options
        )

    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", *start)
        try:
            yield folder
        finally:
            run("pg_ctl", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Path]:
    """The folder of the socket of one server per test session; skips where there is none."""
    binaries = programs()
    if binaries is None:
        pytest.skip("PostgreSQL's programs are not installed; tests on PostgreSQL were not run")
    with cluster(binaries) as folder:
        yield folder


@pytest.fixture
def postgres_url(postgres_cluster: Path) -> str:
    """The address of a new, empty database."""
    return new_database(postgres_cluster)


def new_database(cluster: Path) -> str:
    """Make a database on a running server; returns its address."""
    import psycopg

    name = f"test_{os.getpid()}_{next(_numbers)}"
    server = f"host={cluster} user=postgres dbname=postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql://postgres@/{name}?host={cluster}"
