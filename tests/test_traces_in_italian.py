"""Why a call went its way, in the reader's language: told by the engine once, read by anybody (S2,
S6)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.api import CallArrived, CallRow, EmployeeRow, GatewayRow, LineRow, save_profile
from core.contract.texts import Phrase, as_data, from_data, joined, phrase
from core.plans.decision import Decision, Reason
from core.plans.sentences import phrased
from plugins.queue.models import GroupRow, MemberRow
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  small:
    title: Small
    features: {queue.max_groups: 1, queue.max_members: 5, recording: true, workhours: true,
               recording.monthly_calls: {limit: 0}}
  big:
    title: Big
    features: {queue.max_groups: 1, queue.max_members: 5, queue.ring_all: true}
"""
PLUGINS = ("queue", "extension", "forward", "voicemail", "recording", "workhours")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

VALUES = st.text() | st.integers()
PHRASES = st.recursive(
    st.builds(lambda value: phrase("said %(one)s", one=value), VALUES),
    lambda inner: st.builds(
        lambda one, other: phrase("%(one)s: %(other)s", one=one, other=other), inner, inner | VALUES
    ),
)

TYPED = st.sampled_from(["", "Recordings", "100 %", "50%(text0)s", "Pro?"])
COUNTS = st.none() | st.integers(0, 3)
DECISIONS = st.builds(
    Decision,
    feature=st.just("recording"),
    allowed=st.booleans(),
    reason=st.sampled_from(Reason),
    value=st.sampled_from([True, False, None, 5, "unlimited", "5 %"]),
    limit=COUNTS,
    used=COUNTS,
    held=COUNTS,
    remaining=COUNTS,
    resets_at=st.sampled_from([None, AT]),
    title=TYPED,
    where=TYPED | st.builds(lambda plan: phrase("plan %(plan)s", plan=plan), TYPED),
    hint=TYPED,
)


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, PLUGINS, PLANS) as site:
        yield site


@pytest.fixture
def call(site):
    """A call that the group Vendite could not take: its only employee has no phone."""
    account = site.account("Rossi", "small")
    gateway = GatewayRow.create(account=account, kind="twiml", provider="", name="Trunk")
    line = LineRow.create(account=account, gateway=gateway, number="+390612345678", name="Main")
    anna = EmployeeRow.create(account=account, name="Anna", extension="101")
    group = GroupRow.create(account=account, name="Vendite", strategy="all", no_answer="hangup")
    MemberRow.create(account=account, group=group, position=0, employee=anna)
    save_profile(line, "queue", values={"group": f"queue:{group.id}"})
    event = CallArrived(gateway.id, "CA1", line.number, "+393331112222", AT)
    site.centralino.engine.deliver(event, lambda order: "")
    return CallRow.get()


@pytest.mark.parametrize(
    ("language", "reasons"),
    [
        ("en", ["group Vendite: nobody is left to ring; skipped: Anna (no phone)"]),
        ("it", ["gruppo Vendite: non resta nessuno da chiamare; saltati: Anna (nessun telefono)",
                "nessuno del gruppo Vendite ha risposto"]),
    ],
)  # fmt: skip
def test_the_page_of_a_call_says_why_in_the_readers_language(site, call, language, reasons):
    admin = site.sign_in(call.account, "admin")
    page = admin.get(f"/calls/{call.id}/", headers={"Accept-Language": language}).text
    assert [one for one in reasons if one not in page] == []
    assert ("skipped:" in page) is (language == "en")


@pytest.mark.parametrize(
    ("strategy", "words"),
    [("evenly", "in modo equo"), ("order", "in ordine"), ("all", "tutti insieme")],
)
def test_how_a_group_rings_is_said_in_the_readers_language(site, strategy, words):
    account = site.account("Rossi", "big")
    gateway = GatewayRow.create(account=account, kind="twiml", provider="", name="Trunk")
    line = LineRow.create(account=account, gateway=gateway, number="+390612345678", name="Main")
    anna = EmployeeRow.create(account=account, name="<b>Anna</b> 100%s", mobile="+393471111111")
    group = GroupRow.create(account=account, name="%(group)s", strategy=strategy)
    MemberRow.create(account=account, group=group, position=0, employee=anna)
    save_profile(line, "queue", values={"group": f"queue:{group.id}"})
    admin = site.sign_in(account, "admin")
    form = {"do": "call", "csrf_token": admin._form_token}
    page = admin.client.post(
        f"/test-call/{line.id}/", data=form, headers={"Accept-Language": "it"}
    ).text
    said = f"gruppo %(group)s, {words}: squilla da &lt;b&gt;Anna&lt;/b&gt; 100%s"
    assert said in page


def test_the_gates_word_is_said_in_the_readers_language_too(site, call):
    """The plan does not include ringing all at once."""
    admin = site.sign_in(call.account, "admin")
    page = admin.get(f"/calls/{call.id}/", headers={"Accept-Language": "it"}).text
    assert "Gruppi: tutti insieme: non è nel piano (piano Small" in page
    assert "is not in the plan" not in page


def test_programs_read_the_english_sentence(site, call):
    trace = site.sign_in(call.account, "admin").get(f"/api/calls/{call.id}").json["trace"]
    assert "skipped: Anna (no phone)" in " ".join(entry["reason"] for entry in trace)
    assert not any("said" in entry for entry in trace)


@given(PHRASES)
def test_what_a_phrase_was_made_of_survives_the_database(text):
    again = from_data(json.loads(json.dumps(as_data(text))))
    assert again == text
    assert as_data(again) == as_data(text)


@given(DECISIONS)
def test_the_gates_sentence_can_be_said_later_as_it_was_said(decision):
    assert from_data(json.loads(json.dumps(as_data(phrased(decision))))) == decision.sentence


def test_a_value_that_no_database_takes_is_kept_as_it_reads():
    at = phrase("since %(at)s", at=AT)
    assert from_data(json.loads(json.dumps(as_data(at)))) == at


@given(st.lists(PHRASES | st.text(min_size=1)))
def test_texts_together_read_like_texts_behind_one_another(texts):
    together = joined(texts, "; ")
    assert together == "; ".join(texts)
    assert isinstance(together, Phrase) or len(texts) < 2
