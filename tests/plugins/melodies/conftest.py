"""An installation with melodies, and an account in it."""

from __future__ import annotations

import pytest

from core.store.folders import keep_in
from plugins.melodies.models import TABLES
from tests.support.site import open_site
from tests.support.tables import Company, tables

PLANS = "schema: 1\nplans:\n  free:\n    title: Free\n    features: {}\n"


@pytest.fixture
def company(tmp_path):
    """An account on the tables alone, with a data folder."""
    keep_in(tmp_path)
    with tables(f"sqlite:///{tmp_path}/melodies.db", TABLES):
        yield Company()


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, ("extension", "forward", "melodies", "twiml"), PLANS) as site:
        yield site


@pytest.fixture
def admin(site):
    """An admin's browser; ``account`` and ``line`` are what they work with."""
    from core.store.lines import LineRow

    account = site.account("Rossi", "free", language="it", country="IT")
    browser = site.sign_in(account, "admin")
    browser.account = account
    browser.line = LineRow.create(account=account, number="+390612345678", name="Main")
    return browser
