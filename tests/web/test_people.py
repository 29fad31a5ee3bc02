"""Users, employees, gateways and accounts: the rules behind their forms."""

from __future__ import annotations

import pytest

from core.store.accounts import AccountRow
from core.store.lines import GatewayRow
from core.store.people import EmployeeRow, Membership, UserRow
from tests.web.conftest import PASSWORD, token_of

NEW = {"email": "New@example.com", "person": "New", "password": "a long password", "role": "agent"}


def signs_in(site, email, password):
    client = site.app.test_client()
    token = token_of(client.get("/login").text)
    data = {"email": email, "password": password, "csrf_token": token}
    return client.post("/login", data=data).status_code == 302


def test_an_admin_adds_a_user_who_can_sign_in(site):
    site.sign_in("anna").post("/members/new/", **NEW)
    member = Membership.select().join(UserRow).where(UserRow.email == "new@example.com").get()
    assert (member.account_id, member.role, member.may_listen) == (site.rome.id, "agent", False)
    assert signs_in(site, "new@example.com", "a long password")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"password": ""}, "needs a first password"),
        ({"password": "short"}, "at least 10 characters"),
        ({"email": "anna@example.com"}, "is a user here already"),
        ({"email": "no address"}, "Invalid email address"),
        ({"role": "operator"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_taken_is_said(site, changes, says):
    before = (UserRow.select().count(), Membership.select().count())
    page = site.sign_in("anna").post("/members/new/", **{**NEW, **changes}).text
    assert says in page
    assert (UserRow.select().count(), Membership.select().count()) == before


@pytest.mark.parametrize(
    "address",
    ["/members/?search=a%00b", "/employees/new/?na%00me=x", "/employees/new/?url=http://[::"],
)
def test_no_address_holds_a_nul(site, address):
    assert site.sign_in("anna").get(address).status_code == 400


def test_no_form_holds_a_nul(site):
    before = UserRow.select().count()
    answer = site.sign_in("anna").post("/members/new/", **{**NEW, "person": "Ne\0w"})
    assert answer.status_code == 400
    assert UserRow.select().count() == before


def test_an_admin_cannot_take_over_somebody_of_another_account(site):
    browser = site.sign_in("anna")
    browser.post(
        "/members/new/", **{**NEW, "email": "pierre@example.com", "password": "stolen now!"}
    )
    assert signs_in(site, "pierre@example.com", PASSWORD)
    pierre = Membership.get(
        Membership.account == site.rome, Membership.user == UserRow.get(name="Pierre")
    )
    page = browser.post(f"/members/edit/?id={pierre.id}", role="agent", password="stolen now!").text
    assert "belongs to other accounts" in page
    assert signs_in(site, "pierre@example.com", PASSWORD)


def test_the_page_of_a_user_is_headed_by_their_name(site):
    anna = Membership.get(
        Membership.account == site.rome, Membership.user == UserRow.get(name="Anna")
    )
    assert "<h1>Anna</h1>" in site.sign_in("anna").get(f"/members/edit/?id={anna.id}").text


def test_a_new_password_ends_old_sessions(site):
    aldo = site.sign_in("aldo")
    row = Membership.select().join(UserRow).where(UserRow.name == "Aldo").get()
    site.sign_in("anna").post(
        f"/members/edit/?id={row.id}", role="agent", password="another long one"
    )
    assert aldo.get("/calls/").location.startswith("/login")
    assert signs_in(site, "aldo@example.com", "another long one")


class TestLostSecondFactor:
    def with_factor(self, name):
        user = UserRow.get(name=name)
        user.tf_primary_method, user.tf_totp_secret = "authenticator", "kept"
        user.mf_recovery_codes = ["one"]
        user.save()
        return user

    def test_an_admin_turns_it_off(self, site):
        aldo = site.sign_in("aldo")
        user = self.with_factor("Aldo")
        row = Membership.select().join(UserRow).where(UserRow.name == "Aldo").get()
        anna = site.sign_in("anna")
        assert "Turn the second factor off" in anna.get(f"/members/edit/?id={row.id}").text
        anna.post(f"/members/edit/?id={row.id}", role="agent", factor_off="y")
        user = UserRow.get_by_id(user.id)
        assert (user.tf_primary_method, user.tf_totp_secret, user.mf_recovery_codes) == (None,) * 3
        assert aldo.get("/calls/").location.startswith("/login"), "their sessions end"
        assert signs_in(site, "aldo@example.com", PASSWORD)

    def test_saving_anything_else_leaves_it_on(self, site):
        user = self.with_factor("Aldo")
        row = Membership.select().join(UserRow).where(UserRow.name == "Aldo").get()
        site.sign_in("anna").post(f"/members/edit/?id={row.id}", role="supervisor", person="Aldo")
        assert UserRow.get_by_id(user.id).tf_primary_method == "authenticator"

    def test_not_of_somebody_who_belongs_to_other_accounts_too(self, site):
        pierre = self.with_factor("Pierre")
        browser = site.sign_in("anna")
        browser.post("/members/new/", **{**NEW, "email": "pierre@example.com"})
        row = Membership.get(Membership.account == site.rome, Membership.user == pierre)
        page = browser.post(f"/members/edit/?id={row.id}", role="agent", factor_off="y").text
        assert "only the operator can turn it off" in page
        assert UserRow.get_by_id(pierre.id).tf_primary_method == "authenticator"


def test_nobody_locks_themselves_out(site):
    browser = site.sign_in("anna")
    own = Membership.select().join(UserRow).where(UserRow.name == "Anna").get()
    browser.post("/members/delete/", id=own.id)
    browser.post(f"/members/edit/?id={own.id}", role="agent")
    assert Membership.get_by_id(own.id).role == "admin"


def test_a_user_who_belongs_nowhere_is_deleted(site):
    row = Membership.select().join(UserRow).where(UserRow.name == "Aldo").get()
    site.sign_in("anna").post("/members/delete/", id=row.id)
    assert not UserRow.select().where(UserRow.name == "Aldo").exists()


def test_operators_are_made_by_operators_only(site):
    operator = site.sign_in("olga")
    operator.post("/operators/new/", **{**NEW, "role": "billing"})
    assert Membership.select().where(Membership.role == "billing").count() == 2
    assert site.sign_in("anna").post("/operators/new/", **NEW).status_code == 403


# --- Employees ---


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"extension": "12a"}, "“12a” is no extension"),
        ({"extension": "101"}, "101 is the extension of Anna already"),
        ({"mobile": "12"}, "“12” is no complete phone number"),
        ({"sip": "anna"}, "“anna” is no SIP address"),
        ({"name": " "}, "This field is required"),
    ],
)
def test_an_employees_form_says_what_to_change(site, changes, says):
    data = {"name": "Bruno", "extension": "177", **changes}
    page = site.sign_in("anna").post("/employees/new/", **data).text
    assert says in page
    assert not EmployeeRow.select().where(EmployeeRow.name == "Bruno").exists()


def test_numbers_are_stored_in_one_form(site):
    site.sign_in("anna").post(
        "/employees/new/",
        name="Bruno",
        extension="177",
        mobile="333 123 4567",
        sip="b@pbx.example:5061",
    )
    bruno = EmployeeRow.get(EmployeeRow.name == "Bruno")
    assert (bruno.mobile, bruno.account_id) == ("+393331234567", site.rome.id)


def test_the_same_extension_in_another_account_is_no_matter(site):
    assert EmployeeRow.select().where(EmployeeRow.extension == "101").count() == 2


def test_only_users_of_the_account_can_be_an_employee(site):
    page = site.sign_in("anna").get("/employees/new/").text
    assert "Aldo" in page
    assert "Pierre" not in page
    assert "Olga" not in page


def test_the_own_page_switches_availability(site):
    site.anna.user = UserRow.get(name="Aldo")
    site.anna.save()
    browser = site.sign_in("aldo")
    assert "You are available" in browser.get("/me/").text
    browser.post("/me/available/", available="0")
    assert not EmployeeRow.get_by_id(site.anna.id).available
    assert "You are away" in browser.get("/me/").text
    assert EmployeeRow.get_by_id(site.pierre.id).available
    assert site.sign_in("anna").post("/me/available/", available="0").status_code == 404


# --- Gateways and accounts ---

GATEWAY = {
    "name": "Main 2",
    "which": "twiml/twilio",
    "ref": "AC1",
    "secret": "top-secret-token",
    "api_secret": "other-secret",
    "public_url": "https://voice.example.com",
}


def test_a_gateway_is_not_deleted_under_its_numbers(site):
    browser = site.sign_in("anna")
    browser.post("/gateways/new/", **GATEWAY)
    row = GatewayRow.get(GatewayRow.name == "Main 2")
    line = site.company.line
    line.gateway = row
    line.save()
    asked = browser.get(f"/gateways/delete/?id={row.id}").text
    assert "Still used by these; change them first:" in asked
    assert str(line) in asked
    assert "Twilio" in browser.get("/gateways/").text
    browser.post(f"/gateways/delete/?id={row.id}", id=row.id)
    assert GatewayRow.get_or_none(GatewayRow.id == row.id) is not None


def test_a_gateways_secrets_go_in_and_never_come_out(site):
    browser = site.sign_in("anna")
    answer = browser.post("/gateways/new/", **GATEWAY)
    row = GatewayRow.get(GatewayRow.name == "Main 2")
    assert (row.kind, row.provider, row.secret) == ("twiml", "twilio", "top-secret-token")
    seen = "".join(
        browser.get(page).text
        for page in (answer.location, f"/gateways/edit/?id={row.id}", "/gateways/",
                     f"/gateways/details/?id={row.id}")
    )  # fmt: skip
    assert "top-secret-token" not in seen
    assert "other-secret" not in seen
    assert "https://voice.example.com/twiml/" in seen
    assert "data-copy" in seen
    browser.post(f"/gateways/edit/?id={row.id}", **{**GATEWAY, "secret": "", "name": "Renamed"})
    changed = GatewayRow.get_by_id(row.id)
    assert (changed.name, changed.secret) == ("Renamed", "top-secret-token")
    assert browser.get("/gateways/export/csv/").status_code == 403


def test_only_the_operator_says_where_recordings_are_fetched(site):
    inside = {**GATEWAY, "api_url": "http://127.0.0.1:8000"}
    page = site.sign_in("anna").post("/gateways/new/", **inside).text
    assert "Ask the operator of the installation" in page
    assert not GatewayRow.select().where(GatewayRow.name == "Main 2").exists()


def test_a_gateway_without_a_secret_is_refused(site):
    page = site.sign_in("anna").post("/gateways/new/", **{**GATEWAY, "secret": ""}).text
    assert "genuine webhook from a forged one" in page


def test_an_operator_makes_an_account(site):
    data = {
        "name": "Nuova", "plan": "free", "timezone": "Europe/Rome", "country": "IT",
        "language": "it", "backup_number": "333 1234567", "dial_countries": "it, fr",
        "dial_concurrent": "2", "dial_daily": "20",
    }  # fmt: skip
    browser = site.sign_in("olga")
    assert (
        "“XX” is no country"
        in browser.post("/accounts/new/", **{**data, "dial_countries": "XX"}).text
    )
    assert "Not a valid choice" in browser.post("/accounts/new/", **{**data, "plan": "gold"}).text
    browser.post("/accounts/new/", **data)
    row = AccountRow.get(AccountRow.name == "Nuova")
    assert (row.dial_countries, row.backup_number, row.plan) == ("IT FR", "+393331234567", "free")
    assert row.created_at is not None


def test_an_admin_changes_the_own_account_but_not_its_plan(site):
    browser = site.sign_in("anna")
    data = {
        "name": "Rossi & Figli", "timezone": "Europe/Rome", "country": "IT", "language": "it",
        "backup_number": "", "dial_countries": "", "dial_concurrent": "4", "dial_daily": "200",
    }  # fmt: skip
    browser.post(f"/own_account/edit/?id={site.rome.id}", **data, plan="professional")
    row = AccountRow.get_by_id(site.rome.id)
    assert (row.name, row.plan) == ("Rossi & Figli", "free")
    assert browser.get(f"/own_account/edit/?id={site.paris.id}").status_code == 404
    own = site.company.line.number
    page = browser.post(f"/own_account/edit/?id={site.rome.id}", **{**data, "backup_number": own})
    assert "one of your own numbers" in page.text


def test_deleting_a_number_says_what_goes_and_what_stays(site):
    page = site.sign_in("anna").get(f"/lines/delete/?id={site.company.line.id}").text
    assert "Its settings go with it" in page
    assert "Past calls stay." in page


def test_a_numbers_card_names_its_backup_number(site):
    browser, line = site.sign_in("anna"), site.company.line
    assert "Backup number: –" in browser.get(f"/lines/{line.id}/").text
    site.rome.backup_number = "+393330000001"
    site.rome.save()
    assert "Backup number: +39\xa0333\xa0000\xa00001" in browser.get(f"/lines/{line.id}/").text
