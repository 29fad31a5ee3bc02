"""The country filter, on real installations, which Centralino's own test kit makes."""

import pytest

from core import api
from core.testing import close_kit, open_kit

PLANS = """
schema: 1
plans:
  small: {title: Small}
  large: {title: Large, features: {countries.areas: true}}
"""


def test_a_listed_country_is_refused_and_the_trace_says_why(centralino):
    company = centralino.company()
    company.profile("countries", refused="+44")
    call = company.call("+442079460123")
    assert isinstance(call.step, api.Reject)
    assert call.outcome == "rejected"
    (refusal,) = [line for line in call.trace if line["stage"] == "country-filter"]
    assert refusal["reason"] == "+442079460123 is refused by the country filter as +44"


def test_everybody_else_passes(centralino):
    company = centralino.company()
    company.profile("countries", refused="+44")
    assert company.call("+393337654321").outcome != "rejected"


@pytest.mark.parametrize(("plan", "outcome"), [("small", "missed"), ("large", "rejected")])
def test_areas_are_for_plans_that_have_them(tmp_path, plan, outcome):
    (tmp_path / "plans.yaml").write_text(PLANS)
    kit = open_kit(tmp_path, plans=tmp_path / "plans.yaml")
    company = kit.company(plan)
    company.profile("countries", refused="+44870*")
    assert company.call("+448701234567").outcome == outcome
    close_kit(kit)
