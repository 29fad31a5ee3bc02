"""A commit survives a power cut (docs/decisions/durability.md)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FULL = 2

QUESTION = """
import sys
from core.store.database import Store
store = Store(sys.argv[1])
with store.connection():
    print(store.database.synchronous, store.database.journal_mode)
"""


def test_a_commit_waits_for_the_disk(tmp_path: Path) -> None:
    """Asked in a process of its own: in this one no commit waits (tests/support/thrift.py)."""
    asked = [sys.executable, "-c", QUESTION, f"sqlite:///{tmp_path / 'centralino.db'}"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == [str(FULL), "wal"]
