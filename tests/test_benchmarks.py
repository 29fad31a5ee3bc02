"""What benchmarks measure can be made: their statements name all columns that tables have."""

from __future__ import annotations

from benchmarks.calls import compare as calls
from benchmarks.installation import installed
from benchmarks.review import compare as review
from benchmarks.review import filling as reviewed
from benchmarks.review.matrices import install as install_features
from benchmarks.scale import filling as scaled
from benchmarks.scale.plugins import install, plans
from core.calls.tables import CallRow
from core.store.accounts import AccountRow

ACCOUNTS = 8_000
"""The fewest among whom there are all the exceptions that a review shall find."""


def test_the_accounts_of_a_review(tmp_path):
    registry = install_features()
    with installed(tmp_path, review.PLANS, registry) as centralino:
        reviewed.fill(centralino.store, registry, ACCOUNTS)
        assert AccountRow.select().count() == ACCOUNTS
        assert CallRow.select().count() == ACCOUNTS


def test_the_companies_of_a_large_installation(tmp_path):
    with installed(tmp_path, plans(0), install(0)) as centralino:
        called = scaled.fill(centralino.store, accounts=20, calls=30)
        assert len(called) == scaled.CALLED
        assert (AccountRow.select().count(), CallRow.select().count()) == (20, 30)


def test_the_calls_that_are_placed_over_http(tmp_path):
    companies, recorded = calls.prepare(tmp_path)
    assert len(companies) == calls.CONNECTIONS
    assert set(recorded) == {company.gateway for company in companies}
