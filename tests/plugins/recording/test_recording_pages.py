"""Q2: the list of recordings, by people with and without the rights."""

from datetime import timedelta

import pytest

from core.api import CallRow, EmployeeRow, LineRow, RecordingRow
from plugins.recording.keeping import keep_for, retention_days
from plugins.recording.listing import PAGE
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  with: {title: With, features: {recording: true, recording.monthly_calls: 100}}
  without: {title: Without}
"""
SOUND = b"RIFF" + bytes(range(100))


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, ("recording",), PLANS) as site:
        site.rossi = site.account("Rossi", "with")
        site.anna = EmployeeRow.create(account=site.rossi, name="Anna")
        site.line = LineRow.create(account=site.rossi, number="+390612345678", name="Main")
        site.storage = site.centralino.config.storage
        yield site


def record(site, at=NOON, employee=None, **columns):
    count = CallRow.select().count()
    call = CallRow.create(
        account=site.rossi,
        line=site.line,
        caller=f"+3933300{count:05}",
        called=site.line.number,
        employee=employee,
        started_at=at,
        ref=str(count),
        token=str(count),
        state="{}",
    )
    values = {"kind": "conversation", "status": "stored", "seconds": 65}
    row = RecordingRow.create(
        account=site.rossi, call=call, ref="RE", announced_at=at, **{**values, **columns}
    )
    row.path = f"{row.id}.wav"
    row.save()
    site.storage.mkdir(exist_ok=True)
    (site.storage / row.path).write_bytes(SOUND)
    return row


def everything(site, role="admin", **rights):
    return site.sign_in(site.rossi, role, may_listen=True, may_delete_recordings=True, **rights)


def again(row):
    return RecordingRow.get_by_id(row.id)


def test_an_empty_list_says_what_to_do_next(site):
    page = site.sign_in(site.rossi, "admin").get("/recording/").text
    assert "No recordings yet." in page
    assert "Switch on “Record all calls”" in page


def test_without_recording_in_the_plan_there_is_no_list(site):
    poor = site.account("Poor", "without")
    browser = site.sign_in(poor, "admin", may_listen=True)
    assert browser.get("/recording/").status_code == 403
    assert "/recording/" not in browser.get("/").text


def test_the_list_shows_call_length_and_player(site):
    row = record(site, employee=site.anna)
    page = everything(site).get("/recording/").text
    for text in (
        "+39\N{NO-BREAK SPACE}333\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}0000",
        "Main",
        "Anna",
        "1:05",
        f"/calls/{row.call_id}/",
    ):
        assert text in page
    assert "<audio" in page
    assert f'src="/recording/{row.id}/listen"' in page


def hear(browser, row, part=None):
    """What a player gets: status, type and sound."""
    headers = {"Range": f"bytes={part}"} if part else {}
    with browser.get(f"/recording/{row.id}/listen", headers=headers) as answer:
        return answer.status_code, answer.mimetype.replace("x-wav", "wav"), answer.data


def test_a_player_gets_the_sound_whole_or_in_part(site):
    row, browser = record(site), everything(site)
    assert hear(browser, row) == (200, "audio/wav", SOUND)
    assert hear(browser, row, "4-9") == (206, "audio/wav", SOUND[4:10])
    assert hear(browser, row, "900-")[0] == 416


def test_listening_and_deleting_are_rights_of_their_own(site):
    row = record(site)
    delete = f"/recording/{row.id}/delete"
    manager = site.sign_in(site.rossi, "admin")
    listener = site.sign_in(site.rossi, "supervisor", may_listen=True)
    deleter = site.sign_in(site.rossi, "supervisor", may_delete_recordings=True)
    answers = [
        [
            hear(one, row)[0],
            one.get(delete).status_code,
            one.post(f"/recording/{row.id}/hold", on="0").status_code,
        ]
        for one in (manager, listener, deleter)
    ]
    assert answers == [[403, 403, 403], [200, 403, 403], [403, 200, 302]]
    assert manager.post(delete).status_code == 403
    assert listener.post(delete).status_code == 403
    assert again(row).status == "stored"
    assert "<audio" not in manager.get("/recording/").text
    assert deleter.post(delete).status_code == 302
    assert again(row).status == "deleted"


def test_an_agent_needs_a_right_and_hears_only_their_own_talks(site):
    own, other = record(site, employee=site.anna), record(site)
    without = site.sign_in(site.rossi, "agent")
    assert without.get("/recording/").status_code == 403
    assert "/recording/" not in without.get("/").text
    agent = everything(site, "agent", employee=site.anna)
    page = agent.get("/recording/").text
    assert f"/recording/{own.id}/listen" in page
    assert f"/recording/{other.id}/" not in page
    assert (hear(agent, own)[0], hear(agent, other)[0]) == (200, 404)
    assert agent.post(f"/recording/{other.id}/delete").status_code == 404


def test_a_deleted_recording_is_heard_by_nobody(site):
    row, browser = record(site), everything(site)
    assert "cannot be brought back" in browser.get(f"/recording/{row.id}/delete").text
    browser.post(f"/recording/{row.id}/delete")
    assert browser.get(f"/recording/{row.id}/listen").status_code == 404
    assert f"/recording/{row.id}/" not in browser.get("/recording/").text
    assert browser.post(f"/recording/{row.id}/delete").status_code == 409


def test_a_legal_hold_stops_every_deletion(site):
    row, browser = record(site), everything(site)
    browser.post(f"/recording/{row.id}/hold", on="1")
    page = browser.get("/recording/").text
    assert "legal hold" in page
    assert f"/recording/{row.id}/delete" not in page
    assert "Release the hold first" in browser.get(f"/recording/{row.id}/delete").text
    refused = browser.post(f"/recording/{row.id}/delete")
    assert refused.status_code == 409
    assert "is on legal hold and was not deleted" in refused.text
    browser.post(f"/recording/{row.id}/hold", on="0")
    assert browser.post(f"/recording/{row.id}/delete").status_code == 302


def test_the_list_goes_on_on_the_next_page(site):
    rows = [record(site, NOON - timedelta(minutes=place // 2)) for place in range(PAGE + 2)]
    browser = everything(site)
    first = browser.get("/recording/").text
    assert first.count("<audio") == PAGE
    in_order = sorted(rows, key=lambda row: (row.announced_at, row.id), reverse=True)
    assert f"before={in_order[PAGE - 1].id}" in first
    second = browser.get(f"/recording/?before={in_order[PAGE - 1].id}").text
    assert second.count("<audio") == 2
    for row in in_order[PAGE:]:
        assert f"/recording/{row.id}/listen" in second


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("from=2026-11-20", {"noon", "held"}),
        ("to=2026-11-19", {"day before"}),
        ("from=2026-11-21", set()),
        ("employee={anna}", {"day before"}),
        ("employee=999", set()),
        ("line={line}", {"noon", "held", "day before"}),
        ("held=1", {"held"}),
        ("line=x&employee=-1&before=99999999999999999999", {"noon", "held", "day before"}),
    ],
)
def test_the_list_is_narrowed(site, query, found):
    rows = {
        "noon": record(site),
        "held": record(site, legal_hold=True),
        "day before": record(site, NOON - timedelta(days=1), employee=site.anna),
    }
    query = query.format(anna=site.anna.id, line=site.line.id)
    page = everything(site).get(f"/recording/?{query}").text
    assert {name for name, row in rows.items() if f"/recording/{row.id}/listen" in page} == found


def test_a_date_that_is_none_is_named(site):
    page = everything(site).get("/recording/?from=yesterday").text
    assert "“yesterday” is no date; write it like 2026-11-22." in page


def test_messages_and_recordings_without_sound_are_not_listed(site):
    record(site, kind="message")
    record(site, status="absent")
    failed = record(site, status="failed")
    browser = everything(site)
    page = browser.get("/recording/").text
    assert "<audio" not in page
    assert "could not be fetched" in page
    assert browser.get(f"/recording/{failed.id}/listen").status_code == 404


def test_the_retention_period_is_for_admins_and_asks_before_it_deletes(site):
    old = record(site, NOON - timedelta(days=31))
    record(site, NOON - timedelta(days=31), legal_hold=True)
    supervisor = everything(site, "supervisor")
    assert supervisor.get("/recording/retention").status_code == 403
    assert supervisor.post("/recording/retention", days="1").status_code == 403
    admin = site.sign_in(site.rossi, "admin")
    question = admin.post("/recording/retention", days="30").text
    assert "1 recording is older than 30 days and will be deleted." in question
    assert retention_days(site.rossi.id) == 0
    assert admin.post("/recording/retention", days="30", confirmed="30").status_code == 302
    assert retention_days(site.rossi.id) == 30
    assert "kept for 30 days" in admin.get("/recording/").text
    assert again(old).status == "stored"
    assert admin.post("/recording/retention", days="60").status_code == 302


def test_a_period_that_is_none_is_refused(site):
    page = site.sign_in(site.rossi, "admin").post("/recording/retention", days="a week").text
    assert "&#39;a week&#39; is no number of days" in page
    assert retention_days(site.rossi.id) == 0


def test_the_job_of_the_plugin_purges(site):
    old = record(site, NOON - timedelta(days=31))
    keep_for(site.rossi.id, 30)
    registry = site.centralino.registry
    (job,) = [one for _, jobs in registry.every("register_jobs") for one in jobs()]
    assert job.run(NOON) == 1
    assert again(old).status == "deleted"


def test_another_account_hears_and_changes_nothing(site):
    row = record(site)
    dupont = site.account("Dupont", "with")
    stranger = site.sign_in(dupont, "admin", may_listen=True, may_delete_recordings=True)
    assert stranger.get(f"/recording/{row.id}/listen").status_code == 404
    assert stranger.get(f"/recording/{row.id}/delete").status_code == 404
    assert stranger.post(f"/recording/{row.id}/delete").status_code == 404
    assert stranger.post(f"/recording/{row.id}/hold", on="1").status_code == 404
    assert f"/recording/{row.id}" not in stranger.get("/recording/").text
    assert stranger.get(f"/recording/?before={row.id}").status_code == 200
    assert (again(row).status, again(row).legal_hold) == ("stored", False)
    assert stranger.get(f"/recording/{2**70}/listen").status_code == 404
