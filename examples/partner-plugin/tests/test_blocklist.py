"""The block list, on real installations: ``centralino`` and ``open_kit`` are Centralino's kit."""

import pytest

from core import api
from core.testing import close_kit, open_kit

PLANS = """
schema: 1
plans:
  small: {title: Small}
  large: {title: Large, features: {blocklist.patterns: true}}
"""


def test_a_listed_number_is_refused_and_the_trace_says_why(centralino):
    company = centralino.company()
    company.profile("blocklist", numbers="+393331234567")
    call = company.call("+393331234567")
    assert isinstance(call.step, api.Reject)
    assert call.outcome == "rejected"
    assert call.trace[0]["reason"] == "+393331234567 is on the block list as +393331234567"


def test_everybody_else_passes(centralino):
    company = centralino.company()
    company.profile("blocklist", numbers="+393331234567")
    assert company.call("+393337654321").outcome != "rejected"


@pytest.mark.parametrize(("plan", "outcome"), [("small", "missed"), ("large", "rejected")])
def test_patterns_are_for_plans_that_have_them(tmp_path, plan, outcome):
    (tmp_path / "plans.yaml").write_text(PLANS)
    kit = open_kit(tmp_path, plans=tmp_path / "plans.yaml")
    company = kit.company(plan)
    company.profile("blocklist", numbers="+39333*")
    assert company.call("+393331234567").outcome == outcome
    close_kit(kit)
