"""Plan × setting at three doors: the card's form, the API, and what a call gets.

A setting whose feature the plan lacks is shown locked with the cheapest plan that has it. What is
stored stays, what takes effect is the fallback, and nobody can change it meanwhile (N3).
"""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from bs4 import BeautifulSoup

from core.store.lines import LineProfile
from tests.matrix.conftest import Column, Matrix
from tests.matrix.plan_file import PLANS, REGISTRY, cheapest, granted

SCHEMAS = {
    name: one.plugin.settings().fields
    for name, one in REGISTRY.plugins.items()
    if one.plugin.settings
}
LOCKABLE = [
    (plugin, name)
    for plugin, fields in SCHEMAS.items()
    for name, field in fields.items()
    if field.metadata.get("feature")
]
CLOSABLE = [name for name in REGISTRY.plugins if name in REGISTRY.features]


def address(column: Column, plugin: str) -> str:
    """A plugin's settings in the API."""
    return f"/api/lines/{column.company.line.id}/settings/{plugin}"


def card(column: Column) -> BeautifulSoup:
    """The number's card."""
    return BeautifulSoup(
        column.browser.get(f"/lines/{column.company.line.id}/").text, "html.parser"
    )


def stored(column: Column, plugin: str) -> dict[str, Any]:
    """What the database has."""
    return LineProfile.get(line=column.company.line, plugin=plugin).stored


def live(matrix: Matrix, column: Column, plugin: str) -> Any:
    """What a call of this number gives the plugin."""
    column.company.call(f"+3933300{len(matrix.site.kit.app.store.rows('SELECT id FROM calls')):05}")
    app = matrix.site.kit.app
    found = app.journal.by_id(app.store.row("SELECT max(id) FROM calls")[0])
    return app.thinker.asker(found, found.call(matrix.site.kit.clock())).settings(plugin)


def says(decision: Any, feature: str) -> bool:
    """Whether a decision refuses a feature for the plan's sake."""
    asked = decision["feature"], decision["allowed"], decision["reason"]
    return asked == (feature, False, "not-in-plan")


@pytest.mark.parametrize(("plugin", "name"), LOCKABLE)
@pytest.mark.parametrize("plan", PLANS)
def test_locked_settings(matrix, plan, plugin, name):
    column, about = matrix.columns[plan], SCHEMAS[plugin][name].metadata
    kept, feature = column.stored[plugin][name], about["feature"]
    inside = granted(plan, feature)
    expected = kept if inside else about["fallback"]

    shown = column.browser.get(address(column, plugin)).json
    assert shown["stored"][name] == kept
    assert shown["effective"][name] == expected
    assert getattr(live(matrix, column, plugin), name) == expected
    assert (name in shown["locked"]) is not inside

    setting = card(column).find(id=f"setting-{plugin}-{name}")
    lock = setting.find(class_="lock-note")
    field = setting.find(["input", "select", "textarea"], attrs={"name": f"{plugin}.{name}"})
    assert (lock is None) is inside
    assert field.has_attr("disabled") is (not inside or not granted(plan, plugin))
    if not inside:
        assert says(shown["locked"][name], feature)
        assert cheapest(feature) in lock.text
        assert unescape(lock["title"]) == shown["locked"][name]["sentence"]

    answer = column.browser.put(address(column, plugin), {"stored": {name: about["fallback"]}})
    assert answer.status_code == (200 if inside and granted(plan, plugin) else 403)
    if not inside:
        check_refused(answer, plugin if not granted(plan, plugin) else feature)
        column.browser.write(
            "POST",
            f"/lines/{column.company.line.id}/",
            {f"{plugin}:sheet": "1", f"{plugin}:on": "on", f"{plugin}.{name}": "sent all the same"},
        )
    assert stored(column, plugin)[name] == (kept if not inside else about["fallback"])
    column.company.profile(plugin, **column.stored[plugin])


@pytest.mark.parametrize("plugin", CLOSABLE)
@pytest.mark.parametrize("plan", PLANS)
def test_settings_of_a_plugin(matrix, plan, plugin):
    """A plugin outside the plan has its whole sheet locked, and the API takes nothing."""
    column, inside = matrix.columns[plan], granted(plan, plugin)
    sheet = card(column).find(id=f"sheet-{plugin}")
    assert ("sheet-closed" in sheet["class"]) is not inside
    shown = column.browser.get(address(column, plugin)).json
    assert shown["in_plan"] is inside
    before = stored(column, plugin)
    answer = column.browser.put(address(column, plugin), {"on": False})
    if inside:
        assert answer.status_code == 200
        assert answer.json["on"] is False
        column.browser.put(address(column, plugin), {"on": True})
        return
    assert f"plan {cheapest(plugin)}" in sheet.find(class_="lock-note").text
    assert not sheet.find(attrs={"name": f"{plugin}:on"})
    assert all(one.has_attr("disabled") for one in sheet.find_all(["input", "select", "textarea"]))
    check_refused(answer, plugin)
    column.browser.write("POST", f"/lines/{column.company.line.id}/", {f"{plugin}:sheet": "1"})
    profile = LineProfile.get(line=column.company.line, plugin=plugin)
    assert profile.on
    assert profile.stored == before


def check_refused(answer: Any, feature: str) -> None:
    """The API says no as every door does, and carries the decision."""
    assert answer.status_code == 403
    assert answer.json["error_id"] == "feature-not-in-plan"
    decision = answer.json["details"]["decision"]
    assert says(decision, feature)
    assert answer.json["message"] == decision["sentence"]
