"""Role × view at every address: who may only look changes nothing, who may not look sees nothing.

What a view says of its roles is compared with what each of its addresses answers.
"""

from __future__ import annotations

import pytest

from core.web.access import Access
from tests.matrix.addresses import METHODS, fill
from tests.matrix.plan_file import PLANS
from tests.support.bodies import routes

ROLES = ("supervisor", "agent", "billing", "")
PICKS = "accounts.pick"
"""Everybody may choose among their own accounts; the address checks which those are."""


@pytest.mark.parametrize("role", ROLES)
def test_roles(matrix, role):
    column = matrix.columns[PLANS[-1]]
    account = None if role in ("billing", "") else column.company.account
    browser = matrix.site.browser(matrix.site.user(account, role, may_listen=True))
    views = {view.endpoint: view for view in matrix.site.views() if isinstance(view, Access)}
    writes = matrix.site.store.database.connection().total_changes
    walked = 0
    for rule in matrix.site.app.url_map.iter_rules():
        view = views.get(rule.endpoint.partition(".")[0])
        if view is None or rule.endpoint == PICKS:
            continue
        for method in sorted(rule.methods & METHODS):
            wanted = view.roles_view if method == "GET" else view.roles_edit
            if role not in wanted:
                answer = browser.write(method, fill(rule, lambda name: "1"), {"id": "1"})
                assert answer.status_code == 403, f"{method} {rule}: {answer.status_code}"
                walked += 1
    assert walked > 20
    assert matrix.site.store.database.connection().total_changes == writes


@pytest.mark.parametrize("role", ["admin", *ROLES, "operator"])
def test_roles_of_the_api(matrix, role):
    """What a route says of its roles and of accounts; who may is let in, and only reads here."""
    column = matrix.columns[PLANS[-1]]
    account = None if role in ("billing", "operator", "") else column.company.account
    browser = matrix.site.browser(matrix.site.user(account, role))
    rules = {one.endpoint: one for one in matrix.site.app.url_map.iter_rules()}
    writes = matrix.site.store.database.connection().total_changes
    walked = 0
    for route in routes():
        may = role in route.roles and not (route.account and account is None)
        if not may or route.method == "GET":
            rule = rules[f"api.{route.view.__name__}"]
            answer = browser.write(route.method, fill(rule, lambda name: "1"))
            refused = answer.json.get("error_id") == "not-allowed"
            assert refused is not may, f"{route.method} {rule}: {answer.status_code}"
            walked += 1
    assert walked > 4
    assert matrix.site.store.database.connection().total_changes == writes
