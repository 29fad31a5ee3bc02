"""A company on a database of its own, and the rating's default settings."""

from types import SimpleNamespace

import pytest

from plugins.quality_rating.models import TABLES
from plugins.quality_rating.schemas import RatingSettings
from tests.support.tables import Company, tables


@pytest.fixture
def store(tmp_path):
    with tables(f"sqlite:///{tmp_path}/rating.db", TABLES) as store:
        yield store


@pytest.fixture
def company(store):
    return Company()


@pytest.fixture
def settings():
    """Effective settings, changed by the arguments."""
    return lambda **changes: SimpleNamespace(**RatingSettings().load(changes))
