"""Plan × plugin at the door of the admin pages: open, or closed with the gate's own sentence."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from flask import url_for

from core.web.access import Access
from tests.matrix.addresses import METHODS, fill
from tests.matrix.conftest import Column, Matrix
from tests.matrix.plan_file import PLANS, REGISTRY, granted

OPERATOR = ("operator",)
WITH_PAGES = [name for name, _ in REGISTRY.every("register_views")]


def pages(matrix: Matrix, plugin: str) -> list[Any]:
    """The views of a plugin."""
    return [view for view in matrix.site.views() if getattr(view, "plugin", "") == plugin]


def front(matrix: Matrix, view: Any) -> str:
    """The address of a view's first page."""
    with matrix.site.app.test_request_context():
        return url_for(f"{view.endpoint}.{view._default_view}")


def refusal(matrix: Matrix, column: Column, view: Any) -> Any:
    """The gate's decision that closes a view on a plan, or None."""
    account, clock = column.company.account.picture(), matrix.site.kit.clock
    for key in (view.plugin, view.feature):
        if key in matrix.site.registry.features:
            decision = matrix.site.kit.app.gate.ask(account, key, clock())
            if not decision.allowed:
                return decision
    return None


def named(matrix: Matrix, view: Any) -> bool:
    """Whether the menu names a view to somebody who is no employee."""
    with matrix.site.app.test_request_context():
        return view.is_visible()


def links(page: Any) -> set[str]:
    """Where a page leads."""
    return {unescape(part.split('"', 1)[0]) for part in page.text.split('href="')[1:]}


def test_every_page_of_a_plugin_can_be_closed_by_a_plan(matrix):
    known = {view.endpoint: view for view in matrix.site.views()}
    for name, register in REGISTRY.every("register_views"):
        for view in register():
            assert isinstance(view, Access), f"{view.endpoint} is no AccountView and no AdminPage"
            if view.needs_account:
                assert view.plugin == name, f"{view.endpoint} does not name its plugin {name}"
            else:  # the installation's own: no account's plan closes it
                assert (view.plugin, view.roles_view, view.roles_edit) == ("", OPERATOR, OPERATOR)
            assert view.endpoint.startswith(name)
            assert view.endpoint in known


@pytest.mark.parametrize("plugin", WITH_PAGES)
@pytest.mark.parametrize("plan", PLANS)
def test_pages(matrix, plan, plugin):
    column = matrix.columns[plan]
    menu = links(column.browser.get("/"))
    for view in pages(matrix, plugin):
        address, decision = front(matrix, view), refusal(matrix, column, view)
        inside = granted(plan, plugin) and (not view.feature or granted(plan, view.feature))
        assert (decision is None) is inside, view.endpoint
        page = column.browser.get(address)
        shown = inside or bool(view.locked_template)
        assert page.status_code == (200 if shown else 403), view.endpoint
        assert (address in menu) is (shown and named(matrix, view)), f"{address} in the menu"
        if not inside:
            assert decision.reason == "not-in-plan"
            assert decision.sentence in unescape(page.text)
            check_closed(matrix, column, view, decision.sentence)


def check_closed(matrix: Matrix, column: Column, view: Any, sentence: str) -> None:
    """Not the first page alone: forms, actions, exports and look-ups are closed, too. Only the
    first page of a view that shows itself locked can be read; it says why all else is closed."""
    front_page = f"{view.endpoint}.{view._default_view}" if view.locked_template else ""
    writes = matrix.site.store.database.connection().total_changes
    for rule in matrix.site.app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] == view.endpoint:
            for method in rule.methods & METHODS:
                answer = column.browser.write(method, fill(rule, lambda name: "1"))
                read = rule.endpoint == front_page and method == "GET"
                assert answer.status_code == (200 if read else 403), f"{method} {rule}"
                assert sentence in unescape(answer.text), f"{method} {rule}"
    assert matrix.site.store.database.connection().total_changes == writes
