"""One test per hook: it is asked when the specification says, and its answer counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import peewee
from flask import Blueprint

from core import registry as registries
from core.api import (
    Client,
    Connect,
    Destination,
    DestinationKind,
    Feature,
    FeatureKind,
    GatewayKind,
    Gather,
    Hangup,
    Job,
    Play,
    Plugin,
    Result,
    ResultKind,
    Ring,
    Say,
    Sip,
    Sound,
    Stage,
    Table,
    Tone,
    hookimpl,
    why_unavailable,
)
from core.app import tables
from core.plans.file.document import parse_plans
from core.plans.impact.impact import impact
from core.store.directory import employees
from core.web.webhooks import build_webhooks
from tests.calls.plugins import Desk, Stager, asks

PLANS_OF_SEATS = "schema: 1\nplans:\n  full: {{title: X, features: {{partner.seats: {seats}}}}}\n"


class Named:
    """The least a plugin can be; tests add a hook."""

    @hookimpl
    def register_plugin(self) -> Plugin:
        return Plugin(
            "partner",
            "Partner",
            stages=(Stage("partner", "Partner", 10),),
            destinations=(DestinationKind("door", "A door"),),
            on_by_default=True,
        )


def loaded(plugin: Any) -> registries.Registry:
    """A registry of this plugin alone."""
    return registries.load(names=(), extra={"partner": plugin})


def test_hook_register_plugin():
    registry = loaded(Named())
    assert registry.plugins["partner"].plugin.title == "Partner"
    assert registry.destinations["door"][1] == "partner"


def test_hook_register_tables():
    class Thing(Table):
        name = peewee.CharField()

        class Meta:
            table_name = "partner_things"

    class WithTable(Named):
        @hookimpl
        def register_tables(self):
            return [Thing]

    assert Thing in tables(loaded(WithTable()))


def test_hook_register_gateways():
    class Gateway(Named):
        @hookimpl
        def register_gateways(self):
            return [GatewayKind("carrier", "Carrier", (), lambda row: [], lambda row, url: b"")]

    assert loaded(Gateway()).gateways["carrier"].title == "Carrier"


def test_hook_register_blueprints(install):
    blueprint = Blueprint("partner", __name__, url_prefix="/partner")
    blueprint.add_url_rule("/ping", view_func=lambda: "pong", endpoint="ping")

    class WithRoutes(Named):
        @hookimpl
        def register_blueprints(self):
            return [blueprint]

    kit = install(partner=WithRoutes())
    client = build_webhooks(kit.app, kit.app.registry).test_client()
    assert client.get("/partner/ping").text == "pong"


def test_hook_register_jobs(install):
    ran: list[datetime] = []

    class WithJob(Named):
        @hookimpl
        def register_jobs(self):
            return [Job("count", 60, ran.append)]

    kit = install(partner=WithJob())
    jobs = kit.app.jobs()
    for seconds in (0, 30, 31):
        jobs.run_due(kit.clock.forward(seconds=seconds))
    assert len(ran) == 2


def test_hook_identify_caller(install):
    partner = Stager(route=asks, identify=lambda call: Client("partner", "1", "Ada Verdi"))
    call = install(partner=partner).company("full").call()
    assert call.order.call.client.name == "Ada Verdi"


def test_hook_route_call(install):
    call = install(partner=Stager(route=asks)).company("full").call()
    assert isinstance(call.step, Gather)


def test_hook_connect_call(install):
    partner = Stager(route=lambda call: Connect(Destination("desk", "1")))
    call = install(partner=partner, desk=Desk(position=90)).company("full").call()
    assert isinstance(call.step, Ring)


def test_hook_continue_call(install):
    partner = Stager(route=asks, proceed=lambda call, result, state: Hangup((Say(result.digits),)))
    call = install(partner=partner).company("full").call()
    call.result(Result(ResultKind.DIGITS, digits="4"))
    assert call.says == ["4"]


def test_hook_find_absent(install):
    class AtLunch(Named):
        @hookimpl
        def find_absent(self, call):
            return {anna.id: "at lunch"}

    def reachable(call):
        call.note("; ".join(why_unavailable(call, one) for one in employees(call.account).values()))

    stager = Stager("looks", position=20, route=reachable)
    company = install(partner=AtLunch(), looks=stager).company("full")
    anna, _ = company.employee("101"), company.employee("102")
    company.profile("partner", on=False)
    call = company.call()
    assert "at lunch; " in [entry["reason"] for entry in call.trace]


def test_hook_find_tone(install):
    class Bells(Named):
        @hookimpl
        def find_tone(self, tone):
            return Sound(f"partner:{tone.name}", "bells") if tone.name == "greeting" else None

    prompts = (Tone("greeting", "Welcome."), Tone("hold", "Please hold.", "en"))
    stager = Stager("plays", position=20, route=lambda call: Play(prompts))
    call = install(partner=Bells(), plays=stager).company("full").call()
    assert call.step.prompts == (Sound("partner:greeting", "bells"), Say("Please hold.", "en"))


def test_hook_prepare_talk(install):
    call = install(desk=Desk(terms={})).company("full").call()
    assert call.order.record


def test_hook_follow_talk(install):
    class Asks(Named):
        @hookimpl
        def follow_talk(self, call):
            return Gather((Say(f"How was it? {call.talk.seconds}"),))

        @hookimpl
        def continue_call(self, result):
            return None

    call = install(partner=Asks(), desk=Desk()).company("full").call()
    call.answered()
    call.talked(33)
    assert call.says == ["How was it? 33"]
    call.press("5")
    assert isinstance(call.step, Hangup), "nothing is routed after a talk"
    assert call.outcome == "answered"


def test_hook_call_ended(install):
    desk = Desk()
    kit = install(desk=desk)
    kit.company("full").call().hang_up()
    kit.jobs(seconds=31)
    kit.jobs(seconds=1)
    assert [outcome for _, outcome in desk.told] == ["missed"]


def test_hook_count_use(install):
    class Counts(Named):
        @hookimpl
        def register_plugin(self):
            seats = Feature("partner.seats", "Seats", FeatureKind.NUMBER)
            return Plugin("partner", "Partner", features=(seats,))

        @hookimpl
        def count_use(self, feature, more_than, account):
            return {rossi: 5} if (feature, more_than, account) == ("partner.seats", 3, None) else {}

    kit = install(partner=Counts())
    rossi = kit.company("full", name="Rossi").account.id
    before, after = (
        parse_plans(PLANS_OF_SEATS.format(seats=seats), kit.app.registry) for seats in (9, 3)
    )
    told = impact(kit.app.store, kit.app.registry, before, after, kit.clock())
    assert [(row.account.name, row.feature, row.used) for row in told.over.rows] == [
        ("Rossi", "partner.seats", 5)
    ]


def test_a_sip_target_needs_no_number():
    assert Sip("anna@pbx.example").key == "sip:anna@pbx.example"
