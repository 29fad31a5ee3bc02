"""The hooks of pages, jobs and demo, each through the door at which it is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask_admin import expose
from marshmallow import fields

from core.api import (
    AdminPage,
    Alert,
    AnswerSchema,
    Badge,
    Destination,
    DestinationKind,
    GatewayKind,
    Offer,
    Panel,
    Plugin,
    Problem,
    Routes,
    Settings,
    Stage,
    hookimpl,
    setting,
)
from core.contract.events import RecordingChanged
from core.demo import build_demo
from core.store.accounts import PluginSwitch
from core.store.lines import GatewayRow, LineProfile, LineRow
from core.testing import Clock, Company, Kit, LiveCall
from core.web.uses import uses
from tests.served.conftest import sound
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = "schema: 1\nplans:\n  full:\n    title: Full\n    features: {}\n"


class DoorSettings(Settings):
    """Where the partner sends a call."""

    target = setting(fields.String(load_default=""), "Target", choose="destination:door")


class Page(AdminPage):
    """A page of the partner's."""

    plugin = "partner"

    @expose("/")
    def index(self) -> str:
        return "a partner's page"


doors = Routes("Doors")


class DoorsSchema(AnswerSchema):
    """How many doors there are."""

    count = fields.Integer()


@doors.get("/doors", roles=("admin",), feature="partner", answer=DoorsSchema)
def count_doors() -> dict[str, int]:
    """How many doors the account has."""
    return {"count": 2}


class Partner:
    """Takes part in every page; ``stored`` and ``demo`` collect what it was told."""

    def __init__(self) -> None:
        self.stored: list[Any] = []
        self.demo: list[Any] = []

    @hookimpl
    def register_plugin(self) -> Plugin:
        return Plugin(
            "partner",
            "Partner",
            settings=DoorSettings,
            stages=(Stage("partner", "Partner", 10),),
            destinations=(DestinationKind("door", "A door"),),
            on_by_default=True,
        )

    @hookimpl
    def register_views(self) -> Any:
        return [Page(name="Doors", endpoint="partner_doors", url="/partner/doors/")]

    @hookimpl
    def register_api(self) -> Any:
        return [doors]

    @hookimpl
    def register_gateways(self) -> Any:
        return [GatewayKind("carrier", "Carrier", (("x", "X"),), lambda row: [], fetch)]

    @hookimpl
    def offer_destinations(self, account: Any) -> Any:
        return [Offer("door:front", "The front door"), Offer("door:back", "The back door")]

    @hookimpl
    def find_uses(self, account: Any, destination: Any) -> Any:
        return ["the bell"] if destination.kind == "door" else []

    @hookimpl
    def check_settings(self, line: Any, settings: Any) -> Any:
        if settings.target == "door:back":
            return [Problem("target", "The back door is walled up.")]
        return []

    @hookimpl
    def describe_line(self, line: Any, at: Any) -> Any:
        return [Badge(f"{line.number} is quiet at {at}", "good", "nobody calls")]

    @hookimpl
    def find_alerts(self, account: Any, at: Any) -> Any:
        return [Alert(f"The doors of {account.name} creak since {at}.", "/partner/doors/")]

    @hookimpl
    def describe_call(self, call: Any) -> Any:
        return [Panel("At the door", (("Bell", f"rung by {call.caller}"),))]

    @hookimpl
    def recording_stored(self, recording: Any) -> None:
        self.stored.append((recording.kind, recording.seconds))

    @hookimpl
    def demo_company_created(self, account: Any, company: Any) -> None:
        self.demo.append(account.name)


def fetch(gateway: Any, url: str) -> bytes:
    """The partner's gateway brings every recording."""
    return sound(2)


@pytest.fixture
def partner() -> Partner:
    """The plugin of these tests."""
    return Partner()


@pytest.fixture
def site(tmp_path, partner):
    """A web admin with the partner's plugin."""
    with open_site(tmp_path, (), PLANS, partner=partner) as site:
        yield site


@pytest.fixture
def line(site) -> LineRow:
    """A number of a company."""
    account = site.account("Verdi", "full")
    gateway = GatewayRow.create(account=account, kind="carrier", provider="x", name="Carrier")
    return LineRow.create(account=account, gateway=gateway, number="+390612345678")


def test_hook_register_views(site, line):
    admin = site.sign_in(line.account, "admin")
    assert admin.get("/partner/doors/").text == "a partner's page"
    assert site.app.test_client().get("/partner/doors/").status_code == 302


def test_hook_register_api(site, line):
    admin = site.sign_in(line.account, "admin")
    assert admin.get("/api/doors").json == {"count": 2}
    assert "/api/doors" in admin.get("/api/openapi.json").json["paths"]
    assert site.sign_in(line.account, "agent").get("/api/doors").status_code == 403
    PluginSwitch.create(account=line.account, plugin="partner", on=False)
    closed = admin.get("/api/doors")
    assert (closed.status_code, closed.json["error_id"]) == (403, "feature-not-in-plan")


def test_hook_offer_destinations(site, line):
    card = site.sign_in(line.account, "admin").get(f"/lines/{line.id}/")
    assert "The front door" in card.text


def test_hook_check_settings(site, line):
    admin = site.sign_in(line.account, "admin")
    answer = admin.put(
        f"/api/lines/{line.id}/settings/partner", {"stored": {"target": "door:back"}}
    )
    assert answer.status_code == 422
    assert "The back door is walled up." in answer.text
    assert LineProfile.select().count() == 0


def test_hook_find_uses(site, line):
    door = Destination("door", "front")
    found = uses(site.centralino.registry, line.account.picture(), door)
    assert found == ["the bell"]
    LineProfile.create(
        account=line.account, line=line, plugin="partner", on=True, stored={"target": "door:front"}
    )
    found = uses(site.centralino.registry, line.account.picture(), door)
    assert found == ["+39\xa006\xa01234\xa05678: Partner", "the bell"]


def test_hook_recording_stored(site, line, partner):
    call = place_call(site, line)
    gateway = line.gateway.id
    event = RecordingChanged(
        gateway, call.order.token, "RE1", "completed", NOON, "https://x/RE1", 2, kind="message"
    )
    site.centralino.engine.deliver(event, lambda order: "")
    jobs = site.centralino.jobs()
    for seconds in (1, 5, 10):
        jobs.run_due(NOON + timedelta(seconds=seconds))
    assert partner.stored == [("message", 2)]


def test_hook_describe_line(site, line, partner):
    admin = site.sign_in(line.account, "admin")
    page = admin.get("/lines/").text
    assert "+390612345678 is quiet at 2026-11-20 11:00:00+00:00" in page
    LineProfile.create(account=line.account, line=line, plugin="partner", on=False)
    assert "is quiet" not in admin.get("/lines/").text


def test_hook_find_alerts(site, line):
    admin = site.sign_in(line.account, "admin")
    page = admin.get("/").text
    assert "The doors of Verdi creak since 2026-11-20 11:00:00+00:00." in page
    assert '<a href="/partner/doors/">' in page
    assert "1 thing to look at" in admin.get("/lines/").text  # the head of every page
    supervisor = site.sign_in(line.account, "supervisor")
    assert "creak" not in supervisor.get("/").text
    assert "to look at" not in supervisor.get("/lines/").text
    PluginSwitch.create(account=line.account, plugin="partner", on=False)
    assert "creak" not in admin.get("/").text
    assert "to look at" not in admin.get("/lines/").text


def test_hook_describe_call(site, line):
    call = place_call(site, line)
    call.hang_up()
    found = site.centralino.store.row("SELECT id FROM calls")[0]
    page = site.sign_in(line.account, "admin").get(f"/calls/{found}/")
    assert "At the door" in page.text
    assert "rung by +393331234567" in page.text


def test_hook_demo_company_created(site, partner):
    with site.app.app_context():
        build_demo(site.centralino, site.app.extensions["users"], NOON, lambda text: None)
    assert len(partner.demo) == 1


def place_call(site, line) -> LiveCall:
    """A call to the number; nobody takes it."""
    kit = Kit(site.centralino, Clock(NOON))
    return Company(kit, line.account, line.gateway, line).call()
