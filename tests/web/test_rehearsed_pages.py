"""Plugins' own pages inside ``api.rehearsed``: files, programs of a page, warnings (S3)."""

from __future__ import annotations

import io
import time

import pytest
from flask import flash, redirect, request
from flask_admin import expose

from core import api
from core.calls.rehearsal.saved import save_scenario
from core.store.lines import GatewayRow
from core.web.rehearsing import BACK, FIELD, HEADER
from tests.support.site import open_site

PLANS = "schema: 1\nplans:\n  full:\n    title: Full\n    features: {}\n"


class UploadPage(api.AdminPage):
    """Takes the account's backup number from a file, and keeps the file."""

    kept = None

    @expose("/", methods=("GET", "POST"))
    def index(self):
        """The form; what is wrong is said above it."""
        if request.method == "POST":
            try:
                self.take()
                return redirect("/upload/")
            except api.BadInput as error:
                flash(error.message, "error")
        return self.render("web/base.html")

    def take(self):
        file = request.files.get("file")
        number = file.read().decode() if file else request.get_json()["number"]
        with api.rehearsed() as change:
            self.kept.write_text(number)
            change.undo(self.kept.unlink)
            account = api.AccountRow.get_by_id(api.current_member().account.id)
            account.backup_number = number
            account.save()


class Uploads:
    """A partner's plugin with such a page, and a hook that may hang."""

    slow = 0.0

    @api.hookimpl
    def register_plugin(self):
        return api.Plugin(
            "uploads", "Uploads", stages=(api.Stage("uploads", "Uploads", 5),), on_by_default=True
        )

    @api.hookimpl
    def register_views(self):
        return [UploadPage("Upload", endpoint="upload")]

    @api.hookimpl
    def route_call(self, call):
        time.sleep(self.slow)


@pytest.fixture
def uploads():
    return Uploads()


@pytest.fixture
def site(tmp_path, uploads):
    UploadPage.kept = tmp_path / "kept"
    with open_site(tmp_path, (), PLANS, uploads=uploads) as site:
        account = site.account("Rossi", "full", backup_number="+393330000001")
        gateway = GatewayRow.create(account=account, kind="test", provider="x", name="Main")
        line = api.LineRow.create(account=account, number="+390612345678", gateway=gateway)
        save_scenario(line, {"name": "Always", "call": {"at": "today 10:00"}})
        site.rossi, site.admin = account, site.sign_in(account, "admin")
        yield site


def send(site, number, **fields):
    file = (io.BytesIO(number.encode()), "number.txt")
    return site.admin.post("/upload/", file=file, **fields)


def backup(site):
    return api.AccountRow.get_by_id(site.rossi.id).backup_number


def offered(page):
    return page.split(f'name="{FIELD}" value="', 1)[1].split('"', 1)[0]


def test_a_file_is_asked_for_once_more_and_must_be_the_same(site):
    page = send(site, "+393330000002").text
    assert "Choose number.txt once more" in page
    assert 'type="file" id="again-1" name="file" required' in page
    assert not UploadPage.kept.exists()
    token = offered(page)
    assert "come out differently" in send(site, "+393330000003", **{FIELD: token}).text
    assert backup(site) == "+393330000001"
    assert send(site, "+393330000002", **{FIELD: token}).status_code == 302
    assert backup(site) == "+393330000002"
    assert UploadPage.kept.read_text() == "+393330000002"


def test_going_back_needs_no_file_and_the_page_says_so(site):
    page = send(site, "+393330000002", **{FIELD: BACK})
    assert page.status_code == 200
    assert "Nothing is saved yet. Change what you like, then save again." in page.text
    assert backup(site) == "+393330000001"


def test_a_script_of_a_page_gets_a_problem_and_repeats_with_a_header(site):
    client = site.admin.client
    headers = {"X-CSRFToken": site.admin._form_token}
    body = {"number": "+393330000002"}
    refused = client.post("/upload/", json=body, headers=headers)
    assert refused.status_code == 409
    assert refused.mimetype == "application/problem+json"
    details = refused.json["details"]
    assert [one["name"] for one in details["differences"]] == ["Always"]
    headers[HEADER] = details["confirm"]
    other = client.post("/upload/", json={"number": "+393330000003"}, headers=headers)
    assert other.status_code == 409
    assert client.post("/upload/", json=body, headers=headers).status_code == 302
    assert backup(site) == "+393330000002"


@pytest.mark.usefixtures("impatience")
def test_a_plugin_that_is_too_slow_is_named_in_a_warning_and_the_change_holds(site, uploads):
    uploads.slow = 3.0
    assert send(site, "+393330000002").status_code == 302
    uploads.slow = 0.0
    page = site.admin.get("/upload/").text
    assert "A saved scenario was not rehearsed: uploads took too long." in page
    assert backup(site) == "+393330000002"
