"""The layout of a flow: nothing overlaps, every arrow begins and ends at its boxes, no arrow runs
through a box; circles and long chains come to an end."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.contract.flow import END, NEXT
from core.web.flow.graph import LAST, START, Box, Flow, Kind, Way, joined, mark_reached
from core.web.flow.layers import columns
from core.web.flow.layout import curve, lay_out
from core.web.flow.placing import LANE, lanes, place
from core.web.flow.showing import MOST_SHOWN, from_box, shown
from core.web.flow.sizes import ENTRY, LETTERS, WIDTH, broken, clipped, width_of
from core.web.flow.svg import draw_flow
from core.web.flow.text import as_list, as_text, tell

WORDS = st.text("abc ÄЖ漢0123456789<&", max_size=40)


@pytest.fixture(autouse=True, scope="module")
def english():
    app = Flask("flow")
    Babel(app)
    with app.app_context():
        yield


def box(key, *ways, **more):
    kind = Kind.STAGE if key.startswith("stage:") else Kind.DESTINATION
    return Box(key, kind, more.pop("title", key), ways=joined(list(ways)), **more)


def flow_of(spine, others):
    boxes = {one.key: one for one in (*spine, *others)}
    keys = tuple(one.key for one in spine)
    return Flow(mark_reached(boxes, keys), keys)


@st.composite
def flows(draw):
    """Any flow: some stages, some destinations, ways from anywhere to anywhere."""
    stages = [START, *(f"stage:{n}" for n in range(draw(st.integers(0, 4)))), LAST]
    places = [f"ivr:{n}" for n in range(draw(st.integers(0, 12)))]
    goals = st.sampled_from([*places, NEXT, END, "gone:1"])
    way = st.builds(Way, WORDS, goals, st.sampled_from(["", "", "not in the plan"]))

    def some(key):
        ways = draw(st.lists(way, max_size=5))
        lines = tuple(draw(st.lists(WORDS, max_size=3)))
        return box(key, *ways, title=draw(WORDS), lines=lines)

    return flow_of([some(key) for key in stages], [some(key) for key in places])


@given(flows())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_no_box_overlaps_another_and_arrows_end_at_boxes(flow):
    layout = lay_out(flow)
    areas = {key: (*layout.corner[key], sheet.height) for key, sheet in layout.sheets.items()}
    assert set(areas) == set(flow.boxes)
    for (one, (x, y, height)), (other, (left, top, deep)) in combinations(areas.items(), 2):
        beside = x + WIDTH <= left or left + WIDTH <= x
        assert beside or y + height <= top or top + deep <= y, (one, other)
    for x, y, height in areas.values():
        assert x >= 0
        assert y >= 0
        assert x + WIDTH <= layout.width
        assert y + height <= layout.height
    for line in layout.lines:
        x, y, height = areas[line.tail]
        if line.down:
            below = flow.spine[flow.spine.index(line.tail) + 1]
            assert line.points[0][1] == y + height
            assert line.points[1][1] == areas[below][1]
            continue
        assert line.points[0][0] == x + WIDTH
        assert y < line.points[0][1] < y + height
        left, top, _ = areas[line.way.to]
        assert line.points[-1] == (left, top + ENTRY)


@given(flows())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_no_arrow_runs_through_a_box(flow):
    """Curves stay between the columns, straight pieces in lanes that are free of boxes."""
    layout = lay_out(flow)
    columns_of = {key: corner[0] for key, corner in layout.corner.items()}
    for line in layout.lines:
        if line.down:
            continue
        for number, ((x, y), (to_x, to_y)) in enumerate(pairwise(line.points)):
            if number % 2:
                assert y == to_y
                blocking = [
                    key
                    for key, left in columns_of.items()
                    if left == x
                    and layout.corner[key][1]
                    < y
                    < layout.corner[key][1] + layout.sheets[key].height
                ]
                assert blocking == []
            else:
                assert all(to_x <= left or left + WIDTH <= x for left in columns_of.values())


@given(flows())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_every_way_is_drawn_or_named_and_every_box_is_told(flow):
    layout = lay_out(flow)
    for key, sheet in layout.sheets.items():
        drawn = [line.way for line in layout.lines if line.tail == key and not line.around]
        named = [row.way for row in sheet.rows if row.goes]
        ways = list(flow.boxes[key].ways)
        onward = [way for way in ways if way.to == NEXT]
        if len(onward) > 1 and key in flow.spine[:-1]:  # one arrow leads down, the open one
            ways.remove(next(way for way in onward if way.off))
        assert sorted(map(repr, [*drawn, *named])) == sorted(map(repr, ways))
    picture = draw_flow(flow, "title")
    assert "<&" not in picture
    told = [line.box.key for line in tell(flow) if line.box and not line.again]
    reachable = {key for key in flow.boxes if key in flow.spine}
    for _ in flow.boxes:
        reachable |= {way.to for key, way in flow.arrows() if key in reachable}
    assert sorted(told) == sorted(reachable)
    assert as_list(flow).count("<ul>") == as_list(flow).count("</ul>")
    assert as_text(flow).count("\n") == len(list(tell(flow))) - 1


def test_a_circle_is_named_in_the_box_not_drawn():
    """A menu whose key leads back to the menu above, and one that leads to itself."""
    flow = flow_of(
        [box(START, Way("", NEXT)), box("stage:ivr", Way("", "ivr:1")), box(LAST)],
        [
            box("ivr:1", Way("1", "ivr:2"), Way("9", "ivr:1")),
            box("ivr:2", Way("*", "ivr:1"), title="Sales"),
        ],
    )
    layout = lay_out(flow)
    drawn = {(line.tail, line.way.to) for line in layout.lines if not line.down}
    assert drawn == {("stage:ivr", "ivr:1"), ("ivr:1", "ivr:2")}
    named = {row.goes for sheet in layout.sheets.values() for row in sheet.rows if row.goes}
    assert named == {"↩ ivr:1"}


def test_what_is_reached_from_several_places_is_drawn_once_and_to_the_right_of_all():
    column, back = columns(
        ["a", "b"], [("a", "x"), ("b", "mail"), ("x", "y"), ("y", "mail"), ("x", "mail")]
    )
    assert back == set()
    assert column == {"a": 0, "b": 0, "x": 1, "y": 2, "mail": 3}
    assert lanes(column, ("b", "mail")) == [
        (0, "b", False),
        (1, "mail", True),
        (2, "mail", True),
        (3, "mail", False),
    ]


def test_lanes_to_the_same_box_are_shared():
    column = {"a": 0, "b": 0, "x": 1, "y": 2}
    arrows = [(("a", "x"), 10), (("x", "y"), 10), (("a", "y"), 20), (("b", "y"), 10)]
    places = place(column, dict.fromkeys(column, 40), arrows, ENTRY)
    assert places.columns[1].count((1, "y", True)) == 1
    assert places.height[1, "y", True] == LANE


def test_a_tree_is_drawn_without_crossings():
    """Keys in their order lead to submenus in their order."""
    menus = [box(f"ivr:{n}", *(Way(str(k), f"queue:{n}{k}") for k in range(4))) for n in range(3)]
    ends = [box(f"queue:{n}{k}") for n in range(3) for k in range(4)]
    top = box("ivr:9", *(Way(str(n), f"ivr:{n}") for n in range(3)))
    flow = flow_of([box("stage:ivr", Way("", "ivr:9"))], [top, *menus, *ends])
    corner = lay_out(flow).corner
    heights = [corner[one.key][1] for one in ends]
    assert heights == sorted(heights)
    middle = (corner["ivr:0"][1] + corner["ivr:2"][1]) / 2
    assert abs(corner["ivr:1"][1] - middle) < 40


def test_a_chain_longer_than_pythons_stack_is_laid_out_and_told():
    chain = [box(f"ivr:{n}", Way("1", f"ivr:{n + 1}")) for n in range(1500)]
    flow = flow_of([box("stage:ivr", Way("", "ivr:0"))], [*chain, box("ivr:1500")])
    assert len(lay_out(flow).corner) == 1502
    assert as_list(flow).count("<li>") == 1502


def test_a_large_flow_is_shown_to_a_depth_and_all_of_it_when_asked():
    """500 menus: the near ones, and how many stand behind each."""
    menus = [
        box(f"ivr:{n}", *(Way(str(k), f"ivr:{n * 5 + k}") for k in range(1, 6)), title=f"M{n}")
        for n in range(100)
    ]
    leaves = [box(f"ivr:{n}") for n in range(100, 501)]
    flow = flow_of([box("stage:ivr", Way("", "ivr:0")), box(LAST)], [*menus, *leaves])
    part = shown(flow)
    assert len(part.boxes) <= MOST_SHOWN
    assert part.hidden["ivr:31"] == ("M31", 1 + 5)
    assert "▸ M31 (+6)" in draw_flow(part, "t", hidden_link=lambda key: f"?from={key}")
    assert 'href="?from=ivr:31"' in draw_flow(part, "t", hidden_link=lambda key: f"?from={key}")
    behind = from_box(flow, "ivr:6")
    assert behind.spine == ("ivr:6",)
    assert len(behind.boxes) == 31
    kept = shown(flow, {"ivr:499"})
    assert "ivr:499" in kept.boxes
    assert draw_flow(flow, "t").count('id="flow-') == len(flow.boxes)


def test_where_next_leads_depends_on_where_the_call_comes_from():
    spine = [
        box("stage:ivr", Way("", "ivr:1"), Way("", NEXT)),
        box("stage:crm", Way("", "ivr:2"), Way("", NEXT), title="Responsible"),
        box(LAST),
    ]
    both = [
        box("ivr:1", Way("exit", NEXT), Way("2", "ivr:2")),
        box("ivr:2", Way("exit", NEXT)),
        box("ivr:3", Way("exit", NEXT)),
    ]
    flow = flow_of(spine, both)
    assert flow.boxes["ivr:1"].next == "stage:crm"
    assert flow.boxes["ivr:2"].next == ""
    assert not flow.boxes["ivr:3"].reached
    assert flow.boxes["ivr:3"].next == ""
    picture = draw_flow(flow, "t")
    assert "↓ Responsible" in picture
    assert "↓ the next stage" in picture


def test_behind_a_closed_way_no_call_gets():
    flow = flow_of(
        [box("stage:ivr", Way("", "ivr:1", "not in the plan"), Way("", NEXT)), box(LAST)],
        [box("ivr:1", Way("1", "queue:3")), box("queue:3", Way("exit", NEXT))],
    )
    assert flow.boxes["queue:3"].next == LAST
    assert flow.boxes[LAST].reached
    assert not flow.boxes["ivr:1"].reached
    assert not flow.boxes["queue:3"].reached


def test_ways_to_the_same_place_are_one_arrow_with_both_labels():
    """madgen78/dpviz#7: one descendant with a joint label instead of three boxes side by side."""
    ways = [Way("no answer", "queue:3"), Way("busy", "queue:3"), Way("closed", "queue:3", "plan")]
    assert joined(ways) == (Way("no answer; busy", "queue:3"), Way("closed", "queue:3", "plan"))


@given(WORDS, st.integers(4, 40), st.integers(1, 4))
def test_broken_lines_fit(text, letters, most):
    lines = broken(text, letters, most)
    assert len(lines) <= most
    assert all(width_of(line) <= letters for line in lines)
    if all(width_of(word) <= letters for word in text.split()) and "…" not in "".join(lines):
        assert " ".join(lines).split() == text.split()


def test_wide_letters_count_twice_and_long_words_are_cut():
    assert clipped("漢" * 40, LETTERS) == "漢" * 15 + "…"
    assert broken("a" * 50, 10, 2) == ["a" * 9 + "…"]
    assert curve([(0, 0), (90, 40), (330, 40), (420, 10)]) == (
        "M0 0C45 0 45 40 90 40H330C375 40 375 10 420 10"
    )
