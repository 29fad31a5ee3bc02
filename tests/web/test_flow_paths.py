"""The way of a dry run on the flow: from traces to boxes and ways, one run or two (S3)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.contract.flow import END, NEXT
from core.store.lines import GatewayRow, LineProfile, LineRow
from core.store.people import EmployeeRow
from core.web.flow import draw_paths
from core.web.flow.graph import LAST, START, Box, Flow, Kind, Way
from core.web.flow.path import follow
from core.web.flow.paths import parting
from tests.support.site import open_site

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def box(key, *ways):
    return Box(key, Kind.STAGE, key.upper(), ways=tuple(Way(to, to) for to in ways))


SPINE = (
    box(START, NEXT),
    box("stage:hours", "voicemail", NEXT),
    box("stage:ivr", "ivr:6", NEXT),
    box("stage:responsible", "employee", NEXT),
    box("stage:queue", "queue:3", NEXT),
    box(LAST, END),
)
OTHERS = (
    box("ivr:6", "ivr:7", "queue:3", NEXT),
    box("ivr:7", "employee:17", "voicemail:employee", "ivr:6", NEXT),
    box("employee"),
    box("employee:17"),
    box("voicemail", END),
    box("voicemail:employee", END),
    box("queue:3", "queue:4", "voicemail"),
    box("queue:4", "voicemail"),
)
FLOW = Flow({one.key: one for one in (*SPINE, *OTHERS)}, tuple(one.key for one in SPINE))


def trace(*lines):
    """Lines of a trace: ``stage plugin result [place]``."""
    names = ("stage", "plugin", "result", "place")
    return [dict(zip(names, line.split("/"), strict=False)) for line in lines]


def boxes(*lines):
    return follow(FLOW, trace(*lines)).boxes


def test_stages_that_have_nothing_lead_on_and_those_left_out_are_passed_by():
    passed = follow(
        FLOW,
        trace(
            "hours/hours/nothing",
            "gate/ivr/refused",
            "ivr/ivr/skipped",
            "responsible/crm/left-out",
            "queue/queue/nothing",
            "last-resort//backup-number",
        ),
    )
    assert passed.boxes == [START, "stage:hours", "stage:queue", LAST]
    assert passed.ways == [
        (START, NEXT),
        ("stage:hours", NEXT),
        ("stage:ivr", NEXT),
        ("stage:responsible", NEXT),
        ("stage:queue", NEXT),
    ]
    assert passed.last == LAST


def test_menus_are_told_by_the_place_of_their_steps():
    passed = follow(
        FLOW,
        trace(
            "hours/hours/nothing",
            "ivr/ivr/gather/ivr:6",
            "continue/ivr/gather/ivr:7",
            "continue/ivr/connect/ivr:7",
            "connect employee:17/extension/ring",
        ),
    )
    assert passed.boxes[2:] == ["stage:ivr", "ivr:6", "ivr:7", "employee:17"]
    assert passed.ways[-3:] == [
        ("stage:ivr", "ivr:6"),
        ("ivr:6", "ivr:7"),
        ("ivr:7", "employee:17"),
    ]


def test_a_destination_that_did_not_answer_gives_the_call_back():
    passed = follow(
        FLOW,
        trace(
            "ivr/ivr/gather/ivr:6",
            "continue/ivr/gather/ivr:7",
            "continue/ivr/connect/ivr:7",
            "connect employee:17/extension/ring",
            "continue/extension/nothing",
            "continue/ivr/gather/ivr:6",
            "continue/ivr/nothing",
            "responsible/crm/nothing",
        ),
    )
    assert passed.boxes[-3:] == ["employee:17", "ivr:6", "stage:responsible"]
    assert ("ivr:7", "ivr:6") in passed.ways
    assert ("ivr:6", NEXT) in passed.ways
    assert ("employee:17", NEXT) not in passed.ways


def test_a_destination_where_nobody_is_gives_the_call_back_at_once():
    passed = follow(
        FLOW,
        trace(
            "ivr/ivr/connect/ivr:7",
            "connect employee:17/extension/nothing",
            "continue/ivr/connect",
            "connect queue:3/queue/ring",
        ),
    )
    assert passed.boxes[1:] == ["stage:ivr", "ivr:7", "employee:17", "queue:3"]
    assert passed.ways[-1] == ("ivr:7", "queue:3")


def test_a_group_that_hands_on_to_another_and_then_to_voicemail():
    passed = follow(
        FLOW,
        trace(
            "queue/queue/connect",
            "connect queue:3/queue/ring",
            "continue/queue/wait",
            "continue/queue/connect",
            "connect queue:4/queue/ring",
            "continue/queue/connect",
            "connect voicemail/voicemail/take-message",
            "continue/voicemail/hangup",
        ),
    )
    assert passed.boxes[1:] == ["stage:queue", "queue:3", "queue:4", "voicemail"]
    assert passed.ways[-1] == ("voicemail", END)


def test_where_only_the_call_knows_who_it_is_the_flow_has_one_box_for_all():
    """The responsible employee is box ``employee``; a menu's own key leads to ``employee:17``."""
    assert boxes("responsible/crm/connect", "connect employee:17/extension/ring")[-1] == "employee"
    assert boxes("ivr/ivr/connect/ivr:7", "connect employee:17/extension/ring")[-1] == (
        "employee:17"
    )
    assert (
        boxes("ivr/ivr/connect/ivr:7", "connect voicemail:employee:3/voicemail/take-message")[-1]
        == "voicemail:employee"
    )


def test_what_the_flow_does_not_have_is_named_as_missing():
    passed = follow(FLOW, trace("queue/queue/connect", "connect number:+391/forward/ring"))
    assert passed.missing == ["number:+391"]
    assert passed.last == "number:+391"


def test_consent_the_guard_and_the_talk_move_nothing():
    lines = ("guard//refused", "consent//agreed", "after the talk/rating/gather", "gate/x/granted")
    assert boxes("queue/queue/ring", *lines) == [START, "stage:queue"]
    assert follow(FLOW, []).boxes == [START]


def two(one, other):
    runs = [("Before", {}), ("After", {})]
    with_boxes = [follow(FLOW, trace(*lines)) for lines in (one, other)]
    return parting(FLOW, runs, with_boxes)


def test_where_two_ways_part_is_said_in_a_sentence(place):
    to_queue = ("hours/hours/nothing", "ivr/ivr/connect/ivr:6", "connect queue:3/queue/ring")
    to_menu = ("hours/hours/nothing", "ivr/ivr/gather/ivr:6", "continue/ivr/gather/ivr:7")
    short = to_menu[:2]
    with place.site.app.test_request_context("/"):
        assert two(to_queue, to_menu) == (
            "Both take the same way up to “IVR:6”. Then Before: “QUEUE:3”; After: “IVR:7”."
        )
        assert two(short, to_menu).endswith("Then Before: “the end”; After: “IVR:7”.")
        assert two(to_menu, to_menu) == "Both take the same way."


# --- With the real engine ------------------------------------------------------------------------

PLANS = """
schema: 1
plans:
  free: {title: Free, features: {}}
  basic: {title: Basic, extends: free, features: {crm: true}}
"""


class Place:
    def __init__(self, site):
        self.site = site
        self.account = site.account("Rossi", "basic", backup_number="+393330000001")
        gateway = GatewayRow.create(account=self.account, kind="twiml", provider="twilio", name="G")
        self.line = LineRow.create(account=self.account, number="+390612345678", gateway=gateway)
        self.anna = EmployeeRow.create(
            account=self.account, name="Anna", extension="101", sip="anna@pbx.example"
        )

    def greet(self, **stored):
        LineProfile.delete().execute()
        LineProfile.create(
            account=self.account,
            line=self.line,
            plugin="extension",
            on=True,
            stored={"greeting": True, "dial_extension": True, **stored},
        )

    def call(self, *caller, **more):
        scenario = {"call": {"to": self.line.number}, "caller": list(caller), **more}
        return self.site.centralino.simulator().simulate(scenario, NOW, self.account.id)

    def draw(self, *runs):
        with self.site.app.test_request_context("/"):
            return str(draw_paths(self.line, runs))


@pytest.fixture
def place(tmp_path):
    plugins = ("crm", "extension", "forward", "twiml", "voicemail")
    with open_site(tmp_path, plugins, PLANS) as site:
        yield Place(site)


def drawn(picture, key):
    """The classes and the inside of a box."""
    group = picture.split(f'id="flow-{key}"', 1)
    return group[0].rpartition('<g class="')[2], group[1].split('<g class="box', 1)[0]


def test_one_run_is_drawn_on_the_flow_with_its_outcome(place):
    place.greet(no_answer="voicemail")
    result = place.call({"press": "101"}, {"say": 5}, employees={"101": "no-answer"})
    assert result["outcome"] == "voicemail"
    picture = place.draw(("", result))
    assert "passed-0" in drawn(picture, "stage:greeting")[0]
    css, inside = drawn(picture, "voicemail:employee")
    assert "passed-0" in css
    assert "● voicemail" in inside
    assert "passed" not in drawn(picture, LAST)[0]
    assert "flow-marked" in picture
    assert 'class="arrow run run-0"' in picture
    assert "flow-parting" not in picture
    assert "style=" not in picture


def test_two_runs_differ_in_line_and_colour_and_the_point_where_they_part_is_named(place):
    place.greet(no_answer="voicemail")
    before = place.call({"press": "101"}, {"say": 5}, employees={"101": "no-answer"})
    place.greet(no_answer="continue")
    after = place.call({"press": "101"}, {"say": 5}, employees={"101": "no-answer"})
    picture = place.draw(("Now", before), ("With the change", after))
    css, inside = drawn(picture, "stage:greeting")
    assert "passed-0 passed-1" in css
    assert 'class="run-frame run-0"' in inside
    assert 'class="run-frame run-1"' in inside
    assert "● With the change: forwarded" in drawn(picture, LAST)[1]
    assert (
        "Both take the same way up to “The dialled extension”. Then Now: “Voicemail”;"
        " With the change: “CRM responsible”."
    ) in picture


def test_a_way_that_no_plugin_described_is_added(place):
    """Now the greeting goes on to the next stage; the run sent the call to voicemail."""
    place.greet(no_answer="voicemail")
    before = place.call({"press": "101"}, {"say": 5}, employees={"101": "no-answer"})
    place.greet(no_answer="continue")
    picture = place.draw(("Before", before))
    employee = f"voicemail:employee:{place.anna.id}"
    css, inside = drawn(picture, employee)
    assert "passed-0" in css
    assert "For Anna." in inside


def test_a_large_flow_is_cut_down_to_what_the_runs_passed():
    """What is passed is shown however far away it is."""
    from core.web.flow.paths import _near, with_ways

    menus = [box(f"ivr:{n}", *(f"ivr:{n * 5 + k}" for k in range(1, 6))) for n in range(60)]
    ends = [box(f"ivr:{n}") for n in range(60, 301)]
    spine = (box(START, NEXT), box("stage:ivr", "ivr:0"))
    flow = Flow({one.key: one for one in (*spine, *menus, *ends)}, (START, "stage:ivr"))
    passed = follow(
        flow,
        trace(
            "ivr/ivr/gather/ivr:0",
            "continue/ivr/gather/ivr:5",
            "continue/ivr/gather/ivr:30",
            "continue/ivr/gather/ivr:155",
        ),
    )
    near = _near(with_ways(flow, [passed]), [passed])
    assert len(near.boxes) < 70
    assert {"ivr:30", "ivr:155"} <= set(near.boxes)


@pytest.mark.parametrize("count", [0, 3])
def test_only_one_or_two_runs_can_be_told_apart(place, count):
    with pytest.raises(ValueError, match=f"not {count}"):
        place.draw(*[("a", {"trace": [], "outcome": "missed"})] * count)
