"""M2: number, then account, then system; and what the trace says of a sound that is gone."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core import api
from core.contract.steps import TONES
from core.store.folders import keep_in
from plugins.melodies import library, plugin, ready, service
from plugins.melodies.checking import check
from plugins.melodies.choices import choices
from plugins.melodies.models import LanguageRow, SoundRow, ToneRow
from plugins.melodies.schemas import MelodiesSettings
from tests.plugins.melodies.sounds import encoded
from tests.support.calls import NOON, make_call

TONE = api.Tone("greeting", "Welcome.")


def settings(**typed):
    return SimpleNamespace(**MelodiesSettings().load(typed))


def sound(company, title="Ours", text="", **tone):
    """Store an own sound."""
    row = SoundRow(account=company.row, title=title, text=text, added_at=NOON)
    library.fill(row, check(encoded(**tone)))
    row.save()
    return row


def find(company, tone=TONE, **typed):
    """What the plugin answers to ``find_tone``, and what it notes."""
    call = make_call(account=company.account)
    return plugin.find_tone(call, tone, settings(**typed)), call.notes


@pytest.mark.parametrize("name", TONES)
def test_every_tone_has_a_ready_sound_whose_file_is_there(company, name):
    answer, notes = find(company, api.Tone(name, "x"))
    assert answer.key == f"melodies:ready/en/{name}"
    file = plugin.find_sound(company.account, answer)
    assert file.mp3.is_file()
    assert file.wav.is_file()
    assert notes == []


@pytest.mark.parametrize("name", ready.SENTENCES)
def test_every_sentence_has_a_ready_sound_whose_file_is_there(company, name):
    answer, _ = find(company, api.Tone(name, "x", key="1"), language="pt")
    assert answer.key == f"melodies:ready/pt/{name}"
    assert "{" not in answer.text
    file = plugin.find_sound(company.account, answer)
    assert file.mp3.is_file()
    assert file.wav.is_file()


@pytest.mark.parametrize(
    ("key", "said"),
    [("7", "Se non lo desiderate, premete 7."), ("*", "Se non lo desiderate, premete asterisco.")],
)
def test_a_sentence_that_names_another_key_is_a_text_in_the_language_of_the_melodies(
    company, key, said
):
    tone = api.Tone("notice-opt-out", "x", key=key)
    answer, _ = find(company, tone, language="it")
    assert answer == api.Say(f"Vi informiamo che questa chiamata sarà registrata. {said}", "it")


def test_a_tone_that_nobody_knows_is_left_to_others(company):
    assert find(company, api.Tone("jingle", "x"))[0] is None


def test_the_language_is_the_numbers_the_accounts_choice_or_the_accounts_own(company):
    company.row.language = "ru"
    company.row.save()
    assert find(company)[0].key == "melodies:ready/ru/greeting"
    LanguageRow.create(account=company.row, language="de")
    assert find(company)[0].key == "melodies:ready/de/greeting"
    answer, _ = find(company, language="it")
    assert answer == api.Sound(
        "melodies:ready/it/greeting",
        "Benvenuti, e grazie per averci chiamato. Vi risponderemo tra un momento.",
    )


def test_the_number_comes_before_the_account_and_that_before_the_ready_tone(company):
    ours, numbers = sound(company), sound(company, "Number's", strength=0.2)
    ToneRow.create(account=company.row, name="greeting", sound=ours)
    assert find(company)[0].key == f"melodies:{ours.id}"
    assert find(company, greeting=f"melodies:{numbers.id}")[0].key == f"melodies:{numbers.id}"
    ready, _ = find(company, greeting="melodies:ready/greeting", language="es")
    assert ready.key == "melodies:ready/es/greeting"
    titles = [
        service.origin_title(service.heard(company.account, "greeting", settings(**chosen)))
        for chosen in ({"greeting": f"melodies:{numbers.id}"}, {})
    ]
    assert titles == ["This number's own", "The account's"]
    ready = service.heard(company.account, "notice", settings(language="it"))
    assert service.origin_title(ready) == "Ready tone in Italian"


def test_what_an_own_sound_says_is_its_text_else_the_tones(company):
    silent = sound(company, "Music")
    said = sound(company, "Said", text="Hello from Rossi.", strength=0.2)
    assert find(company, greeting=f"melodies:{silent.id}")[0].text == "Welcome."
    assert find(company, greeting=f"melodies:{said.id}")[0].text == "Hello from Rossi."


def test_a_sound_whose_file_is_gone_is_passed_over_and_noted(company):
    ours, numbers = sound(company), sound(company, "Number's", strength=0.2)
    ToneRow.create(account=company.row, name="greeting", sound=ours)
    plugin.find_sound(company.account, api.Sound(f"melodies:{numbers.id}")).mp3.unlink()
    answer, notes = find(company, greeting=f"melodies:{numbers.id}")
    assert answer.key == f"melodies:{ours.id}"
    assert notes == ["the file of the sound “Number's” is gone"]


def test_a_deleted_sound_is_passed_over(company):
    assert find(company, greeting="melodies:999")[0].key == "melodies:ready/en/greeting"
    (problem,) = plugin.check_settings(company.account, settings(hold="melodies:999"))
    assert (problem.field, problem.warning) == ("hold", False)


@pytest.mark.parametrize("key", ["melodies:", "melodies:x", "melodies:²", "other:1", "melodies:-1",
                                 "melodies:99999999999999999999"])  # fmt: skip
def test_other_keys_are_nobodys_sounds(company, key):
    sound(company)
    assert plugin.find_sound(company.account, api.Sound(key)) is None


def test_another_accounts_sound_is_not_found(company):
    mine = sound(company)
    other = type(company)("Bianchi", "+390612349999")
    assert plugin.find_sound(other.account, api.Sound(f"melodies:{mine.id}")) is None
    assert find(other, greeting=f"melodies:{mine.id}")[0].key == "melodies:ready/en/greeting"


def test_offered_are_own_sounds_by_title_then_the_ready_tones(company):
    sound(company, "Zebra")
    sound(company, "Ape", strength=0.2)
    titles = [offer.title for offer in plugin.offer_sounds(company.account)]
    assert titles[:3] == ["Ape", "Zebra", "Ready tone: Greeting"]
    assert len(titles) == 2 + 9
    for offer in plugin.offer_sounds(company.account):
        assert plugin.find_sound(company.account, api.Sound(offer.value)).mp3.is_file()


# --- Files and rows -------------------------------------------------------------------------------


def files(tmp_path):
    return sorted(path.suffix for path in tmp_path.glob("melodies/own/*/*"))


def test_the_same_sound_twice_is_the_same_files_and_goes_with_its_last_row(company, tmp_path):
    one, other = sound(company), sound(company, "Again")
    assert one.digest == other.digest
    assert files(tmp_path) == [".mp3", ".wav"]
    for row, left in ((one, [".mp3", ".wav"]), (other, [])):
        row.delete_instance()
        library.forget(row.digest)
        assert files(tmp_path) == left


def test_files_that_a_crash_left_are_cleared_a_day_later(company, tmp_path):
    kept = sound(company)
    library.fill(SoundRow(), check(encoded(1.0)))  # the row was never written
    assert len(files(tmp_path)) == 4
    stamp = max(path.stat().st_mtime for path in tmp_path.glob("melodies/own/*/*"))
    moment = NOON.fromtimestamp(stamp, tz=NOON.tzinfo)
    library.clear(moment)
    assert len(files(tmp_path)) == 4
    library.clear(moment + library.UNOWNED_FOR * 1.1)
    assert len(files(tmp_path)) == 2
    assert choices(company.account).sounds[kept.id].there


@pytest.mark.parametrize(
    ("filename", "title"),
    [
        ("../../etc/Summer_greeting.mp3", "Summer greeting"),
        ("C:\\Sounds\\Hold.mp3", "Hold"),
        ("a\0b.mp3", "ab"),
        ("\u202egnp.mp3", "gnp"),
    ],
)
def test_a_files_name_becomes_a_title_that_can_be_kept_and_read(filename, title):
    """PostgreSQL keeps no NUL; a sign that turns the direction of writing hides what follows."""
    assert library.stem(filename) == title


def test_a_file_may_be_read_by_whoever_may_enter_its_folder(company):
    from plugins.melodies import shelf

    place = shelf.place("cd" * 32, "wav")
    shelf.put(place, lambda file: file.write(b"RIFF"))
    assert (place.read_bytes(), place.stat().st_mode & 0o777) == (b"RIFF", 0o644)


def test_a_write_that_fails_leaves_nothing(company, tmp_path):
    from plugins.melodies import shelf

    place = shelf.place("ab" * 32, "mp3")
    with pytest.raises(RuntimeError):
        shelf.put(place, lambda file: (_ for _ in ()).throw(RuntimeError("the disk is full")))
    assert list(place.parent.iterdir()) == []


def test_without_an_installation_there_is_no_folder(tmp_path, monkeypatch):
    from core.store import folders

    monkeypatch.setattr(folders, "_data", [])
    with pytest.raises(RuntimeError, match="No installation is open"):
        folders.data_folder("melodies")
    keep_in(tmp_path)
    assert folders.data_folder("melodies") == tmp_path / "melodies"


def test_uses_name_the_tones(company):
    row = sound(company)
    ToneRow.create(account=company.row, name="outside-hours", sound=row)
    place = api.Destination("melodies", str(row.id))
    assert list(plugin.find_uses(company.account, place)) == ["Outside hours of the account"]
    assert list(plugin.find_uses(company.account, api.Destination("queue", str(row.id)))) == []


def test_the_demo_company_has_a_greeting_of_its_own(company):
    plugin.demo_company_created(company.account, None)
    answer, _ = find(company)
    file = plugin.find_sound(company.account, answer)
    assert file.title == "Chime of Rossi"
    assert 3 < file.seconds < 12
