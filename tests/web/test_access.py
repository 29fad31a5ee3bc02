"""Who gets in: sign-in, second factor, roles, headers, and that nothing is open by mistake."""

from __future__ import annotations

import re

import pytest

from core.store.people import Membership, UserRow
from tests.web.conftest import PASSWORD, token_of

# Flask-Security gives its second-factor form choices as tuples; WTForms is held below 3.4.
pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices:DeprecationWarning")

OPEN = {"security.login", "web.language", "web.static", "admin.static", "security.static"}
"""What answers without sign-in. Files of the pages, the sign-in itself, and its language."""


def rules(site, method):
    return [rule for rule in site.app.url_map.iter_rules() if method in rule.methods]


def address(rule):
    values = {name: "1" if "int" in str(rule) else "csv" for name in rule.arguments}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], rule.rule)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_without_sign_in_nothing_answers(site, method):
    client = site.app.test_client()
    walked = 0
    for rule in rules(site, method):
        if rule.endpoint in OPEN or rule.endpoint.endswith(".static"):
            continue
        answer = client.open(address(rule), method=method)
        assert answer.status_code in (302, 400, 401, 403, 404), (rule.rule, answer.status_code)
        if answer.status_code == 302:
            assert answer.location.startswith("/login"), (rule.rule, answer.location)
        walked += 1
    assert walked > {"GET": 50, "POST": 30, "PUT": 0}[method]


def test_a_wrong_password_says_nothing_of_who_exists(site):
    sentences = set()
    for email in ("anna@example.com", "unknown@example.com"):
        client = site.app.test_client()
        token = token_of(client.get("/login").text)
        data = {"email": email, "password": "wrong password", "csrf_token": token}
        page = client.post("/login", data=data).text
        sentences.add(re.sub(r'nonce-?="?[^"]+|value="[^"]*"', "", page))
    assert len(sentences) == 1


def test_signing_in_is_limited_in_its_rate(site, monkeypatch):
    limited = site.build(RATELIMIT_SIGN_IN="3 per minute").test_client()
    token = token_of(limited.get("/login").text)
    data = {"email": "anna@example.com", "password": "wrong", "csrf_token": token}
    statuses = [limited.post("/login", data=data).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert limited.get("/login").status_code == 200


def test_a_second_factor_can_be_set_up_and_is_then_asked_for(site):
    browser = site.sign_in("anna")
    page = browser.post("/tf-setup", setup="authenticator").text
    action = re.search(r'action="(/tf-setup/[^"]+)"', page)[1]
    key = re.search(r"<div>([A-Z2-7-]{20,})</div>", page)[1].replace("-", "")
    with site.app.app_context():
        totp = site.app.extensions["security"]._totp_factory._totp
        code = totp(key=key).generate().token
    assert "/profile/" in browser.post(action, code=code).location
    stored = UserRow.get(UserRow.email == "anna@example.com")
    assert stored.tf_primary_method == "authenticator"
    assert key not in (stored.tf_totp_secret or "")

    client = site.app.test_client()
    data = {"email": "anna@example.com", "password": PASSWORD}
    answer = client.post("/login", data={**data, "csrf_token": token_of(client.get("/login").text)})
    assert client.get("/calls/").location.startswith("/login")
    page = client.get(answer.location).text
    wrong = client.post("/tf-validate", data={"code": "000000", "csrf_token": token_of(page)})
    assert wrong.status_code == 200
    assert client.get("/calls/").location.startswith("/login")


def test_passwords_are_argon2(site):
    assert UserRow.get().password.startswith("$argon2id$")


def test_cookies_and_headers(site):
    client = site.app.test_client()
    answer = client.get("/login")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert re.search(r"script-src 'nonce-[\w-]{20,}';", policy)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Secure" in site.build(secure=True).test_client().get("/login").headers["Set-Cookie"]


def test_every_page_has_its_own_nonce(site):
    client = site.app.test_client()
    policies = {client.get("/login").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


PAGES = {
    "/calls/": "anna sara aldo",
    "/me/": "anna sara aldo",
    "/lines/": "anna sara",
    "/employees/": "anna sara",
    "/usage/": "anna sara",
    "/plugins/": "anna",
    "/gateways/": "anna",
    "/members/": "anna",
    "/plans/": "anna sara olga bill",
    "/accounts/": "olga bill",
    "/audit/": "olga bill",
    "/operators/": "olga",
    "/profile/": "anna sara aldo olga bill nobody",
}


@pytest.mark.parametrize("name", ["anna", "sara", "aldo", "olga", "bill", "nobody"])
def test_roles(site, name):
    browser = site.sign_in(name)
    menu = browser.get("/profile/").text
    for page, allowed in PAGES.items():
        answer = browser.get(page)
        assert (answer.status_code == 200) == (name in allowed.split()), page
        if page not in ("/profile/", "/me/"):
            assert (f'href="{page}"' in menu) == (name in allowed.split()), page


def test_the_operator_picks_an_account_and_sees_which(site):
    browser = site.sign_in("olga")
    assert browser.get("/calls/").location == "/accounts/"
    browser.post("/accounts/pick/", account=site.paris.id)
    page = browser.get("/calls/")
    assert page.status_code == 200
    assert "Dupont" in page.text
    assert browser.post("/accounts/pick/", account=99).status_code == 404


def test_others_cannot_pick_an_account_that_is_not_theirs(site):
    browser = site.sign_in("anna")
    assert browser.post("/accounts/pick/", account=site.paris.id).status_code == 404
    assert "Dupont" not in browser.get("/calls/").text


def test_somebody_in_two_accounts_picks_one(site):
    anna = UserRow.get(UserRow.email == "anna@example.com")
    Membership.create(user=anna, account=site.paris, role="supervisor")
    browser = site.sign_in("anna")
    first = browser.get("/lines/").text
    browser.post("/accounts/pick/", account=site.paris.id)
    assert browser.get("/members/").status_code == 403
    browser.post("/accounts/pick/", account=site.rome.id)
    assert browser.get("/members/").status_code == 200
    assert "Dupont" in first
    assert "Rossi" in first


def test_an_inactive_user_is_out_at_once(site):
    browser = site.sign_in("anna")
    UserRow.update(active=False).where(UserRow.email == "anna@example.com").execute()
    assert browser.get("/calls/").location.startswith("/login")


@pytest.mark.parametrize(
    ("address", "method", "status"),
    [("/nothing", "GET", 404), ("/calls/", "DELETE", 405), ("/stub_page/broken/", "GET", 500)],
)
def test_errors_have_a_page_of_ours(site, address, method, status):
    browser = site.sign_in("anna")
    answer = browser.client.open(address, method=method)
    assert answer.status_code == status
    assert "Traceback" not in answer.text
    assert "inside the view" not in answer.text
    assert 'class="error-status"' in answer.text


def test_too_large_a_form_is_refused(site):
    answer = site.sign_in("anna").post("/stub_shelves/new/", name="x" * 5_000_000)
    assert answer.status_code == 413
    assert "What you sent is larger than 4 MB: go back and choose a smaller file." in answer.text


def test_the_language_can_be_switched_signed_in_or_not(site):
    client = site.app.test_client()
    client.post("/language", data={"language": "it", "back": "/login"})
    assert 'lang="it"' in client.get("/login").text
    assert client.post("/language", data={"back": "//evil.example"}).location == "/"
    browser = site.sign_in("anna")
    browser.post("/language", language="it")
    assert "Chiamate" in browser.get("/calls/").text
    assert "Calls" not in browser.get("/calls/").text
