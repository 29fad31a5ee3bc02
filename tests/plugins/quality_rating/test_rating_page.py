"""The statistics page."""

from datetime import timedelta

import pytest

from core.api import CallRow, EmployeeRow
from plugins.quality_rating.models import RatingRow
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  with: {title: With, features: {quality_rating: true}}
  without: {title: Without}
"""


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, ("quality_rating",), PLANS) as site:
        site.rossi = site.account("Rossi", "with")
        site.anna = EmployeeRow.create(account=site.rossi, name="Anna")
        yield site


def rate(site, rating, at=NOON - timedelta(days=1)):
    count = str(CallRow.select().count())
    call = CallRow.create(
        account=site.rossi,
        caller="+391",
        called="+392",
        started_at=at,
        ref=count,
        token=count,
        state="{}",
    )
    RatingRow.create(
        account=site.rossi, call=call, employee=site.anna, caller="+391", at=at, rating=rating
    )


def test_an_empty_page_says_what_to_do_next(site):
    page = site.sign_in(site.rossi, "admin").get("/quality_rating/").text
    assert "No caller was asked" in page
    assert "Switch on “Quality rating”" in page


def test_average_and_count_of_the_last_30_days(site):
    for rating in (5, 4, 4, None):
        rate(site, rating)
    rate(site, 1, NOON - timedelta(days=31))
    page = site.sign_in(site.rossi, "supervisor").get("/quality_rating/").text
    row = page[page.index("Anna") : page.index("All together")]
    assert [text in row for text in (">4.3<", ">3<", ">4<")] == [True, True, True]


def test_the_page_is_for_managers_of_an_account_that_has_it(site):
    rate(site, 5)
    assert site.sign_in(site.rossi, "agent").get("/quality_rating/").status_code == 403
    poor = site.sign_in(site.account("Poor", "without"), "admin")
    assert poor.get("/quality_rating/").status_code == 403
    other = site.sign_in(site.account("Dupont", "with"), "admin")
    assert "Anna" not in other.get("/quality_rating/").text
