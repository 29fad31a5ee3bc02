"""A company on a database of its own, and recording's default settings."""

from types import SimpleNamespace

import pytest

from core.api import RecordingRow
from plugins.recording.models import TABLES
from plugins.recording.schemas import RecordingSettings
from tests.support.calls import NOON
from tests.support.tables import Company, tables


@pytest.fixture
def store(tmp_path):
    with tables(f"sqlite:///{tmp_path}/recording.db", TABLES) as store:
        yield store


@pytest.fixture
def company(store):
    return Company()


@pytest.fixture
def record(company):
    """Store a recording of the company, or of another one."""

    def record(call=None, of=company, **columns):
        call_id = call.id if call else of.call_row().id
        values = {"kind": "conversation", "status": "stored", "announced_at": NOON}
        return RecordingRow.create(
            account=of.row, call=call_id, ref=f"RE{call_id}", **{**values, **columns}
        )

    return record


@pytest.fixture
def settings():
    """Effective settings, changed by the arguments."""
    return lambda **changes: SimpleNamespace(**RecordingSettings().load(changes))
