"""Accounts by the REST interface: who has which plan, overrides, trials, the audit and undo."""

from __future__ import annotations

import pytest

from core.plans.accounts.listing import all_accounts, overrides, trials
from core.plans.accounts.plain import account_json, decisions, overrides_json, trial_json
from core.plans.tables import PlanOverride, PlanTrial
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from tests.web.test_api import Program, problem

GROUPS = {"feature": "queue.max_groups", "value": 5, "reason": "as promised"}
TRIAL = {"plan": "professional", "until": "2026-12-31", "reason": "to see"}


@pytest.fixture
def bill(site):
    return Program(site, "Bill", None)


@pytest.fixture
def rome(site):
    """The address of Rossi, on plan free."""
    return f"/accounts/{site.rome.id}"


def post(program, path, **body):
    return program.send("POST", path, json=body)


def decision(bill, rome, feature):
    return bill.get(f"{rome}/features").json["features"][feature]


ADDRESSES = [
    ("GET", "/accounts", None),
    ("GET", "/accounts/1/features", None),
    ("PUT", "/accounts/1/plan", {"plan": "bare"}),
    ("GET", "/accounts/1/overrides", None),
    ("POST", "/accounts/1/overrides", GROUPS),
    ("DELETE", "/accounts/1/overrides/1", None),
    ("GET", "/accounts/1/trials", None),
    ("POST", "/accounts/1/trials", TRIAL),
    ("DELETE", "/accounts/1/trials/1", None),
    ("GET", "/audit", None),
    ("POST", "/audit/1/undo", None),
]


def test_an_accounts_own_key_opens_none_of_it(site):
    anna, client = Program(site, "Anna", site.rome), site.app.test_client()
    for method, path, body in ADDRESSES:
        problem(anna.send(method, path, json=body), 403, "not-allowed")
        problem(client.open("/api" + path, method=method, json=body), 401, "not-signed-in")
    assert AccountRow.get_by_id(site.rome.id).plan == "free"
    assert not PlanOverride.select().exists()
    assert not PlanTrial.select().exists()


@pytest.mark.parametrize("name", ["Olga", "Bill"])
def test_operator_and_billing_may(site, name, rome):
    program = Program(site, name, None)
    assert [one["name"] for one in program.get("/accounts").json["accounts"]] == ["Dupont", "Rossi"]
    assert post(program, f"{rome}/overrides", **GROUPS).status_code == 201


def test_an_account_that_is_not_there(bill):
    for method, path, body in ADDRESSES:
        for id in (99, 2**64) if "/1/" in path else ():
            there = path.replace("/1/", f"/{id}/", 1)
            problem(bill.send(method, there, json=body), 404, "not-found")


def test_accounts_with_their_trials_by_plan_and_in_pages(site, bill, rome, monkeypatch):
    post(bill, f"{rome}/trials", **TRIAL)
    dupont, rossi = bill.get("/accounts").json["accounts"]
    assert (dupont["trial"], dupont["timezone"]) == (None, "Europe/Paris")
    assert rossi["trial"] == {"plan": "professional", "until": "2027-01-01T00:00:00+01:00"}
    found = bill.get("/accounts?plan=professional").json["accounts"]
    assert [one["name"] for one in found] == ["Dupont"]
    monkeypatch.setattr("core.plans.accounts.listing.PAGE", 1)
    AccountRow.create(name="Zeno", plan="free", created_at=site.kit.clock())
    seen, following = [], "/accounts?plan=free"
    while following:
        page = bill.get(following.removeprefix("/api")).json
        seen += [one["name"] for one in page["accounts"]]
        following = page["next"]
    assert seen == ["Rossi", "Zeno"]


def test_the_features_are_those_that_the_account_itself_is_told(site, bill, rome):
    anna = Program(site, "Anna", site.rome)
    own = anna.get("/features").json["features"]
    shown = bill.get(f"{rome}/features").json
    assert shown["features"] == own
    assert (shown["account"]["name"], shown["account"]["plan"]) == ("Rossi", "free")


def test_another_plan_says_what_it_changes(bill, rome):
    body = {"plan": "professional", "message": "paid", "dry_run": True}
    dry = bill.put(f"{rome}/plan", body)
    assert dry.status_code == 200
    assert (dry.json["dry_run"], dry.json["account"]["plan"]) == (True, "free")
    done = bill.put(f"{rome}/plan", {**body, "dry_run": False}).json
    assert (done["account"]["plan"], done["impact"]) == ("professional", dry.json["impact"])
    changed = {one["feature"]: one["direction"] for one in done["impact"]["differences"]}
    assert changed["recording.monthly_calls"] == changed["queue.max_groups"] == "gain"
    assert decision(bill, rome, "recording.monthly_calls")["value"] == "unlimited"
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.author, entry.message) == (
        "account.plan",
        "bill@example.com",
        "paid",
    )


NO_PLAN = [
    ({"plan": "professionl"}, "There is no plan “professionl”, did you mean"),
    ({"plan": "free"}, "Rossi has the plan free already."),
    ({}, "“plan”"),
    ({"plan": "bare", "dry_run": "yes"}, "“dry_run”"),
    ({"plan": "bare", "message": "x" * 501}, "501 characters"),
]


def test_no_such_plan(bill, rome):
    for body, sentence in NO_PLAN:
        told = problem(bill.put(f"{rome}/plan", body), 422, "bad-input")
        assert sentence in told["message"], body


def test_an_override_from_its_day_to_its_end(bill, rome):
    body = {**GROUPS, "from": "2026-12-01", "until": "2026-12-31"}
    answer = post(bill, f"{rome}/overrides", **body)
    assert answer.status_code == 201
    made = answer.json
    assert (made["value"], made["state"], made["author"]) == (5, "to-come", "bill@example.com")
    assert made["from"] == "2026-12-01T00:00:00+01:00"
    assert made["until"] == "2027-01-01T00:00:00+01:00"
    assert bill.get(f"{rome}/overrides").json["overrides"] == [made]
    path = f"{rome}/overrides/{made['id']}?message=no+more"
    answer = bill.send("DELETE", path)
    assert (answer.status_code, answer.data) == (204, b"")
    assert bill.get(f"{rome}/overrides").json["overrides"] == []
    (over,) = bill.get(f"{rome}/overrides?over=true").json["overrides"]
    assert (over["state"], over["ended_at"] is None) == ("over", False)
    problem(bill.send("DELETE", path), 409, "conflict")


VALUES = [
    ("queue.ring_all", True, True, [80, 100]),
    ("queue.ring_all", "yes", True, [80, 100]),
    ("crm", False, False, [80, 100]),
    ("queue.max_groups", 0, 0, [80, 100]),
    ("queue.max_groups", "unlimited", "unlimited", [80, 100]),
    ("recording.monthly_calls", "50 @ 90", 50, [90]),
]


def test_values_told_and_typed(bill, rome):
    for feature, value, kept, warn_at in VALUES:
        body = {**GROUPS, "feature": feature, "value": value}
        made = post(bill, f"{rome}/overrides", **body).json
        assert (made["value"], made["warn_at"], made["state"]) == (kept, warn_at, "holds")
        assert type(made["value"]) is type(kept)
        assert decision(bill, rome, feature)["source"] == "override"
        assert bill.send("DELETE", f"{rome}/overrides/{made['id']}").status_code == 204


NO_OVERRIDE = [
    ({"value": "many"}, "cannot be granted"),
    ({"value": ""}, "“value” takes true, false, a count or a word."),
    ({"value": 1.5}, "“value” takes true, false, a count or a word."),
    ({"value": [5]}, "“value” takes true, false, a count or a word."),
    ({"value": None}, "“value”"),
    ({"value": -1}, "cannot be granted"),
    ({"value": True}, "cannot be granted"),
    ({"value": 1}, "Pin the override"),
    ({"feature": "queue.max_group"}, "did you mean"),
    ({"reason": " "}, "Say why"),
    ({"until": "soon"}, "“soon” is no day"),
    ({"from": "2026-11-21"}, "2026-11-21 has passed; on the account's calendar"),
    ({"from": "2026-12-01", "until": "2026-11-30"}, "would end before it begins"),
    ({"pinned": 1}, "“pinned”"),
]


def test_what_cannot_be_an_override(bill, rome):
    for changes, sentence in NO_OVERRIDE:
        answer = post(bill, f"{rome}/overrides", **{**GROUPS, **changes})
        assert sentence in problem(answer, 422, "bad-input")["message"], changes
    assert not PlanOverride.select().exists()


def test_what_equals_the_plan_can_be_pinned(bill, rome):
    made = post(bill, f"{rome}/overrides", **{**GROUPS, "value": 1, "pinned": True})
    assert (made.status_code, made.json["pinned"]) == (201, True)


def test_an_override_of_another_account_is_not_found_here(site, bill, rome):
    made = post(bill, f"{rome}/overrides", **GROUPS).json
    paris = f"/accounts/{site.paris.id}"
    problem(bill.send("DELETE", f"{paris}/overrides/{made['id']}"), 404, "not-found")
    assert bill.get(f"{paris}/overrides").json["overrides"] == []
    assert bill.get(f"{rome}/overrides").json["overrides"] == [made]


def test_a_trial_until_its_last_day(site, bill, rome):
    answer = post(bill, f"{rome}/trials", **TRIAL)
    made = answer.json
    assert (answer.status_code, made["plan"], made["state"]) == (201, "professional", "holds")
    assert made["until"] == "2027-01-01T00:00:00+01:00"
    assert decision(bill, rome, "queue.max_groups")["source"] == "trial"
    assert bill.get(f"{rome}/trials").json["trials"] == [made]
    paris = f"/accounts/{site.paris.id}"
    problem(bill.send("DELETE", f"{paris}/trials/{made['id']}"), 404, "not-found")
    assert bill.send("DELETE", f"{rome}/trials/{made['id']}").status_code == 204
    assert bill.get(f"{rome}/trials").json["trials"] == []
    assert len(bill.get(f"{rome}/trials?over=1").json["trials"]) == 1
    problem(bill.send("DELETE", f"{rome}/trials/{made['id']}"), 409, "conflict")
    assert decision(bill, rome, "queue.max_groups")["value"] == 1


NO_TRIAL = [
    ({"plan": "gold"}, "There is no plan “gold”"),
    ({"plan": "free"}, "has the plan free already"),
    ({"until": "2026-11-01"}, "would be over already"),
    ({"until": ""}, "ends"),
    ({"until": "later"}, "“later” is no day"),
    ({"reason": ""}, "Say why"),
]


def test_what_cannot_be_a_trial(bill, rome):
    for changes, sentence in NO_TRIAL:
        answer = post(bill, f"{rome}/trials", **{**TRIAL, **changes})
        assert sentence in problem(answer, 422, "bad-input")["message"], changes
    assert not PlanTrial.select().exists()


def test_the_audit_page_by_page_and_filtered(bill, rome, site, monkeypatch):
    post(bill, f"{rome}/overrides", **GROUPS)
    bill.put(f"{rome}/plan", {"plan": "bare"})
    paris = f"/accounts/{site.paris.id}"
    bill.put(f"{paris}/plan", {"plan": "free", "message": "less"})
    newest = bill.get("/audit?action=account.plan").json["entries"][0]
    assert (newest["action"], newest["account_name"]) == ("account.plan", "Dupont")
    assert (newest["before"], newest["after"], newest["message"]) == (
        "professional",
        "free",
        "less",
    )
    assert (newest["can_undo"], newest["undone_by"], newest["undoes"]) == (True, None, None)
    (override,) = bill.get("/audit?account=oss&action=override.set").json["entries"]
    assert override["after"][0]["value"] == 5
    assert bill.get("/audit?author=nobody").json["entries"] == []
    assert bill.get("/audit?to=2026-11-21").json["entries"] == []
    assert len(bill.get("/audit?from=2026-11-22&account=oss").json["entries"]) == 2
    problem(bill.get("/audit?from=then"), 422, "bad-input")
    monkeypatch.setattr("core.web.api.audit.PAGE", 1)
    seen, following = [], "/audit?account=oss"
    while following:
        page = bill.get(following.removeprefix("/api")).json
        seen += [one["action"] for one in page["entries"]]
        following = page["next"]
    assert seen == ["account.plan", "override.set"]


def test_undo_is_a_change_of_its_own(bill, rome):
    bill.put(f"{rome}/plan", {"plan": "bare"})
    entry = bill.get("/audit").json["entries"][0]
    answer = post(bill, f"/audit/{entry['id']}/undo")
    assert (answer.status_code, answer.json["undoes"]) == (201, entry["id"])
    assert (answer.json["before"], answer.json["after"]) == ("bare", "free")
    assert bill.get("/accounts").json["accounts"][1]["plan"] == "free"
    problem(post(bill, f"/audit/{entry['id']}/undo"), 409, "conflict")
    undone = bill.get("/audit").json["entries"][1]
    assert (undone["undone_by"], undone["can_undo"]) == (answer.json["id"], False)


def test_what_cannot_be_undone(bill):
    text = {"changes": [{"change": "remove-plan", "key": "bare"}], "message": "gone"}
    assert post(bill, "/plans/publish", **text).status_code == 201
    entry = bill.get("/audit?action=plans.publish").json["entries"][0]
    assert entry["can_undo"] is False
    problem(post(bill, f"/audit/{entry['id']}/undo"), 422, "bad-input")
    for id in (10**6, 2**64):
        problem(post(bill, f"/audit/{id}/undo"), 404, "not-found")


def test_a_session_writes_with_the_form_token_only(site, rome):
    browser = site.sign_in("bill")
    problem(browser.client.post(f"/api{rome}/overrides", json=GROUPS), 400, "form-token")
    problem(browser.client.delete(f"/api{rome}/overrides/1"), 400, "form-token")
    headers = {"X-CSRFToken": browser.token}
    made = browser.client.post(f"/api{rome}/overrides", json=GROUPS, headers=headers)
    assert made.status_code == 201
    path = f"/api{rome}/overrides/{made.json['id']}"
    assert browser.client.delete(path, headers=headers).status_code == 204


def test_the_answers_are_what_the_commands_print(site, bill, rome):
    post(bill, f"{rome}/overrides", **GROUPS)
    post(bill, f"{rome}/overrides", **{**GROUPS, "value": "9", "until": "2026-12-01"})
    post(bill, f"{rome}/trials", **TRIAL)
    at, row = site.kit.clock(), AccountRow.get_by_id(site.rome.id)
    shown = bill.get("/accounts").json["accounts"]
    assert shown == [account_json(*one) for one in all_accounts(at)]
    shown = bill.get(f"{rome}/overrides").json["overrides"]
    assert shown == overrides_json(overrides(row, at), at)
    assert [one["state"] for one in shown] == ["waits", "holds"]
    shown = bill.get(f"{rome}/trials").json["trials"]
    assert shown == [trial_json(one, at) for one in trials(row, at)]
    found = decisions(site.kit.app.gate, row, at)
    shown = bill.get(f"{rome}/features").json["features"]
    assert shown == {key: one.as_json() for key, one in found.items()}
