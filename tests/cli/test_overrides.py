"""``override``: an account's own value, for how long and why; ``trial``: a plan until a day."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.app import installation
from core.plans.tables import PlanOverride, PlanTrial
from core.store.audit import AuditEntry
from tests.support.commands import lines_of

pytestmark = pytest.mark.usefixtures("company")

SET = ("override", "set", "Rossi")
WHY = ("--reason", "as promised")


def decision(run, feature, account="Rossi"):
    return json.loads(run("why", account, feature, "--json").out)


def test_an_override_holds_at_once_and_explains_itself(run):
    said = run(*SET, "quality_rating", "yes", *WHY)
    assert (said.status, said.err) == (0, "")
    found = decision(run, "quality_rating")
    assert (found["allowed"], found["source"], found["until"]) == (True, "override", None)
    assert "as promised" in run("why", "Rossi", "quality_rating").out


def test_days_are_those_of_the_account_and_the_last_one_is_included(run):
    words = ("override", "set", "Tui", "recording.monthly_calls", "50 @ 90", *WHY)
    made = json.loads(run(*words, "--from", "2998-01-10", "--until", "2998-01-31", "--json").out)
    assert (made["value"], made["warn_at"], made["state"]) == (50, [90], "to-come")
    assert made["from"] == "2998-01-10T00:00:00+13:00"
    assert made["until"] == "2998-02-01T00:00:00+13:00"
    assert made["account"] == {"id": 2, "name": "Tui"}
    (row,) = lines_of(run("override", "list", "Tui").out)
    assert "from 2998-01-10 until 2998-01-31" in row
    assert decision(run, "recording.monthly_calls", "Tui")["source"] == "plan"


def test_today_is_now(run, monkeypatch):
    now = datetime.now(UTC)
    monkeypatch.setattr("core.app.machine_clock", lambda: now)  # else midnight may come meanwhile
    today = now.astimezone(ZoneInfo("Pacific/Auckland")).date()
    words = ("override", "set", "Tui", "queue.max_groups", "7", *WHY, "--json")
    made = json.loads(run(*words, "--from", str(today)).out)
    assert (made["state"], made["value"]) == ("holds", 7)
    yesterday = str(today - timedelta(days=1))
    said = run(*words, "--from", yesterday)
    assert lines_of(said.err) == [
        f"centralino: {yesterday} has passed; on the account's calendar it is {today}."
    ]


def test_what_equals_the_plan_is_refused_unless_pinned(run):
    said = run(*SET, "queue.max_groups", "1", *WHY)
    assert (said.status, said.out) == (1, "")
    (line,) = lines_of(said.err)
    assert "Pin the override" in line
    made = json.loads(run(*SET, "queue.max_groups", "1", *WHY, "--pin", "--json").out)
    assert (made["pinned"], made["author"].endswith(" (command)")) == (True, True)


def test_list_shows_what_holds_and_with_all_what_is_over(run):
    run(*SET, "queue.max_groups", "5", *WHY)
    run(*SET, "queue.max_groups", "9", *WHY, "--until", "2998-12-31")
    run("override", "set", "Tui", "ivr", "true", *WHY)
    assert len(lines_of(run("override", "list").out)) == 3
    older, younger = json.loads(run("override", "list", "Rossi", "--json").out)["overrides"]
    assert [(one["value"], one["state"]) for one in (older, younger)] == [
        (5, "waits"),
        (9, "holds"),
    ]
    assert decision(run, "queue.max_groups")["value"] == 9
    ended = run("override", "end", "Rossi", "queue.max_groups", "--message", "over")
    assert len(lines_of(ended.out)) == 2
    assert run("override", "list", "Rossi").out == "No overrides.\n"
    found = json.loads(run("override", "list", "Rossi", "--all", "--json").out)["overrides"]
    assert [one["state"] for one in found] == ["over", "over"]
    assert decision(run, "queue.max_groups")["value"] == 1


def test_an_end_ends_what_is_to_come_too(run):
    run(*SET, "ivr", "true", *WHY, "--from", "2998-01-01")
    ended = json.loads(run("override", "end", "Rossi", "ivr", "--json").out)["overrides"]
    assert [one["state"] for one in ended] == ["over"]


def test_every_change_is_in_the_audit(run):
    run(*SET, "ivr", "true", *WHY, "--author", "bill@example.com")
    run("override", "end", "Rossi", "ivr", "--message", "paid for", "--author", "bill@example.com")
    with installation():
        entries = list(AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2))
    assert [(one.action, one.author, one.message) for one in entries] == [
        ("override.end", "bill@example.com", "paid for"),
        ("override.set", "bill@example.com", "as promised"),
    ]


NO_OVERRIDE = [
    (("Rossi", "ivr", "maybe", *WHY), "cannot be granted"),
    (("Rossi", "ivr", "", *WHY), "Give a value; `override end` goes back to the plan."),
    (("Rossi", "irv", "true", *WHY), "did you mean"),
    (("Nobody", "ivr", "true", *WHY), "There is no account 'Nobody'"),
    (("Rossi", "ivr", "true", "--reason", " "), "Say why"),
    (("Rossi", "ivr", "true"), "--reason"),
    (("Rossi", "ivr", "true", *WHY, "--until", "soon"), "“soon” is no day"),
    (("Rossi", "ivr", "true", *WHY, "--until", "2020-01-01"), "would end before it begins"),
    (("Rossi", "ivr.max_depth", "3", *WHY), "Override ivr first."),
]


def test_what_cannot_be_set(run):
    for words, sentence in NO_OVERRIDE:
        said = run("override", "set", *words)
        assert (said.status != 0, said.out) == (True, "")
        (line,) = lines_of(said.err)
        assert line.startswith("centralino: ")
        assert sentence in line
    with installation():
        assert not PlanOverride.select().exists()


def test_there_is_none_to_end(run):
    said = run("override", "end", "Rossi", "ivr")
    assert lines_of(said.err) == ["centralino: Rossi has no override of ivr."]
    assert run("override", "end", "Rossi", "irv").status == 1


START = ("trial", "start", "Rossi", "basic")


def test_a_trial_gives_the_plan_until_the_last_day(run):
    made = json.loads(run(*START, "--until", "2998-01-31", *WHY, "--json").out)
    assert (made["plan"], made["until"]) == ("basic", "2998-02-01T00:00:00+01:00")
    assert (made["state"], made["account"]["name"]) == ("holds", "Rossi")
    found = decision(run, "quality_rating")
    assert (found["allowed"], found["source"]) == (True, "trial")
    (row,) = lines_of(run("trial", "list").out)
    assert "until 2998-01-31" in row


def test_a_trial_ends_and_is_kept(run):
    run(*START, "--until", "2998-01-31", *WHY)
    said = run("trial", "end", "Rossi", "--message", "they left")
    assert said.status == 0
    assert " over " in said.out
    assert decision(run, "quality_rating")["reason"] == "trial-ended"
    assert run("trial", "list").out == "No trials.\n"
    (one,) = json.loads(run("trial", "list", "Rossi", "--all", "--json").out)["trials"]
    assert (one["state"], one["ended_at"] is None) == ("over", False)
    with installation():
        entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.message) == ("trial.end", "they left")


NO_TRIAL = [
    (("start", "Rossi", "gold", "--until", "2998-01-31", *WHY), "There is no plan “gold”"),
    (("start", "Rossi", "free", "--until", "2998-01-31", *WHY), "has the plan free already"),
    (("start", "Rossi", "basic", "--until", "2020-01-31", *WHY), "would be over already"),
    (("start", "Rossi", "basic", "--until", "2020-02-31", *WHY), "“2020-02-31” is no day"),
    (("start", "Rossi", "basic", "--until", "", *WHY), "until"),
    (("start", "Rossi", "basic", "--until", "2998-01-31"), "--reason"),
    (("start", "Rossi", "basic", *WHY), "--until"),
    (("end", "Rossi"), "Rossi is on no trial."),
    (("end", "Nobody"), "There is no account 'Nobody'"),
]


def test_what_no_trial_can_be(run):
    for words, sentence in NO_TRIAL:
        said = run("trial", *words)
        assert (said.status != 0, said.out) == (True, "")
        (line,) = lines_of(said.err)
        assert sentence in line
    with installation():
        assert not PlanTrial.select().exists()
