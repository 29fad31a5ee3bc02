"""What is refused and what is warned of when a number is saved (N5): each row of the table in
docs/admin.md, at every door: form, API, import, copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from marshmallow import fields
from ruamel.yaml import YAML

from core.api import N_, Destination, Exit, FlowNode, Settings, setting
from core.contract.flow import END
from core.contract.hookspecs import hookimpl
from core.contract.plugin import DestinationKind, Offer, Plugin, Stage
from core.registry import load
from core.store.accounts import AccountRow
from core.store.lines import LineProfile, LineRow
from core.testing import close_kit, open_kit
from core.web.card.document import as_yaml
from plugins.ivr.models import KeyRow, MenuRow
from plugins.queue.models import GroupRow, MemberRow
from plugins.workhours.models import ScheduleRow
from tests.web.conftest import PLUGINS, Site, StubPlugin

PLANS = """
schema: 1
plans:
  free:
    title: Free
    features: {stub: true, crm: true, workhours: true, ivr: true, ivr.max_depth: 1}
  professional:
    title: Professional
    extends: free
    features: {ivr.max_depth: unlimited, queue.max_groups: unlimited}
"""


class Door:
    """A plugin whose stage leads to a chosen door, and whose doors lead where ``leads`` says."""

    def __init__(self, name: str, leads: dict[str, tuple[str, ...]]) -> None:
        self.name, self.leads = name, leads

        class DoorSettings(Settings):
            door = setting(fields.String(load_default=""), N_("Door"), choose="destination")

        self.settings = DoorSettings

    @hookimpl
    def register_plugin(self) -> Plugin:
        kinds = (DestinationKind(self.name, self.name.title()),)
        stages = (Stage(self.name, self.name.title(), 45),)
        return Plugin(self.name, self.name.title(), settings=self.settings, stages=stages,
                      destinations=kinds, on_by_default=True)  # fmt: skip

    @hookimpl
    def offer_destinations(self, account: Any) -> list[Offer]:
        return [Offer(f"{self.name}:{key}", f"{self.name} {key}") for key in self.leads]

    @hookimpl
    def describe_stage(self, settings: Any) -> FlowNode | None:
        return FlowNode(self.name, exits=(Exit("", settings.door),)) if settings.door else None

    @hookimpl
    def describe_destination(self, destination: Destination) -> FlowNode | None:
        if destination.id not in self.leads:
            return None
        exits = tuple(Exit("", to) for to in self.leads[destination.id])
        return FlowNode(f"{self.name} {destination.id}", exits=exits)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checks")
    plans = folder / "plans.yaml"
    plans.write_text(PLANS)
    ways = {"a": ("right:a",), "b": (END,), "c": ("right:c",), "d": ("right:d",)}
    doors = {
        "left": Door("left", ways),
        "right": Door("right", {"a": ("left:a", END), "c": ("right:gone",), "d": ("left:b",)}),
    }  # fmt: skip
    registry = load((*PLUGINS, "ivr"), {"stub": StubPlugin(), **doors})
    kit = open_kit(folder, registry, plans=plans)
    site = Site(kit)
    with site.app.app_context():
        site.fill()
        _furnish(site)
    yield site
    close_kit(kit)


@pytest.fixture(scope="module")
def admin(site):
    return site.sign_in("anna")


def _furnish(site):
    """Things that settings can lead to, good and bad; ``site.ids`` has their ids by name."""
    rome = site.rome
    site.second = LineRow.create(account=rome, number="+390699999999", name="Shop")
    sales = GroupRow.create(account=rome, name="Sales")
    MemberRow.create(account=rome, group=sales, position=1, employee=site.anna)
    empty = GroupRow.create(account=rome, name="Empty")
    never = ScheduleRow.create(account=rome, name="Never")
    flat = MenuRow.create(account=rome, name="Flat", prompt="Hello")
    deep = MenuRow.create(account=rome, name="Deep", prompt="Hello")
    below = MenuRow.create(account=rome, name="Below", prompt="Hello")
    lost = MenuRow.create(account=rome, name="Lost", prompt="Hello")
    KeyRow.create(account=rome, menu=deep, key="1", target=f"ivr:{below.id}")
    KeyRow.create(account=rome, menu=below, key="1", target=f"queue:{sales.id}")
    KeyRow.create(account=rome, menu=lost, key="1", target="queue:987")
    site.ids = {"sales": sales.id, "empty": empty.id, "never": never.id, "flat": flat.id,
                "deep": deep.id, "lost": lost.id}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A row of the table: what is saved, on which field something is said, and what."""

    plugin: str
    stored: dict[str, Any]
    field: str
    says: str
    refused: bool = True

    def filled(self, ids: dict[str, int]) -> dict[str, Any]:
        return {
            key: one.format(**ids) if isinstance(one, str) else one
            for key, one in self.stored.items()
        }


REFUSED = {
    "extension dialling without the greeting (R3)": Row(
        "extension", {"dial_extension": True, "greeting": False}, "dial_extension",
        "switch the greeting on"),
    "a deleted group": Row("queue", {"group": "queue:987"}, "group", "any more"),
    "an empty group": Row("queue", {"group": "queue:{empty}"}, "group", "Nobody is in group Empty"),
    "a deleted menu": Row("ivr", {"menu": "ivr:987"}, "menu", "does not exist any more"),
    "a deleted schedule": Row(
        "workhours", {"schedule": "schedule:987"}, "schedule", "does not exist any more"),
    "closed, to no number": Row("workhours", {"outside": "forward"}, "number", "Type the number"),
    "closed, to an own number": Row(
        "workhours", {"outside": "forward", "number": "+390612345678"}, "number",
        "the call would come back"),
    "closed, to a number that may not be called": Row(
        "workhours", {"outside": "forward", "number": "+882123456789"}, "number", "+882123456789"),
    "closed, to no destination": Row(
        "workhours", {"outside": "destination"}, "destination", "Choose the destination"),
    "a deleted destination": Row("left", {"door": "right:987"}, "door", "does not exist any more"),
    "a deleted employee": Row("crm", {"lead_responsible": 987654}, "lead_responsible", ""),
}  # fmt: skip

WARNED = {
    "no group": Row("queue", {"group": ""}, "group", "No group is chosen", False),
    "no menu": Row("ivr", {"menu": ""}, "menu", "No menu is chosen", False),
    "a menu without keys": Row("ivr", {"menu": "ivr:{flat}"}, "menu", "has no keys", False),
    "a menu deeper than the plan (R4)": Row(
        "ivr", {"menu": "ivr:{deep}"}, "menu", "menus of level 2", False),
    "a schedule that never opens": Row(
        "workhours", {"schedule": "schedule:{never}"}, "schedule", "never opens", False),
    "a circle through several plugins": Row(
        "left", {"door": "left:a"}, "door", "Calls can go round: left a → right a → left a", False),
    "a dead end behind other plugins": Row(
        "left", {"door": "left:c"}, "door", "left c → right c → Right: This destination does not",
        False),
    "a key that leads to a deleted group": Row(
        "ivr", {"menu": "ivr:{lost}"}, "menu", "does not exist any more", False),
}  # fmt: skip

ALL = {**REFUSED, **WARNED}


@pytest.fixture
def anna(admin):
    """The account's admin; no number has any settings yet."""
    LineProfile.delete().execute()
    return admin


def by_form(site, browser, row):
    page = BeautifulSoup(browser.get(f"/lines/{site.company.line.id}/").text, "html.parser")
    sheet = page.select_one(f"#sheet-{row.plugin}")
    data = {f"{row.plugin}:sheet": "1", f"{row.plugin}:on": "on"}
    for one in sheet.select("select[name], textarea[name], input[name]"):
        if one.get("type") not in ("checkbox", "hidden"):
            chosen = one.select_one("option[selected]") or one
            data[one["name"]] = one.text if one.name == "textarea" else chosen.get("value", "")
    for key, value in row.filled(site.ids).items():
        data.pop(f"{row.plugin}.{key}", None)
        if value is not False:
            data[f"{row.plugin}.{key}"] = "on" if value is True else str(value)
    answer = browser.post(f"/lines/{site.company.line.id}/", **data)
    if answer.status_code == 302:
        answer = browser.get(f"/lines/{site.company.line.id}/")
        return True, "", " ".join(BeautifulSoup(answer.text, "html.parser").stripped_strings)
    page = BeautifulSoup(answer.text, "html.parser")
    wrong = page.select_one(".setting:has(.field-error)")
    return False, wrong["id"].removeprefix("setting-").split("-")[-1], wrong.text


def by_api(site, browser, row):
    answer = browser.client.put(
        f"/api/lines/{site.company.line.id}/settings/{row.plugin}",
        json={"on": True, "stored": row.filled(site.ids)},
        headers={"X-CSRFToken": browser.token},
    )
    if answer.status_code == 200:
        return True, "", " ".join(answer.json["warnings"])
    (name,) = answer.json["details"]["fields"]
    return False, name, answer.json["message"]


def by_import(site, browser, row):
    """The row's settings stored on one number, exported, and imported by another."""
    return import_of(site, browser, row, "profile")


def by_copy(site, browser, row):
    return import_of(site, browser, row, "copy")


def import_of(site, browser, row, way):
    line, token = site.company.line, {"X-CSRFToken": browser.token}
    site.company.profile(row.plugin, True, **row.filled(site.ids))
    if way == "copy":
        body = {"plugins": [row.plugin], "to": [site.second.id]}
        answer = browser.client.post(f"/api/lines/{line.id}/copy", json=body, headers=token)
        told = answer.json.get("numbers")
    else:
        data = YAML(typ="safe").load(browser.get(f"/number-profile/{line.id}/export").text)
        data["plugins"] = {row.plugin: data["plugins"][row.plugin]}
        answer = browser.client.put(
            f"/api/lines/{site.second.id}/profile", data=as_yaml(data),
            content_type="application/yaml", headers=token,
        )  # fmt: skip
        told = [answer.json]
    if answer.status_code == 200:
        return True, "", " ".join(told[0]["warnings"])
    (fault,) = answer.json["details"]["faults"]
    assert f"plugins.{row.plugin}.settings." in fault
    return False, fault.split(".settings.")[1].split(":")[0], fault


DOORS = {"form": by_form, "api": by_api, "import": by_import, "copy": by_copy}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ALL)
def test_a_row_of_the_table(site, anna, name, door):
    row = ALL[name]
    saved, field, said = DOORS[door](site, anna, row)
    line = site.second if door in ("import", "copy") else site.company.line
    stored = LineProfile.get_or_none(line=line, plugin=row.plugin)
    if row.refused:
        assert not saved, said
        assert field == row.field, said
        assert stored is None
        # What is gone has no name any more: a file or a copy cannot even say what was meant.
        if "987" not in str(row.stored):
            assert row.says in said
    else:
        assert saved, said
        assert row.says in said
        assert stored is not None


def test_a_way_that_ends_is_no_circle(site, anna):
    row = Row("left", {"door": "left:d"}, "door", "", False)
    saved, _, said = by_api(site, anna, row)
    assert saved
    assert said == ""


def test_a_circle_is_told_only_while_the_plugin_is_on(site, anna):
    answer = anna.client.put(
        f"/api/lines/{site.company.line.id}/settings/left",
        json={"on": False, "stored": {"door": "left:a"}},
        headers={"X-CSRFToken": anna.token},
    )
    assert answer.json["warnings"] == []


# --- The number's own form -----------------------------------------------------------------------


def number_form(site, **typed):
    line = site.company.line
    return {"number": line.number, "name": "Main", "kind": "rented", "gateway": line.gateway_id,
            **typed}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "says"),
    [("+390612345678", "cannot be its own backup"), ("+390699999999", "one of your own numbers")],
)
def test_an_own_number_is_no_backup(site, anna, typed, says):
    line = site.company.line
    page = anna.post(f"/lines/edit/?id={line.id}", **number_form(site, backup_number=typed))
    assert says in page.text
    assert LineRow.get_by_id(line.id).backup_number == ""


def test_a_backup_through_another_line_is_no_own_number_either(site, anna):
    line = site.company.line
    typed = {"backup_number": "+390699999999", "backup_line": str(site.second.id)}
    page = anna.post(f"/lines/edit/?id={line.id}", **number_form(site, **typed))
    assert "one of your own numbers" in page.text


@pytest.mark.parametrize("whose", ["account", "number"])
def test_a_new_number_that_is_a_backup_already_is_refused(site, anna, whose):
    number = "+390655555555"
    row = site.rome if whose == "account" else site.second
    type(row).update(backup_number=number).where(type(row).id == row.id).execute()
    try:
        page = anna.post("/lines/new/", **number_form(site, number=number))
        assert "change that first" in page.text
        assert not LineRow.select().where(LineRow.number == number).exists()
    finally:
        for table in (AccountRow, LineRow):
            table.update(backup_number="").execute()
