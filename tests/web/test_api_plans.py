"""The plan matrix by the REST interface: read, compared, checked, published and taken back."""

from __future__ import annotations

import pytest

from core.plans.impact.impact import impact
from core.plans.plain import (
    check_json,
    comparison_json,
    impact_json,
    matrix_json,
    revisions_json,
    scheduled_json,
)
from core.plans.tables import PlanRevision
from core.plans.versions import version_of_word
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from tests.web.conftest import PLANS
from tests.web.test_api import Program, problem

MORE = PLANS.replace("monthly_calls: 100", "monthly_calls: 200   # more")
LESS = PLANS.replace("      queue.max_groups: 1\n", "")
SET = {
    "change": "set-cell",
    "plan": "free",
    "feature": "recording.monthly_calls",
    "written": {"value": 200, "warn_at": [80, 100]},
}
WHY = {"message": "as agreed"}


@pytest.fixture
def bill(site):
    return Program(site, "Bill", None)


@pytest.fixture
def anna(site):
    return Program(site, "Anna", site.rome)


def post(program, path, **body):
    return program.send("POST", path, json=body)


def publish(program, **body):
    return post(program, "/plans/publish", **{**WHY, **body})


def numbers():
    return [one.number for one in PlanRevision.select().order_by(PlanRevision.number)]


ADDRESSES = [
    ("GET", "/plans/revisions", None),
    ("GET", "/plans/revisions/1", None),
    ("GET", "/plans/diff?from=1&to=current", None),
    ("POST", "/plans/check", {"yaml": PLANS}),
    ("POST", "/plans/impact", {"yaml": MORE}),
    ("POST", "/plans/publish", {"yaml": MORE, **WHY}),
    ("POST", "/plans/revisions/1/revert", WHY),
    ("POST", "/plans/revisions/1/cancel", WHY),
]


def test_an_accounts_own_key_opens_none_of_it(site, anna, plans):
    client = site.app.test_client()
    for method, path, body in ADDRESSES:
        problem(anna.send(method, path, json=body), 403, "not-allowed")
        problem(client.open("/api" + path, method=method, json=body), 401, "not-signed-in")
    assert plans.read_text() == PLANS


def test_the_matrix(bill):
    shown = bill.get("/plans").json
    assert shown["version"]["number"] == 1
    assert [one["key"] for one in shown["plans"]] == ["free", "professional", "bare"]
    professional = shown["plans"][1]
    assert (professional["title"], professional["extends"]) == ("Professional", "free")
    cell = professional["cells"]["crm"]
    assert (cell["value"], cell["says"], cell["inherited"]) == (True, "free", True)
    kinds = {one["key"]: one["kind"] for one in shown["features"]}
    assert (kinds["recording.monthly_calls"], kinds["crm"]) == ("quota", "switch")
    assert shown["scheduled"] == []


def test_an_account_sees_the_plans_as_they_hold_for_it_and_nothing_that_is_to_come(bill, anna):
    assert publish(bill, yaml=MORE, start="2027-01-01").status_code == 201
    (waiting,) = bill.get("/plans").json["scheduled"]
    assert (waiting["number"], waiting["start"], waiting["state"]) == (2, "2027-01-01", "scheduled")
    assert waiting["changes"] == [SET]
    shown = anna.get("/plans").json
    assert shown["scheduled"] == []
    assert shown["plans"][0]["cells"]["recording.monthly_calls"]["value"] == 100


def test_an_account_that_has_begun_the_new_month_sees_its_plans(site, bill, anna):
    assert publish(bill, yaml=MORE, start="next-period").status_code == 201
    site.kit.clock.forward(days=8, hours=3)  # in Rome it is December, elsewhere it is not
    shown = anna.get("/plans").json
    assert shown["version"]["number"] == 2
    assert bill.get("/plans").json["version"]["number"] == 1


def test_publish_a_file(bill, plans, anna):
    answer = publish(bill, yaml=MORE, base=1, newest=1)
    assert answer.status_code == 201
    made = answer.json
    assert (made["number"], made["state"], made["source"]) == (2, "current", "api")
    assert (made["author"], made["message"]) == ("bill@example.com", "as agreed")
    assert plans.read_text() == MORE
    assert bill.get("/plans/revisions").json["revisions"][0] == made
    assert bill.get("/plans/revisions/2").json == {**made, "yaml": MORE}
    assert anna.get("/features").json["features"]["recording.monthly_calls"]["limit"] == 200
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.author) == ("plans.publish", "bill@example.com")


@pytest.mark.parametrize("written", [SET["written"], "200", "200 @ 80, 100"])
def test_publish_changes_typed_or_told(bill, plans, written):
    answer = publish(bill, changes=[{**SET, "written": written}])
    assert answer.status_code == 201, answer.text
    assert plans.read_text() == PLANS.replace("monthly_calls: 100", "monthly_calls: 200")


def test_a_cell_that_inherits_again(bill, plans):
    change = {"change": "set-cell", "plan": "professional", "feature": "queue.max_groups"}
    assert publish(bill, changes=[{**change, "written": ""}]).status_code == 201
    assert "queue.max_groups: unlimited" not in plans.read_text()


def test_a_new_plan(bill, plans):
    changes = [
        {"change": "add-plan", "key": "team", "title": "Team", "extends": "free", "after": "free"},
        {"change": "set-cell", "plan": "team", "feature": "queue.max_groups", "written": "5"},
    ]
    assert publish(bill, changes=changes).status_code == 201
    assert [one["key"] for one in bill.get("/plans").json["plans"]] == [
        "free",
        "team",
        "professional",
        "bare",
    ]


@pytest.mark.parametrize("base", [{}, {"base": 1}, {"base": 2}])
def test_publishing_the_same_again_says_so(bill, base):
    assert publish(bill, yaml=MORE, base=1).status_code == 201
    told = problem(publish(bill, yaml=MORE, **base), 422, "bad-input")
    assert told["message"].startswith("Nothing was changed: revision 2 says")
    assert numbers() == [1, 2]


def test_what_was_published_since_is_merged_by_whoever_comes_second(site, bill, plans):
    olga = Program(site, "Olga", None)
    assert publish(olga, yaml=LESS, base=1, message="less").status_code == 201
    told = problem(publish(bill, yaml=MORE, base=1), 409, "conflict")
    assert "revision 2 by olga@example.com (“less”) holds by now" in told["message"]
    details = told["details"]
    assert (details["newest"], details["settled"], details["author"]) == (2, 2, "olga@example.com")
    assert (details["changes"], details["conflicts"]) == ([SET], [])
    both = LESS.replace("monthly_calls: 100", "monthly_calls: 200")
    assert details["merged"] == both
    assert publish(bill, yaml=details["merged"], base=details["settled"]).status_code == 201
    assert plans.read_text() == both


def test_a_contradiction_is_told_with_both_sides(bill):
    assert publish(bill, yaml=MORE, base=1).status_code == 201
    other = PLANS.replace("monthly_calls: 100", "monthly_calls: 300")
    details = problem(publish(bill, yaml=other, base=1), 409, "conflict")["details"]
    (conflict,) = details["conflicts"]
    assert conflict["change"] == {**SET, "written": {"value": 300, "warn_at": [80, 100]}}
    assert conflict["theirs_change"] == SET
    assert [conflict[side]["value"] for side in ("base", "theirs", "mine")] == [100, 200, 300]
    assert details["merged"] is None
    assert numbers() == [1, 2]


def test_changes_of_plans_contradict_whole_plans(bill):
    renamed = [{"change": "change-plan", "key": "bare", "title": "Nothing", "extends": ""}]
    assert publish(bill, changes=renamed, base=1).status_code == 201
    renamed[0]["title"] = "Nought"
    details = problem(publish(bill, changes=renamed, base=1), 409, "conflict")["details"]
    (conflict,) = details["conflicts"]
    assert (conflict["theirs"]["title"], conflict["mine"]["title"]) == ("Nothing", "Nought")


def test_a_newest_that_is_not_the_newest_any_more(bill):
    assert publish(bill, yaml=MORE, start="2027-01-01").status_code == 201
    told = problem(publish(bill, yaml=LESS, newest=1), 409, "conflict")
    assert told["details"] == {"newest": 2, "author": "bill@example.com"}
    assert publish(bill, yaml=LESS, newest=2).status_code == 201


def test_a_scheduled_revision_is_cancelled(bill, plans):
    assert publish(bill, yaml=MORE, start="2027-01-01").json["state"] == "scheduled"
    assert plans.read_text() == PLANS
    problem(post(bill, "/plans/revisions/1/cancel", **WHY), 404, "not-found")
    answer = post(bill, "/plans/revisions/2/cancel", **WHY)
    assert (answer.status_code, answer.json["number"], answer.json["start"]) == (201, 3, "now")
    assert bill.get("/plans").json["scheduled"] == []
    problem(post(bill, "/plans/revisions/2/cancel", **WHY), 404, "not-found")
    assert [one["state"] for one in bill.get("/plans/revisions").json["revisions"]] == [
        "current",
        "past",
        "past",
    ]


def test_revert_is_a_new_revision(bill, plans):
    assert publish(bill, yaml=MORE).status_code == 201
    made = post(bill, "/plans/revisions/1/revert", **WHY)
    assert (made.status_code, made.json["number"], made.json["reverts"]) == (201, 3, 1)
    assert plans.read_text() == PLANS
    again = problem(post(bill, "/plans/revisions/1/revert", **WHY), 422, "bad-input")
    assert again["message"].startswith("Nothing was changed")
    problem(post(bill, "/plans/revisions/9/revert", **WHY), 404, "not-found")


def test_revisions_come_in_pages(bill, monkeypatch):
    monkeypatch.setattr("core.web.api.plans.PAGE", 2)
    for text in (MORE, LESS, PLANS, MORE):
        assert publish(bill, yaml=text).status_code == 201
    seen, following = [], "/plans/revisions"
    while following:
        page = bill.get(following.removeprefix("/api")).json
        seen += [one["number"] for one in page["revisions"]]
        following = page["next"]
    assert seen == [5, 4, 3, 2, 1]
    assert [one["number"] for one in bill.get("/plans/revisions?before=2").json["revisions"]] == [1]


def test_what_differs(bill):
    publish(bill, yaml=MORE)
    found = bill.get("/plans/diff?from=1&to=current").json
    assert (found["from"]["number"], found["to"]["number"]) == (1, 2)
    assert found["changes"] == [SET]
    (cell,) = found["matrix"]["cells"]
    assert (cell["plan"], cell["direction"], cell["after"]["value"]) == ("free", "gain", 200)
    problem(bill.get("/plans/diff?from=1&to=7"), 404, "not-found")
    problem(bill.get("/plans/diff?from=1&to=new"), 422, "bad-input")
    problem(bill.get("/plans/diff?from=1"), 422, "bad-input")


def test_check_tells_all_faults(bill):
    good = post(bill, "/plans/check", yaml=PLANS).json
    assert (good["plans"], good["faults"]) == (["free", "professional", "bare"], [])
    faulty = PLANS.replace("crm: true", "crn: true").replace("100", "-1")
    found = post(bill, "/plans/check", yaml=faulty).json
    assert (found["plans"], len(found["faults"])) == ([], 2)
    first = found["faults"][0]
    assert (first["file"], first["line"], first["path"]) == (
        "plans.yaml",
        8,
        "plans.free.features.crn",
    )
    assert first["sentence"] == 'unknown feature, did you mean "crm"?'


def test_a_faulty_file_is_not_published(bill, plans):
    faulty = PLANS.replace("crm: true", "crn: true")
    for path in ("/plans/publish", "/plans/impact"):
        body = WHY if path == "/plans/publish" else {}
        told = problem(post(bill, path, yaml=faulty, **body), 422, "bad-input")
        (line,) = told["details"]["faults"]
        assert line.startswith("plans.yaml:8:7 plans.free.features.crn: unknown feature")
    assert plans.read_text() == PLANS


def test_impact_by_a_file_and_by_changes_is_the_same(bill, plans):
    found = post(bill, "/plans/impact", yaml=MORE).json
    assert (found["from"]["number"], found["to"]["number"]) == (1, None)
    assert (found["affected"], found["gaining"]["total"]) == (1, 1)
    (row,) = found["gaining"]["rows"]
    assert (row["account"]["name"], row["account"]["plan"]) == ("Rossi", "free")
    assert row["differences"][0]["feature"] == "recording.monthly_calls"
    by_changes = post(bill, "/plans/impact", changes=[{**SET, "written": "200"}]).json
    assert {**by_changes, "to": None} == {**found, "to": None}
    assert (numbers(), plans.read_text()) == ([1], PLANS)


def test_impact_from_an_older_revision(bill):
    assert publish(bill, yaml=MORE).status_code == 201
    found = post(bill, "/plans/impact", yaml=MORE, base=1).json
    assert (found["from"]["number"], found["affected"]) == (1, 1)
    assert post(bill, "/plans/impact", yaml=MORE).json["affected"] == 0


def test_impact_comes_in_pages(site, bill):
    for number in range(3):
        name = f"Company {number}"
        AccountRow.create(name=name, plan="free", created_at=site.kit.clock())
    first = post(bill, "/plans/impact?size=2", yaml=MORE).json["gaining"]
    assert (first["total"], len(first["rows"]), first["next"]) == (4, 2, "Company 1")
    path = f"/plans/impact?size=2&gaining={first['next']}"
    second = post(bill, path, yaml=MORE).json["gaining"]
    assert [one["account"]["name"] for one in second["rows"]] == ["Company 2", "Rossi"]
    assert second["next"] == ""


REFUSED = [
    ({}, "Send either “yaml”, a whole plan file, or “changes”."),
    ({"yaml": MORE, "changes": []}, "Send either “yaml”, a whole plan file, or “changes”."),
    ({"changes": []}, "Nothing was changed"),
    ({"changes": [{"change": "sing"}]}, "cannot be taken"),
    ({"changes": [{"change": "set-cell", "plan": "free"}]}, "is missing"),
    ({"changes": [{**SET, "plan": "fre"}]}, "There is no plan"),
    ({"changes": [{**SET, "feature": "crn", "written": "yes"}]}, "did you mean"),
    ({"changes": [{**SET, "written": "many"}]}, "cannot be granted"),
    ({"changes": [{**SET, "written": {"value": -1}}]}, "cannot be granted"),
    ({"changes": [{**SET, "written": {"value": "many"}}]}, "cannot be granted"),
    ({"changes": [{**SET, "written": 5}]}, "written"),
    ({"changes": [{"change": "remove-plan", "key": "professional"}]}, "cannot be removed"),
    ({"yaml": MORE, "message": " "}, "Say why"),
    ({"yaml": MORE, "start": "tomorrow"}, "“tomorrow” is no start"),
    ({"yaml": MORE, "start": "2026-01-01"}, "has begun"),
    ({"yaml": MORE, "base": 0}, "“base”"),
    ({"yaml": MORE, "base": "1"}, "“base”"),
    ({"yaml": MORE, "from": "now"}, "“from” is unknown"),
    ({"yaml": 7}, "“yaml”"),
    ({"yaml": "x" * 1_000_001}, "“yaml”"),
]


def test_what_cannot_be_published(bill, plans):
    for body, sentence in REFUSED:
        told = problem(publish(bill, **body), 422, "bad-input")
        assert sentence in told["message"], body
    assert numbers() == [1]
    assert plans.read_text() == PLANS


def test_no_number_breaks_it(bill):
    for number in (2, 2**31, 2**63, 2**64):
        problem(bill.get(f"/plans/revisions/{number}"), 404, "not-found")
        problem(post(bill, f"/plans/revisions/{number}/revert", **WHY), 404, "not-found")
        problem(post(bill, f"/plans/revisions/{number}/cancel", **WHY), 404, "not-found")
    problem(publish(bill, yaml=MORE, base=2**31), 404, "not-found")


def test_a_session_publishes_with_the_form_token_only(site, plans):
    browser = site.sign_in("bill")
    body = {"yaml": MORE, **WHY}
    problem(browser.client.post("/api/plans/publish", json=body), 400, "form-token")
    assert plans.read_text() == PLANS
    headers = {"X-CSRFToken": browser.token}
    answer = browser.client.post("/api/plans/publish", json=body, headers=headers)
    assert answer.status_code == 201
    assert plans.read_text() == MORE


def test_the_answers_are_what_the_commands_print(site, bill):
    publish(bill, yaml=MORE)
    publish(bill, yaml=LESS, base=2, start="2027-01-01")
    kit, book = site.kit.app, site.kit.app.book
    first, current = (version_of_word(book, word) for word in ("1", "current"))
    assert bill.get("/plans").json == matrix_json(current, scheduled_json(book))
    assert bill.get("/plans/diff?from=1&to=2").json == comparison_json(first, current)
    assert bill.get("/plans/revisions").json["revisions"] == revisions_json(book, None, 9)
    assert post(bill, "/plans/check", yaml=LESS).json == check_json(
        LESS, kit.registry, "plans.yaml"
    )
    documents = first.document, current.document
    found = impact(kit.store, kit.registry, *documents, site.kit.clock())
    shown = post(bill, "/plans/impact", yaml=MORE, base=1).json
    assert {**shown, "to": None} == {**impact_json(first, current, found), "to": None}
