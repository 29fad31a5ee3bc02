"""How many groups accounts have, and how large, for the review of a lowered limit."""

from __future__ import annotations

import pytest

from plugins.queue.models import TABLES, GroupRow, MemberRow
from plugins.queue.plugin import count_use
from tests.support.tables import Company, tables


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def companies(request, tmp_path):
    """Rossi has two groups, of two and of one; Verdi has one, of one; Bianchi has none."""
    url = f"sqlite:///{tmp_path}/db.sqlite"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    with tables(url, TABLES):
        rossi = Company("Rossi", "+390612345678")
        verdi = Company("Verdi", "+390612345679")
        Company("Bianchi", "+390612345680")
        group(rossi, "Sales", rossi.anna, rossi.bruno)
        group(rossi, "Support", rossi.anna)
        group(verdi, "Sales", verdi.bruno)
        yield rossi.row.id, verdi.row.id


def group(company, name, *members):
    row = GroupRow.create(account=company.row, name=name)
    for member in members:
        MemberRow.create(account=company.row, group=row, employee=member)


@pytest.mark.parametrize("feature", ["queue.max_groups", "queue.max_members"])
def test_groups_and_members_are_counted_where_they_are_more(companies, feature):
    rossi, verdi = companies
    assert count_use(feature, 0, None) == {rossi: 2, verdi: 1}
    assert count_use(feature, 1, None) == {rossi: 2}
    assert count_use(feature, 2, None) == {}


@pytest.mark.parametrize("feature", ["queue.max_groups", "queue.max_members"])
def test_one_account_alone_can_be_counted(companies, feature):
    rossi, verdi = companies
    assert count_use(feature, 0, verdi) == {verdi: 1}
    assert count_use(feature, 1, verdi) == {}
    assert count_use(feature, 1, rossi) == {rossi: 2}


def test_another_feature_is_not_counted(companies):
    assert count_use("queue.ring_all", 0, None) is None
