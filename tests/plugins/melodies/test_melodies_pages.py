"""The pages of melodies over HTTP: choose, upload, hear, restore; the library; the wall."""

from __future__ import annotations

import io

import pytest
import soundfile

from core.store.lines import LineProfile, LineRow
from plugins.melodies import choosing, sounds_view
from plugins.melodies.checking import check
from plugins.melodies.models import LanguageRow, SoundRow, ToneRow
from tests.plugins.melodies.sounds import encoded

PAGE = "/melodies/"


def upload(browser, address, data=None, name="Summer_greeting.mp3", **fields):
    """Send a file as the page's form does."""
    file = (io.BytesIO(encoded() if data is None else data), name)
    answer = browser.post(address, file=file, upload="1", **fields)
    answer.request.environ["wsgi.input"].close()  # the client's own copy of a large file
    return answer


def follow(browser, answer):
    assert answer.status_code == 302, answer.text
    return browser.get(answer.location).text


def tone(page, name):
    """The part of the page about one tone."""
    return page.split(f'id="tone-{name}"', 1)[1].split("</section>", 1)[0]


def test_the_page_shows_nine_players_and_where_each_sound_comes_from(admin):
    page = admin.get(PAGE).text
    assert page.count("<audio") == 9
    assert page.count("Ready tone in Italian") == 8
    assert "Vi risponderemo tra un momento." in tone(page, "greeting")


def test_every_player_of_the_page_plays(admin):
    page = admin.get(PAGE).text
    for part in page.split('src="/listen/sound/?')[1:]:
        key = part.split('"', 1)[0].replace("&amp;", "&")
        with admin.get("/listen/sound/?" + key) as answer:
            assert answer.mimetype == "audio/mpeg"
            assert soundfile.info(io.BytesIO(answer.data)).duration > 0.5


def test_an_upload_is_the_accounts_tone_until_the_default_is_restored(admin):
    page = follow(admin, upload(admin, PAGE + "choose/greeting"))
    assert "The account&#39;s" in tone(page, "greeting")
    row = SoundRow.get()
    assert (row.title, row.account_id) == ("Summer greeting", admin.account.id)
    with admin.get(f"/listen/sound/?key=melodies:{row.id}") as heard:
        assert soundfile.info(io.BytesIO(heard.data)).duration == pytest.approx(2, abs=0.2)
    page = follow(admin, admin.post(PAGE + "choose/greeting", sound=""))
    assert "Ready tone in Italian" in tone(page, "greeting")
    assert ToneRow.select().count() == 0
    assert SoundRow.select().count() == 1


def test_a_numbers_own_tone_comes_before_the_accounts(admin):
    follow(admin, upload(admin, PAGE + "choose/hold"))
    address = f"{PAGE}number/{admin.line.id}/"
    assert "The account&#39;s</span>" in tone(admin.get(address).text, "hold")
    page = follow(admin, upload(admin, address + "choose/hold", encoded(strength=0.2)))
    assert "This number&#39;s own" in tone(page, "hold")
    assert LineProfile.get().stored == {
        "hold": f"melodies:{SoundRow.get(title='Summer greeting 2').id}"
    }
    page = follow(admin, admin.post(address + "choose/hold", sound="melodies:ready/hold"))
    assert "Ready tone" in tone(page, "hold")
    page = follow(admin, admin.post(address + "choose/hold", sound=""))
    assert "The account&#39;s</span>" in tone(page, "hold")
    assert LineProfile.get().stored == {}


def test_the_card_offers_the_sounds(admin):
    follow(admin, upload(admin, PAGE + "choose/hold"))
    page = admin.get(f"/lines/{admin.line.id}/").text
    assert 'name="melodies.hold" data-sound=""' in page
    assert "Summer greeting" in page
    assert "The account&#39;s, else the ready tone" in page


def test_the_language_of_the_ready_tones(admin):
    page = follow(admin, admin.post(PAGE + "language", language="de"))
    assert page.count("Ready tone in German") == 8
    address = f"{PAGE}number/{admin.line.id}/"
    page = follow(admin, admin.post(address + "language", language="uk"))
    assert page.count("Ready tone in Ukrainian") == 8
    follow(admin, admin.post(address + "language", language=""))
    page = follow(admin, admin.post(PAGE + "language", language=""))
    assert page.count("Ready tone in Italian") == 8
    assert LanguageRow.select().count() == 0
    refused = admin.post(PAGE + "language", language="xx")
    assert (refused.status_code, "no ready tones in “xx”" in refused.text) == (200, True)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (encoded(format="WAV"), "This file is WAV, not mp3."),
        (encoded()[:3000], "is cut short"),
        (encoded(strength=0.0), "It is silent from beginning to end"),
        (bytes(2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
    ids=["wav", "cut", "silent", "large"],
)
def test_a_bad_file_gets_its_sentence_beside_its_tone(admin, data, sentence):
    for address in (PAGE, f"{PAGE}number/{admin.line.id}/"):
        answer = upload(admin, address + "choose/rating", data)
        assert answer.status_code == 200
        assert sentence in tone(answer.text, "rating")
        assert sentence not in tone(answer.text, "greeting")
    assert SoundRow.select().count() == LineProfile.select().count() == 0


def test_no_file_is_said_too(admin):
    answer = admin.post(PAGE + "choose/rating", upload="1")
    assert "Choose an mp3 file first." in tone(answer.text, "rating")


@pytest.mark.parametrize("door", ["choose/hold", "sounds/new/"])
def test_calls_do_not_wait_while_a_file_is_checked(admin, monkeypatch, door):
    """Ten minutes of sound take seconds to encode, and a transaction holds the lock that calls
    need."""
    locked = []

    def watched(data):
        locked.append(SoundRow._meta.database.in_transaction())
        return check(data)

    for module in (choosing, sounds_view):
        monkeypatch.setattr(module, "check", watched)
    assert upload(admin, PAGE + door).status_code == 302
    assert locked == [False]


def test_stereo_is_warned_of(admin):
    assert "It was stereo" in follow(
        admin, upload(admin, PAGE + "choose/hold", encoded(channels=2))
    )


@pytest.mark.parametrize("path", ["choose/jingle", "number/999/choose/hold", "number/999/language"])
def test_what_does_not_exist_is_not_found(admin, path):
    assert admin.post(PAGE + path, sound="").status_code == 404


def test_a_sound_that_is_not_offered_is_refused(admin):
    for sound in ("melodies:99", "other:1", "melodies:ready/xx/hold"):
        answer = admin.post(PAGE + "choose/hold", sound=sound)
        assert "This sound does not exist any more" in tone(answer.text, "hold")


# --- The library ----------------------------------------------------------------------------------


def test_a_sound_is_uploaded_renamed_and_deleted(admin, tmp_path):
    answer = admin.post(
        "/melodies/sounds/new/", title="", text="Hello.", file=(io.BytesIO(encoded()), "a b.mp3")
    )
    page = follow(admin, answer)
    assert "a b" in page
    assert "0:02" in page
    row = SoundRow.get()
    answer = admin.post(f"/melodies/sounds/edit/?id={row.id}", title="Christmas", text="Merry.")
    follow(admin, answer)
    assert (SoundRow.get().title, SoundRow.get().text) == ("Christmas", "Merry.")
    admin.post("/melodies/sounds/delete/", id=str(row.id))
    assert SoundRow.select().count() == 0
    assert list(tmp_path.glob("melodies/own/*/*")) == []


def test_a_replaced_file_goes(admin, tmp_path):
    follow(admin, upload(admin, PAGE + "choose/hold"))
    row = SoundRow.get()
    new = (io.BytesIO(encoded(1.0)), "x.mp3")
    follow(admin, admin.post(f"/melodies/sounds/edit/?id={row.id}", title="New", text="", file=new))
    assert SoundRow.get().seconds == pytest.approx(1, abs=0.2)
    assert len(list(tmp_path.glob("melodies/own/*/*"))) == 2


def test_a_sound_in_use_is_not_deleted_and_says_where(admin):
    follow(admin, upload(admin, PAGE + "choose/hold"))
    row = SoundRow.get()
    number = f"{PAGE}number/{admin.line.id}/choose/notice"
    follow(admin, admin.post(number, sound=f"melodies:{row.id}"))
    for words in ("Hold music of the account", "+39\xa006\xa01234\xa05678"):
        assert words in admin.get(f"/melodies/sounds/delete/?id={row.id}").text
        assert words in admin.get("/melodies/sounds/").text
    admin.post("/melodies/sounds/delete/", id=str(row.id))
    assert SoundRow.select().count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "X"}, "Choose an mp3 file first."),
        ({"title": "X", "file": (b"no sound", "x.mp3")}, "This is not an mp3 file."),
    ],
)
def test_the_library_says_what_is_wrong_on_the_file(admin, fields, sentence):
    if "file" in fields:
        fields = {**fields, "file": (io.BytesIO(fields["file"][0]), fields["file"][1])}
    answer = admin.post("/melodies/sounds/new/", text="", **fields)
    assert sentence in answer.text
    assert SoundRow.select().count() == 0


def test_a_title_is_taken_once(admin):
    for data in (encoded(), encoded(strength=0.2)):
        file = (io.BytesIO(data), "x.mp3")
        answer = admin.post("/melodies/sounds/new/", title="Same", text="", file=file)
    assert "“Same” is already taken." in answer.text


# --- Who may, and the wall ----------------------------------------------------------------------


def test_supervisors_listen_and_agents_do_not_come_in(site, admin):
    supervisor = site.sign_in(admin.account, "supervisor")
    page = supervisor.get(PAGE).text
    assert (page.count("<audio"), page.count('type="file"')) == (9, 0)
    assert upload(supervisor, PAGE + "choose/hold").status_code == 403
    agent = site.sign_in(admin.account, "agent")
    assert agent.get(PAGE).status_code == 403


def test_nobody_hears_or_uses_another_accounts_sounds(site, admin):
    follow(admin, upload(admin, PAGE + "choose/hold"))
    key = f"melodies:{SoundRow.get().id}"
    other = site.sign_in(site.account("Bianchi", "free"), "admin")
    assert other.get(f"/listen/sound/?key={key}").status_code == 404
    assert "does not exist any more" in other.post(PAGE + "choose/hold", sound=key).text
    assert other.get(f"{PAGE}number/{admin.line.id}/").status_code == 404
    assert "Summer greeting" not in other.get(PAGE).text
    stranger = site.app.test_client()
    assert stranger.get(f"/listen/sound/?key={key}").status_code == 302
    assert stranger.get("/listen/?text=Hello").status_code == 302


def test_a_settings_card_with_a_gone_sound_is_refused_on_its_field(site, admin):
    with site.app.test_request_context():
        line = LineRow.get_by_id(admin.line.id)
        LineProfile.create(
            account=admin.account,
            line=line,
            plugin="melodies",
            on=True,
            stored={"hold": "melodies:99"},
        )
    page = admin.get(f"/lines/{admin.line.id}/").text
    assert "melodies:99 (does not exist any more)" in page
