"""The REST interface: keys, the wall, the gate, and problems that say what to change."""

from __future__ import annotations

import pytest

from core.contract.errors import PlanDenied
from core.store.accounts import AccountRow
from core.store.lines import LineProfile, LineRow
from core.store.people import ApiToken, Membership, UserRow
from tests.web.conftest import NOW


class Program:
    """Speaks with a key, without a session."""

    def __init__(self, site, name, account):
        self.client = site.app.test_client()
        self.token = ApiToken.new()
        user = UserRow.get(name=name)
        ApiToken.create(
            user=user, account=account, name="x", hashed=ApiToken.hash(self.token), created_at=NOW
        )

    def send(self, method, path, **options):
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.open("/api" + path, method=method, headers=headers, **options)

    def get(self, path):
        return self.send("GET", path)

    def put(self, path, body):
        return self.send("PUT", path, json=body)


@pytest.fixture
def program(site):
    return Program(site, "Anna", site.rome)


def settings(site, plugin):
    return f"/lines/{site.company.line.id}/settings/{plugin}"


def problem(answer, status, error_id):
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["error_id"] == error_id
    assert answer.json["message"]
    return answer.json


@pytest.mark.parametrize(
    "header", [None, "Bearer ", "Bearer wrong", "Basic YTpi", "Bearer ct_" + "x" * 43]
)
def test_without_a_good_key_nothing(site, header):
    headers = {"Authorization": header} if header else {}
    for path in ("/lines", "/features", "/calls", "/calls/1", "/lines/1/settings/crm"):
        answer = site.app.test_client().get("/api" + path, headers=headers)
        problem(answer, 401, "not-signed-in")


def test_a_key_is_made_shown_once_and_taken_back(site):
    browser = site.sign_in("anna")
    page = browser.post("/profile/token/", name="Our CRM").text
    token = page.split('id="new-key">')[1].split("<")[0]
    client = site.app.test_client()
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/lines", headers=headers).status_code == 200
    assert token not in browser.get("/profile/").text
    assert token not in str(list(ApiToken.select().dicts()))
    browser.post("/profile/token/delete/", id=ApiToken.get().id)
    assert client.get("/api/lines", headers=headers).status_code == 401


@pytest.mark.parametrize("name", ["olga", "bill"])
def test_a_key_of_the_installation(site, name):
    browser = site.sign_in(name)
    page = browser.post("/profile/token/", name="Our billing").text
    token = page.split('id="new-key">')[1].split("<")[0]
    row = ApiToken.get()
    assert (row.account, row.user.name) == (None, name.title())
    assert "The installation" in browser.get("/profile/").text
    client = site.app.test_client()
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/openapi.json", headers=headers).status_code == 200
    for path in ("/lines", "/calls", "/features"):
        problem(client.get("/api" + path, headers=headers), 403, "not-allowed")


def test_an_operators_key_works_where_it_was_made_for(site):
    browser = site.sign_in("olga")
    browser.post("/accounts/pick/", account=site.rome.id)
    for wanted, account in (("", site.rome), ("installation", None)):
        browser.post("/profile/token/", **{"name": "x", "for": wanted})
        assert ApiToken.select().order_by(ApiToken.id.desc()).get().account == account
    inside, outside = ApiToken.select().order_by(ApiToken.id)
    assert 'name="for"' in browser.get("/profile/").text
    for row, status in ((inside, 200), (outside, 403)):
        token = ApiToken.new()
        row.hashed = ApiToken.hash(token)
        row.save()
        headers = {"Authorization": f"Bearer {token}"}
        # The browser's picked account does not rub off on a key that comes with its session.
        for client in (site.app.test_client(), browser.client):
            assert client.get("/api/lines", headers=headers).status_code == status


def test_nobody_of_an_account_makes_a_key_of_the_installation(site):
    browser = site.sign_in("anna")
    assert 'name="for"' not in browser.get("/profile/").text
    answer = browser.post("/profile/token/", **{"name": "x", "for": "installation"})
    assert answer.status_code == 422
    assert ApiToken.select().count() == 0


def test_a_key_of_the_installation_dies_with_the_role(site):
    program = Program(site, "Bill", None)
    assert program.get("/openapi.json").status_code == 200
    bill = UserRow.get(name="Bill")
    for change in ({"account": site.rome, "role": "admin"}, {"role": ""}):
        Membership.update(account=None).where(Membership.user == bill).execute()
        Membership.update(**change).where(Membership.user == bill).execute()
        assert program.get("/openapi.json").status_code == 401
    Membership.delete().where(Membership.user == bill).execute()
    assert program.get("/openapi.json").status_code == 401


def test_somebody_elses_key_cannot_be_taken_back(site, program):
    site.sign_in("sara").post("/profile/token/delete/", id=ApiToken.get().id)
    assert program.get("/lines").status_code == 200


def test_a_key_dies_with_the_membership_and_with_the_user(site, program):
    anna = UserRow.get(name="Anna")
    UserRow.update(active=False).where(UserRow.id == anna.id).execute()
    assert program.get("/lines").status_code == 401
    UserRow.update(active=True).where(UserRow.id == anna.id).execute()
    assert program.get("/lines").status_code == 200
    Membership.update(account=site.paris).where(Membership.user == anna).execute()
    assert program.get("/lines").status_code == 401


def test_numbers(site, program):
    (line,) = program.get("/lines").json["lines"]
    assert line["number"] == "+390612345678"
    assert line["timezone"] == "Europe/Rome"
    assert line["plugins"]["recording"] in (True, False)


def test_settings_stored_and_effective(site, program):
    site.company.profile("recording", True, record_all=True, dual_channel=True)
    found = program.get(settings(site, "recording")).json
    assert found["stored"]["dual_channel"] is True
    assert found["effective"]["dual_channel"] is False
    assert found["locked"]["dual_channel"]["reason"] == "not-in-plan"
    assert found["on"] is True


def test_settings_change_and_the_rest_stays(site, program):
    site.company.profile("recording", True, record_all=True)
    answer = program.put(settings(site, "recording"), {"on": False, "stored": {"consent": "off"}})
    assert answer.status_code == 200
    row = LineProfile.get()
    assert (row.on, row.stored) == (False, {"record_all": True, "consent": "off"})


def test_a_wrong_value_names_its_field(site, program):
    answer = program.put(settings(site, "extension"), {"stored": {"seconds": 4000}})
    body = problem(answer, 422, "bad-input")
    assert "4000" in body["details"]["fields"]["seconds"]
    answer = program.put(settings(site, "extension"), {"stored": {"secnds": 4}})
    assert 'did you mean "seconds"' in problem(answer, 422, "bad-input")["message"]
    assert LineProfile.select().count() == 0


def test_what_the_plugin_refuses(site, program):
    answer = program.put(
        settings(site, "extension"), {"on": True, "stored": {"dial_extension": True}}
    )
    problem(answer, 422, "bad-input")
    assert LineProfile.select().count() == 0


@pytest.mark.parametrize("body", [[], "x", {"stored": 1}, {"of": True}, {"on": "yes"}])
def test_a_body_of_another_shape(site, program, body):
    problem(program.put(settings(site, "crm"), body), 422, "bad-input")


def test_no_json(site, program):
    path = settings(site, "crm")
    problem(program.send("PUT", path, data={"on": "1"}), 415, "error")
    wrong = program.send("PUT", path, data="{", content_type="application/json")
    problem(wrong, 400, "error")
    answer = program.send("DELETE", path)
    problem(answer, 405, "wrong-method")
    assert "PUT" in answer.headers["Allow"]


def test_the_gate_answers_with_its_decision(site, program):
    answer = program.put(settings(site, "recording"), {"stored": {"dual_channel": True}})
    body = problem(answer, 403, PlanDenied.error_id)
    assert body["details"]["decision"]["feature"] == "recording.dual_channel"
    assert body["details"]["decision"]["reason"] == "not-in-plan"
    AccountRow.update(plan="bare").execute()
    body = problem(program.put(settings(site, "recording"), {"on": True}), 403, PlanDenied.error_id)
    assert body["details"]["decision"]["feature"] == "recording"
    assert program.get(settings(site, "recording")).json["in_plan"] is False
    assert LineProfile.select().count() == 0


def test_features(site, program):
    found = program.get("/features").json
    assert found["plan"] == "free"
    month = found["features"]["recording.monthly_calls"]
    assert (month["limit"], month["remaining"], month["allowed"]) == (100, 100, True)
    assert month["resets_at"] == "2026-12-01T00:00:00+01:00"
    assert found["features"]["queue.ring_all"]["reason"] == "not-in-plan"


def test_calls_page_by_page_and_alone(site, program):
    for number in range(3):
        call = site.company.call(f"+3933312345{number:02}")
        call.hang_up()
        site.kit.clock.forward(minutes=1)
    found = program.get("/calls?outcome=missed").json["calls"]
    found += program.get("/calls?outcome=abandoned").json["calls"]
    assert len(found) == 3
    one = program.get(f"/calls/{found[0]['id']}").json
    assert one["trace"]
    assert one["trace"][0]["stage"]
    problem(program.get("/calls?from=never"), 422, "bad-input")
    assert "abc" in problem(program.get("/calls?line=abc"), 422, "bad-input")["message"]


def test_another_accounts_things_are_not_found(site, program):
    foreign = Program(site, "Pierre", site.paris)
    call = site.company.call()
    assert foreign.get("/calls").json["calls"] == []
    stored = program.get("/calls").json["calls"][0]["id"]
    problem(foreign.get(f"/calls/{stored}"), 404, "not-found")
    problem(foreign.get(settings(site, "crm")), 404, "not-found")
    problem(foreign.put(settings(site, "crm"), {"on": False}), 404, "not-found")
    assert call.order is not None
    assert LineProfile.select().count() == 0


def test_roles(site):
    agent = Program(site, "Aldo", site.rome)
    problem(agent.get("/lines"), 403, "not-allowed")
    assert agent.get("/calls").status_code == 200
    supervisor = Program(site, "Sara", site.rome)
    assert supervisor.get("/lines").status_code == 200
    problem(supervisor.put(settings(site, "crm"), {"on": False}), 403, "not-allowed")


def test_a_browsers_session_reads_but_writes_only_with_the_form_token(site):
    browser = site.sign_in("anna")
    assert browser.get("/api/lines").status_code == 200
    path = "/api" + settings(site, "crm")
    problem(browser.client.put(path, json={"on": False}), 400, "form-token")
    headers = {"X-CSRFToken": browser.token}
    assert browser.client.put(path, json={"on": False}, headers=headers).status_code == 200


def test_no_id_breaks_it(site, program):
    for path in ("/calls/99999999999999999999999", "/lines/99999999999999999999/settings/crm"):
        problem(program.get(path), 404, "not-found")
    problem(program.get(settings(site, "unknown")), 404, "not-found")
    problem(program.get("/nothing"), 404, "not-found")


def test_numbers_come_in_pages(site, program, monkeypatch):
    monkeypatch.setattr("core.web.api.lines.PAGE", 2)
    for last in range(3):
        LineRow.create(account=site.rome, number=f"+39061111111{last}")
    first = program.get("/lines").json
    assert len(first["lines"]) == 2
    seen = [one["number"] for one in first["lines"]]
    following = first["next"]
    while following:
        page = program.get(following.removeprefix("/api")).json
        seen += [one["number"] for one in page["lines"]]
        following = page["next"]
    assert seen == sorted(line.number for line in LineRow.of(site.rome))
