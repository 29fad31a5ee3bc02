"""The page of messages: who sees, hears and marks which (S5, Q2)."""

from __future__ import annotations

import pytest
from flask import Response

from core import api
from core.calls.tables import CallRow, RecordingRow
from core.store.people import EmployeeRow
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  free: {title: Free, features: {}}
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    def sound(row):
        return Response(f"sound {row.id}", mimetype="audio/wav")

    monkeypatch.setattr(api, "send_recording", sound)
    with open_site(tmp_path, ("extension", "voicemail"), PLANS) as site:
        site.rossi = site.account("Rossi", "free")
        site.anna = EmployeeRow.create(account=site.rossi, name="Anna")
        site.bruno = EmployeeRow.create(account=site.rossi, name="Bruno")
        site.for_anna = message(site.rossi, f"employee:{site.anna.id}")
        site.for_bruno = message(site.rossi, f"employee:{site.bruno.id}")
        site.for_all = message(site.rossi, "")
        yield site


def message(account, recipient, kind="message", status="stored"):
    number = RecordingRow.select().count()
    call = CallRow.create(
        account=account,
        ref=f"ref {number}",
        token=f"token {number}",
        caller="+393331234567",
        called="+390612345678",
        started_at=NOON,
        state="{}",
        client_name="Mario Verdi",
    )
    return RecordingRow.create(
        account=account,
        call=call,
        kind=kind,
        ref="r",
        status=status,
        seconds=12,
        announced_at=NOON,
        recipient=recipient,
    )


def listed(browser):
    """The ids of the messages on the page."""
    page = browser.get("/voicemail_messages/").text
    rows = page.split('name="rowid" value="')[1:]
    return {int(row.split('"', 1)[0]) for row in rows}


def hear(browser, row):
    return browser.get(f"/voicemail_messages/sound/?id={row.id}")


def test_an_admin_sees_all_with_caller_recipient_and_player(site):
    admin = site.sign_in(site.rossi, "admin")
    page = admin.get("/voicemail_messages/").text
    assert "Mario Verdi, +393331234567" in page
    assert "Anna" in page
    assert "the company" in page
    assert page.count("<audio") == 1
    assert page.count("for its recipient only") == 2
    assert listed(admin) == {site.for_anna.id, site.for_bruno.id, site.for_all.id}


def test_an_agent_sees_and_hears_only_their_own(site):
    agent = site.sign_in(site.rossi, "agent", employee=site.anna)
    assert listed(agent) == {site.for_anna.id}
    assert hear(agent, site.for_anna).text == f"sound {site.for_anna.id}"
    assert hear(agent, site.for_bruno).status_code == 404
    assert hear(agent, site.for_all).status_code == 404


def test_an_agent_who_is_no_employee_sees_nothing(site):
    page = site.sign_in(site.rossi, "agent").get("/voicemail_messages/").text
    assert "No messages." in page
    assert "nobody of a group answered" in page


def test_messages_of_others_need_the_right_to_listen(site):
    without = site.sign_in(site.rossi, "admin")
    assert hear(without, site.for_anna).status_code == 403
    assert hear(without, site.for_all).status_code == 200
    supervisor = site.sign_in(site.rossi, "supervisor", may_listen=True)
    assert hear(supervisor, site.for_anna).status_code == 200


def test_a_message_is_heard_when_somebody_it_is_for_plays_it(site):
    supervisor = site.sign_in(site.rossi, "supervisor", may_listen=True)
    hear(supervisor, site.for_anna)
    assert RecordingRow.get_by_id(site.for_anna.id).heard_at is None
    hear(site.sign_in(site.rossi, "agent", employee=site.anna), site.for_anna)
    assert RecordingRow.get_by_id(site.for_anna.id).heard_at == NOON
    hear(supervisor, site.for_all)
    assert RecordingRow.get_by_id(site.for_all.id).heard_at == NOON


def test_messages_are_marked_as_heard_and_as_new(site):
    agent = site.sign_in(site.rossi, "agent", employee=site.anna)
    address = "/voicemail_messages/action/"
    both = [site.for_anna.id, site.for_bruno.id]
    agent.post(address, action="heard", rowid=both)
    assert RecordingRow.get_by_id(site.for_anna.id).heard_at == NOON
    assert RecordingRow.get_by_id(site.for_bruno.id).heard_at is None
    agent.post(address, action="new", rowid=both)
    assert RecordingRow.get_by_id(site.for_anna.id).heard_at is None


def test_conversations_and_what_has_no_sound_are_no_messages(site):
    message(site.rossi, "", kind="conversation")
    message(site.rossi, "", status="absent")
    fetched = message(site.rossi, "", status="announced")
    admin = site.sign_in(site.rossi, "admin")
    assert len(listed(admin)) == 4
    assert fetched.id in listed(admin)
    assert "being fetched" in admin.get("/voicemail_messages/").text


def test_nothing_of_another_account(site):
    stranger = site.sign_in(site.account("Dupont", "free"), "admin", may_listen=True)
    assert listed(stranger) == set()
    assert hear(stranger, site.for_all).status_code == 404
    stranger.post("/voicemail_messages/action/", action="heard", rowid=[site.for_all.id])
    assert RecordingRow.get_by_id(site.for_all.id).heard_at is None


def test_messages_are_neither_made_changed_nor_deleted_here(site):
    admin = site.sign_in(site.rossi, "admin", may_delete_recordings=True)
    assert admin.get("/voicemail_messages/new/").status_code == 403
    edit = f"/voicemail_messages/edit/?id={site.for_all.id}"
    assert admin.post(edit, seconds=1).status_code == 403
    admin.post("/voicemail_messages/delete/", id=site.for_all.id)
    admin.post(
        "/voicemail_messages/action/", action="delete", rowid=[site.for_all.id], confirmed="yes"
    )
    assert RecordingRow.get_by_id(site.for_all.id).status == "stored"
