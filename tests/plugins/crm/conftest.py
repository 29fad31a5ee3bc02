"""A company on a database of its own, and the CRM's default settings."""

from types import SimpleNamespace

import pytest

from plugins.crm.models import TABLES
from plugins.crm.schemas import CrmSettings
from tests.support.tables import Company, tables


@pytest.fixture
def store(tmp_path):
    with tables(f"sqlite:///{tmp_path}/crm.db", TABLES) as store:
        yield store


@pytest.fixture
def company(store):
    return Company()


@pytest.fixture
def settings():
    """Effective settings, changed by the arguments."""
    return lambda **changes: SimpleNamespace(**CrmSettings().load(changes))
