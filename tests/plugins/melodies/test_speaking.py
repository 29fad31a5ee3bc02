"""Listening to texts: espeak-ng as a program of its own, for members, at a limited rate."""

from __future__ import annotations

import io
import shutil
import stat

import pytest
import soundfile

from core.store.folders import keep_in
from plugins.melodies import speaking

needs_espeak = pytest.mark.skipif(
    not shutil.which("espeak-ng"), reason="espeak-ng is missing: scripts/test-packages.sh"
)


@pytest.fixture(autouse=True)
def _voices():
    speaking._voices.cache_clear()
    yield
    speaking._voices.cache_clear()


def program(folder, body):
    """A stand-in for espeak-ng that speaks Italian, and otherwise does ``body``."""
    file = folder / "bin" / "espeak-ng"
    file.parent.mkdir()
    voices = "Pty Language Age Voice File\\n 5 it --/M Italian roa/it\\n"
    file.write_text(f'#!/bin/sh\ncase "$1" in --voices) printf "{voices}";; *) {body};; esac\n')
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file.parent)


@needs_espeak
@pytest.mark.parametrize("language", ["it", "it-IT", "pt_BR", "en", "ru", "uk", "fr"])
def test_a_text_is_spoken(tmp_path, language):
    keep_in(tmp_path)
    data = speaking.speak("Uno, due, tre.", language)
    with soundfile.SoundFile(io.BytesIO(data)) as file:
        samples = file.read()
        assert len(samples) == file.frames > 8000
        assert abs(samples).max() > 0.1
    assert len(list(tmp_path.glob("melodies/spoken/*.wav"))) == 1


@needs_espeak
def test_no_text_is_an_option_of_the_program(tmp_path):
    keep_in(tmp_path)
    for text in ("--version", "-w /tmp/stolen", "-f /etc/passwd", "\x00\x1b[[x"):
        assert speaking.speak(text, "en")[:4] == b"RIFF"


@pytest.mark.parametrize("language", ["tlh-x", "", "../../etc", "-v", "it;rm"])
def test_a_language_it_does_not_know_is_not_spoken(tmp_path, monkeypatch, language):
    keep_in(tmp_path)
    monkeypatch.setenv("PATH", program(tmp_path, "echo called >&2; exit 9") + ":/usr/bin:/bin")
    assert speaking.speak("Ciao", language) is None


def test_the_same_text_is_spoken_once(tmp_path, monkeypatch):
    keep_in(tmp_path)
    body = f"echo x >>{tmp_path}/count; printf 'RIFF0000WAVEdata0000'"
    monkeypatch.setenv("PATH", program(tmp_path, body) + ":/usr/bin:/bin")
    said = {speaking.speak("Ciao", "it") for _ in range(3)}
    assert len(said) == 1
    assert (tmp_path / "count").read_text() == "x\n"


@pytest.mark.parametrize("body", ["exit 3", "printf 'no sound'", "true"])
def test_a_program_that_fails_speaks_nothing(tmp_path, monkeypatch, body):
    keep_in(tmp_path)
    monkeypatch.setenv("PATH", program(tmp_path, body) + ":/usr/bin:/bin")
    assert speaking.speak("Ciao", "it") is None


def test_a_program_that_hangs_is_ended(tmp_path, monkeypatch):
    keep_in(tmp_path)
    monkeypatch.setattr(speaking, "SECONDS", 0.3)
    monkeypatch.setenv("PATH", program(tmp_path, "exec sleep 60") + ":/usr/bin:/bin")
    assert speaking.speak("Ciao", "it") is None


def test_without_the_program_the_page_names_its_package(tmp_path, monkeypatch, admin):
    page = admin.get("/melodies/").text
    assert ("espeak-ng" in page) is (shutil.which("espeak-ng") is None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "install the package espeak-ng" in admin.get("/melodies/").text
    assert "data-listen=" not in admin.get(f"/lines/{admin.line.id}/").text
    answer = admin.get("/listen/?text=Ciao")
    assert (answer.status_code, "no speech synthesiser" in answer.text) == (404, True)


@needs_espeak
def test_members_listen_in_the_language_of_the_account(admin):
    assert "data-listen=" in admin.get(f"/lines/{admin.line.id}/").text
    answer = admin.get("/listen/?text=Buongiorno")
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert answer.data != admin.get("/listen/?text=Buongiorno&language=de").data
    assert "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_no_text_and_too_much_text_are_refused(admin, text):
    answer = admin.get("/listen/", query_string={"text": text})
    assert (answer.status_code, "1 to 1000 characters" in answer.text) == (422, True)


def test_listening_has_a_rate(admin, monkeypatch):
    monkeypatch.setattr("core.web.views.sounds.spoken", lambda text, language: b"RIFF")
    answers = [admin.get(f"/listen/?text={number}").status_code for number in range(31)]
    assert answers == [200] * 30 + [429]
