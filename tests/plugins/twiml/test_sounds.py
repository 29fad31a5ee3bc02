"""Sounds over webhooks: played from an address that nobody can guess, said when they are gone."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
import soundfile
from twilio.twiml.voice_response import Gather as TwilioGather
from twilio.twiml.voice_response import VoiceResponse

from core.api import (
    Call,
    Gather,
    Hangup,
    LineKind,
    Order,
    Play,
    Say,
    Sound,
    TakeMessage,
    Wait,
    sound_file,
)
from core.contract.call import Line
from plugins.melodies import library
from plugins.melodies.checking import check
from plugins.melodies.models import SoundRow
from plugins.twiml import documents
from plugins.twiml.gateway import Gateway
from plugins.twiml.providers import PROVIDERS
from tests.plugins.melodies.sounds import encoded
from tests.plugins.twiml.client import Document
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = "schema: 1\nplans:\n  free:\n    title: Free\n    features: {}\n"
GREETING = Sound("melodies:ready/it/greeting", "Benvenuti.")


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, ("melodies", "twiml"), PLANS) as site:
        yield site


@pytest.fixture
def webhooks(site):
    return site.app.extensions["webhooks"]


@pytest.fixture
def account(site):
    return site.account("Rossi", "free", language="it").picture()


@pytest.fixture
def render(webhooks, account):
    """A step as a document, for a call to the account."""
    gateway = Gateway(
        3, PROVIDERS["twilio"], "AC1", "s", "https://phones.example", ("https://x",), "it"
    )
    line = Line(1, "+390612345678", "Main", LineKind.RENTED, "Europe/Rome")

    def rendered(step):
        call = Call(1, account, line, "+393331234567", line.number, NOON, NOON)
        with webhooks.app_context():
            return Document(documents.document(gateway, Order(call, "tok", 1, step)))

    return rendered


def address(document):
    """Where the first sound of a document is, without the host."""
    return urlsplit(document.root.find(".//Play").text).path


@pytest.mark.parametrize("step", [Play, Gather, TakeMessage, Hangup, Wait])
def test_every_step_plays_sounds_and_says_texts_in_their_order(render, step):
    document = render(step(prompts=(Say("Ciao."), GREETING, Say("A presto."))))
    inside = document.root.find("Gather") if step is Gather else document.root
    assert [verb.tag for verb in inside][:3] == ["Say", "Play", "Say"]


def test_the_document_is_the_one_twilios_own_library_writes(render):
    document = render(Gather(prompts=(GREETING,)))
    oracle, ours = VoiceResponse(), document.root.find("Gather")
    gather = TwilioGather(**{"input": "dtmf"})
    gather.play(ours.find("Play").text)
    oracle.append(gather)
    assert f"<Play>{ours.find('Play').text}</Play>" in str(oracle)
    assert f"<Play>{ours.find('Play').text}</Play>" in document.text


def test_the_provider_fetches_the_sound_whole_and_in_parts(render, webhooks):
    path = address(render(Play((GREETING,))))
    client = webhooks.test_client()
    with client.get(path) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "audio/mpeg")
        assert soundfile.info(io.BytesIO(answer.data)).duration > 3
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
        whole, tag = answer.data, answer.headers["ETag"]
    with client.get(path, headers={"Range": "bytes=10-19"}) as part:
        assert (part.status_code, part.data) == (206, whole[10:20])
    with client.get(path, headers={"If-None-Match": tag}) as known:
        assert (known.status_code, known.data) == (304, b"")
    with client.head(path) as head:
        assert int(head.headers["Content-Length"]) == len(whole)


def test_the_same_sound_has_the_same_address_and_another_account_another(site, render, webhooks):
    first = address(render(Play((GREETING,))))
    assert address(render(Hangup((GREETING,)))) == first
    other = render(Play((Sound("melodies:ready/it/hold"),)))
    assert address(other) != first
    assert "melodies" not in first
    assert "greeting" not in first


def test_a_changed_address_is_none(render, webhooks):
    path = address(render(Play((GREETING,))))
    token = path.rpartition("/")[2].removesuffix(".mp3")
    client = webhooks.test_client()
    wrong = [token[:-1], token + "A", "A" * len(token), "x", "_", "A" * 300]
    wrong += [token[:place] + ("B" if token[place] != "B" else "C") + token[place + 1 :]
              for place in range(0, len(token) - 1, 7)]  # fmt: skip
    for one in wrong:
        assert client.get(path.replace(token, one)).status_code == 404
    assert client.post(path).status_code == 405


def test_a_sound_whose_file_is_gone_is_said(render):
    gone = Sound("melodies:99", "Benvenuti da Rossi.")
    assert render(Play((gone,))).says == ["Benvenuti da Rossi."]
    assert render(Play((Sound("melodies:99"),))).verbs == ["Redirect"]


def test_an_own_sound_is_its_accounts_only(site, account, webhooks):
    row = SoundRow(account=account.id, title="Ours", added_at=NOON)
    library.fill(row, check(encoded()))
    row.save()
    other = site.account("Bianchi", "free")
    with webhooks.app_context():
        assert sound_file(row.account.picture(), f"melodies:{row.id}").title == "Ours"
        assert sound_file(other.picture(), f"melodies:{row.id}") is None


def test_waiting_is_the_sounds_length_and_silence_for_the_rest(render):
    rest = render(Wait((GREETING,), 30)).root.find("Pause")
    assert 20 <= int(rest.get("length")) <= 26
    assert render(Wait((GREETING,), 3)).root.find("Pause") is None


def test_a_melody_longer_than_the_wait_goes_on_where_it_stopped(render, webhooks):
    hold = Sound("melodies:ready/it/hold")
    client, pieces = webhooks.test_client(), []
    for heard in (0, 10, 20, 30, 31):
        document = render(Wait((hold,), 10, heard=heard))
        assert document.verbs == ["Play", "Redirect"]
        with client.get(address(document)) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "audio/mpeg")
            pieces.append(answer.data)
            seconds = soundfile.info(io.BytesIO(answer.data)).duration
            assert 9 < seconds < 11
    with client.get(address(render(Play((hold,))))) as answer:
        whole = answer.data
    assert pieces[0] in whole
    assert pieces[1] in whole
    assert pieces[0] not in pieces[1:]
    assert pieces[3] not in whole, "the end and the beginning"
    path = address(render(Wait((hold,), 10)))
    assert client.get(path.replace("/10.mp3", "/61.mp3")).status_code == 404
