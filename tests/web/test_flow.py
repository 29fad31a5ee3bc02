"""The flow of a number: read from plugins of any kind, drawn, as text, as JSON, by command."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from core.api import END, NEXT, Exit, Feature, FlowNode, gate_ask, hookimpl
from core.contract.plugin import DestinationKind, Offer, Plugin, Stage
from core.store.accounts import PluginSwitch
from core.store.lines import GatewayRow, LineProfile, LineRow
from core.web.flow.graph import LAST, START
from core.web.flow.reading import MOST_BOXES, read_flow
from tests.support.site import open_site

NOW = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
PLANS = """
schema: 1
plans:
  free: {title: Free, features: {}}
  big: {title: Big, extends: free, features: {maze: true, maze.deep: true}}
"""


class Maze:
    """A partner's plugin: one stage, and rooms that lead to one another in a circle."""

    rooms = 3

    @hookimpl
    def register_plugin(self):
        return Plugin(
            "maze",
            "Maze",
            "Leads callers around.",
            features=(Feature("maze", "Maze"), Feature("maze.deep", "Deep maze")),
            stages=(Stage("maze", "The maze", 45),),
            destinations=(DestinationKind("room", "Room"),),
            on_by_default=True,
        )

    @hookimpl
    def describe_stage(self, account, line, stage):
        exits = (Exit("in", "room:1"), Exit("round it", NEXT))
        return FlowNode("Way in", (f"{line.number} of {account.name}",), exits, link="/maze/")

    @hookimpl
    def describe_destination(self, account, destination):
        number = int(destination.id)
        if not 1 <= number <= self.rooms:
            return None
        following = number % self.rooms + 1
        deep = gate_ask("maze.deep")
        exits = (
            Exit("key 1", f"room:{following}"),
            Exit("key 2", "voicemail:employee:999"),
            Exit("key 3", "number:+393331234567", off="" if deep.allowed else deep.sentence),
            Exit("key 4", "tunnel:7"),
            Exit("key 0", END),
            Exit("silence", NEXT),
        )
        return FlowNode(f"Room {number} of <{account.plan}>", (), exits, link=f"/maze/{number}/")


class Silent:
    """A plugin that describes nothing."""

    @hookimpl
    def register_plugin(self):
        return Plugin(
            "silent",
            "Silent",
            "Says nothing of itself.",
            stages=(Stage("silent", "Silence", 46),),
            destinations=(DestinationKind("pause", "Pause"),),
            on_by_default=True,
        )

    @hookimpl
    def offer_destinations(self, account):
        return [Offer("pause:1", "A short pause")]


class Faulty:
    """A plugin that fails, and one that answers rubbish."""

    @hookimpl
    def register_plugin(self):
        return Plugin(
            "faulty",
            "Faulty",
            stages=(Stage("faulty", "Fault", 47), Stage("rubbish", "Rubbish", 48)),
            on_by_default=True,
        )

    @hookimpl
    def describe_stage(self, stage):
        return "a box" if stage == "rubbish" else 1 / 0


class Site:
    """A number in an account on the big plan."""

    def __init__(self, site):
        self.site = site
        self.account = site.account("Rossi", "big")
        self.other = site.account("Dupont", "big")
        gateway = GatewayRow.create(account=self.account, kind="twiml", provider="twilio", name="G")
        self.line = LineRow.create(
            account=self.account, number="+390612345678", name="Rome <1>", gateway=gateway
        )
        self.foreign = LineRow.create(account=self.other, number="+33140000000", name="zzforeign")

    def say(self, plugin, on=True, **stored):
        row = LineProfile.get_or_none(line=self.line, plugin=plugin)
        if row is None:
            row = LineProfile(account=self.account, line=self.line, plugin=plugin)
        row.on, row.stored = on, stored
        row.save()

    def read(self, plan="", also=()):
        with self.site.app.test_request_context("/"):
            return read_flow(self.site.centralino, self.line, NOW, plan, also)


@pytest.fixture
def place(tmp_path):
    plugins = ("crm", "extension", "forward", "twiml", "voicemail")
    extra = {"maze": Maze(), "silent": Silent(), "faulty": Faulty()}
    with open_site(tmp_path, plugins, PLANS, **extra) as site:
        yield Site(site)


def test_hook_describe_stage(place):
    """The order of the stages is the registry's, and a partner's stage is among them."""
    flow = place.read()
    assert flow.spine == (
        START,
        "stage:sip-to",
        "stage:greeting",
        "stage:maze",
        "stage:silent",
        "stage:faulty",
        "stage:rubbish",
        "stage:responsible",
        LAST,
    )
    maze = flow.boxes["stage:maze"]
    assert (maze.title, maze.caption, maze.link) == ("Way in", "The maze", "/maze/")
    assert maze.lines == ("+390612345678 of Rossi",)
    assert flow.boxes["stage:greeting"].idle
    assert flow.boxes["stage:greeting"].link == f"/lines/{place.line.id}/#sheet-extension"


def test_hook_describe_destination(place):
    """Destinations unfold, and a circle ends."""
    flow = place.read()
    assert [key for key in flow.boxes if key.startswith("room")] == ["room:1", "room:2", "room:3"]
    assert flow.boxes["room:3"].ways[0].to == "room:1"
    assert flow.boxes["room:2"].next == "stage:silent"


def test_what_does_not_exist_says_so(place):
    flow = place.read()
    assert "does not exist any more" in flow.boxes["voicemail:employee:999"].off
    assert "“tunnel”" in flow.boxes["tunnel:7"].off


def test_a_plugin_that_describes_nothing_has_a_box_with_what_it_says_of_itself(place):
    flow = place.read(also=["pause:1", "pause:2"])
    silent = flow.boxes["stage:silent"]
    assert (silent.title, silent.lines, silent.idle) == (
        "Silence",
        ("Says nothing of itself.",),
        False,
    )
    assert [way.to for way in silent.ways] == [NEXT]
    assert flow.boxes["pause:1"].title == "A short pause"
    assert "does not exist any more" in flow.boxes["pause:2"].off


def test_a_fault_is_the_plugins_own_and_named_in_its_box(place):
    flow = place.read()
    assert "division by zero" in flow.boxes["stage:faulty"].lines[0]
    assert "describe_stage answered" in flow.boxes["stage:rubbish"].lines[0]
    assert flow.boxes[LAST].reached


def test_what_the_plan_leaves_out_is_closed_with_the_gates_sentence_and_the_cheapest_plan(place):
    flow = place.read("free")
    maze = flow.boxes["stage:maze"]
    assert "Maze is not in the plan" in maze.off
    assert maze.plan == "Big"
    assert maze.compare == "/plans/#maze"
    assert [way.to for way in maze.ways if not way.off] == [NEXT]
    assert not flow.boxes["room:1"].reached
    assert flow.boxes["stage:silent"].reached
    assert place.read().boxes["stage:maze"].off == ""


def test_a_plugin_that_asks_the_gate_is_answered_for_the_plan_that_is_shown(place):
    closed = {way.label: way.off for way in place.read("free").boxes["room:1"].ways}
    assert "Deep maze is not in the plan" in closed["key 3"]
    assert "<free>" in place.read("free").boxes["room:1"].title
    opened = {way.label: way.off for way in place.read().boxes["room:1"].ways}
    assert opened["key 3"] == ""


def test_switches_of_the_account_and_the_number_leave_out_too(place):
    place.say("maze", on=False)
    assert place.read().boxes["stage:maze"].off == "Switched off for this number."
    PluginSwitch.create(account=place.account, plugin="maze", on=False)
    assert place.read().boxes["stage:maze"].off == "Switched off for the whole account."
    assert "is not in the plan" in place.read("free").boxes["stage:maze"].off


def test_the_last_resort_is_the_numbers_backup_else_the_accounts_else_none(place):
    assert place.read().boxes[LAST].title == "Hang up"
    place.account.backup_number = "+393330000001"
    place.account.save()
    place.line = LineRow.get_by_id(place.line.id)
    assert "333 000 0001" in place.read().boxes[LAST].title.replace("\xa0", " ")
    assert "The account's." in place.read().boxes[LAST].lines
    place.line.backup_number = "+393330000002"
    place.line.save()
    assert "The number's own." in place.read().boxes[LAST].lines


def test_an_endless_flow_stops_and_says_so(place, monkeypatch):
    monkeypatch.setattr(Maze, "rooms", MOST_BOXES * 2)
    flow = place.read()
    assert flow.cut
    assert len(flow.boxes) <= MOST_BOXES


# --- The greeting, extensions, the responsible, voicemail, outside numbers -----------------------


def test_the_greeting_shows_what_it_does_and_the_rule_of_its_extensions(place):
    place.say(
        "extension",
        greeting=True,
        greeting_text="Ciao",
        dial_extension=True,
        excluded=["101"],
        no_answer="voicemail",
    )
    flow = place.read()
    greeting = flow.boxes["stage:greeting"]
    assert greeting.lines == ("“Ciao”", "Callers may dial an extension.", "Not: 101.")
    assert [way.to for way in greeting.ways] == ["extension", "voicemail:employee", NEXT]
    assert flow.boxes["extension"].title == "The dialled extension"
    assert "For the employee who was rung." in flow.boxes["voicemail:employee"].lines


def test_sip_to_is_drawn_on_a_pbx_line_only(place):
    assert place.read().boxes["stage:sip-to"].idle
    place.line.kind = "sip-pbx"
    sip_to = place.read().boxes["stage:sip-to"]
    assert not sip_to.idle
    assert [way.to for way in sip_to.ways] == ["employee", NEXT]


def test_an_outside_number_that_may_not_be_dialled_says_why(place):
    flow = place.read(also=["number:+390612345678", "number:+393331234568"])
    assert "is a number of this account" in flow.boxes["number:+390612345678"].off
    assert flow.boxes["number:+393331234568"].off == ""


# --- The page ------------------------------------------------------------------------------------


def test_the_page_draws_and_tells_the_flow_and_leads_to_the_pages_that_set_it(place):
    browser = place.site.sign_in(place.account, "admin")
    page = browser.get(f"/flow/{place.line.id}/").text
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="flow-drawing ' in page
    assert 'id="flow-stage:maze"' in page
    assert 'href="/maze/1/"' in page
    assert "Room 1 of &lt;big&gt;" in page
    assert "Rome &lt;1&gt;" in page
    assert 'id="text-room:2"' in page
    assert "style=" not in page.split("<svg", 1)[1].split("</svg>")[0]
    card = browser.get(f"/lines/{place.line.id}/").text
    assert f'href="/flow/{place.line.id}/"' in card
    assert f'href="/flow/{place.line.id}/"' in browser.get("/lines/").text


def test_the_page_shows_another_plan_and_refuses_one_that_is_none(place):
    browser = place.site.sign_in(place.account, "supervisor")
    page = browser.get(f"/flow/{place.line.id}/?plan=free").text
    assert "What if:" in page
    assert "Maze is not in the plan" in page
    assert '<a href="/plans/#maze">Compare plans</a>' in page
    assert (
        "There is no plan “gold”; there are free, big."
        in browser.get(f"/flow/{place.line.id}/?plan=gold").text
    )
    assert place.account.get_by_id(place.account.id).plan == "big"


def test_a_large_flow_is_shown_in_part_whole_or_from_one_box(place, monkeypatch):
    monkeypatch.setattr(Maze, "rooms", 200)
    browser = place.site.sign_in(place.account, "admin")
    address = f"/flow/{place.line.id}/"
    page = browser.get(address).text
    assert "boxes further on are not shown" in page
    assert 'id="flow-room:199"' not in page
    assert 'id="text-room:199"' in page
    assert "?from=room:" in page
    assert 'id="flow-room:199"' in browser.get(f"{address}?all=1").text
    part = browser.get(f"{address}?from=room:150&plan=free").text
    assert "From “Room 150 of &lt;free&gt;” on." in part
    assert 'id="flow-start"' not in part
    assert browser.get(f"{address}?from=room:999").status_code == 200


def test_the_file_stands_alone(place):
    browser = place.site.sign_in(place.account, "admin")
    answer = browser.get(f"/flow/{place.line.id}/flow.svg?plan=free")
    assert answer.mimetype == "image/svg+xml"
    assert 'filename="flow-390612345678.svg"' in answer.headers["Content-Disposition"]
    root = ElementTree.fromstring(answer.text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert ".flow-drawing" in root.find("{http://www.w3.org/2000/svg}style").text
    assert root.findall(".//{http://www.w3.org/2000/svg}a[@href='/maze/']") == []


@pytest.mark.parametrize("path", ["/flow/{}/", "/flow/{}/flow.svg", "/api/lines/{}/flow"])
def test_the_flow_is_for_admins_and_supervisors_of_the_account(place, path):
    own, foreign = path.format(place.line.id), path.format(place.foreign.id)
    for role, status in (("admin", 200), ("supervisor", 200), ("agent", 403)):
        browser = place.site.sign_in(place.account, role)
        assert browser.get(own).status_code == status
        answer = browser.get(foreign)
        assert answer.status_code == (404 if status == 200 else 403)
        assert "zzforeign" not in answer.text
    assert place.site.app.test_client().get(own).status_code in (302, 401)
    assert place.site.sign_in(place.account, "admin").get("/flow/").status_code == 404


# --- For programs -----------------------------------------------------------------------------


def test_the_api_answers_the_same_as_nodes_and_edges(place):
    browser = place.site.sign_in(place.account, "supervisor")
    data = browser.get(f"/api/lines/{place.line.id}/flow?plan=free").json
    nodes = {one["key"]: one for one in data["nodes"]}
    assert data["spine"][0] == "start"
    assert nodes["stage:maze"]["plan"] == "Big"
    assert not nodes["room:1"]["reached"]
    assert {"from": "room:1", "to": "room:2", "label": "key 1"}.items() <= next(
        one.items() for one in data["edges"] if one["from"] == "room:1"
    )
    assert {one["to"] for one in data["edges"] if one["from"] == "stage:silent"} == {"stage:faulty"}
    wrong = browser.get(f"/api/lines/{place.line.id}/flow?plan=gold")
    assert wrong.status_code == 422
    assert "gold" in wrong.json["message"]


@pytest.fixture
def command(place, monkeypatch):
    """Runs ``centralino flow`` on this installation."""
    from contextlib import contextmanager

    from core.cli import flow

    @contextmanager
    def application():
        with place.site.app.app_context():
            yield place.site.app

    monkeypatch.setattr(flow, "application", application)

    def run(*arguments):
        return CliRunner().invoke(flow.flow, arguments, catch_exceptions=False)

    return run


def test_the_command_prints_a_tree_or_json_or_draws(command, tmp_path):
    text = command("+390612345678").output
    assert "Way in [The maze]: +390612345678 of Rossi" in text
    assert "    in → Room 1 of <big> [Room]" in text
    assert "        key 1 → Room 2 of <big> [Room]" in text
    assert "key 1 → Room 1 of <big> (see there)" in text
    assert "Maze is not in the plan" in command("+390612345678", "--plan", "free").output
    data = json.loads(command("+390612345678", "--json").output)
    assert data["number"] == "+390612345678"
    file = tmp_path / "flow.svg"
    command("+390612345678", "--svg", str(file))
    assert ElementTree.parse(file).getroot().get("class").startswith("flow-drawing ")
