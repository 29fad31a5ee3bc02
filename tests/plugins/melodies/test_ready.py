"""M1: the nine tones and the ready sentences are really there in seven languages, at their level,
whole."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest
import soundfile

from core.contract.steps import TONES
from core.store.folders import keep_in
from plugins.melodies import audio, ready
from plugins.melodies.frames import walk
from plugins.melodies.sentences import SENTENCES
from plugins.melodies.texts import TEXTS

PROJECT = Path(__file__).parents[3]
NAMES = (*ready.TITLES, *ready.SENTENCES)
ALL = [(language, name) for language in ready.LANGUAGES for name in NAMES]
MUSIC = ("ringback", "hold")
NEAR = 2.0
"""Decibels."""


def test_the_tones_are_those_of_the_specification():
    assert set(ready.LANGUAGES) == {"ru", "en", "de", "uk", "es", "pt", "it"}
    assert tuple(ready.TITLES) == TONES
    for language, texts in TEXTS.items():
        assert set(texts) == set(TONES) - set(MUSIC), language
    assert len(set(map(str, TEXTS.values()))) == len(TEXTS)


def test_the_sentences_are_there_in_each_language_and_name_the_key():
    for language in ready.LANGUAGES:
        texts = SENTENCES[language]
        assert set(texts) == set(ready.SENTENCES), language
        assert [name for name, text in texts.items() if "{key}" in text] == [
            "notice-opt-out",
            "notice-opt-in",
        ]
    assert len(set(map(str, SENTENCES.values()))) == len(SENTENCES) == 7


@pytest.mark.parametrize(("language", "name"), ALL)
def test_every_ready_file_is_whole_and_at_its_level(language, name):
    path = ready.mp3(language, name)
    with soundfile.SoundFile(path) as file:
        samples, rate = file.read(), file.samplerate
        assert (file.format, file.channels, rate) == ("MP3", 1, audio.MP3_RATE)
    seconds = len(samples) / rate
    assert 0.5 <= seconds <= 60
    found = walk(path.read_bytes())
    assert (found.missing, found.rest, found.changes) == (0, 0, False)
    assert found.seconds == pytest.approx(seconds, abs=0.15)
    assert audio.peak(samples) < 0.999
    assert abs(samples[0]) < 0.01
    assert abs(samples[-1]) < 0.01
    for part, wanted in parts(name, samples, rate):
        assert audio.level(part, rate) == pytest.approx(wanted, abs=NEAR)


def parts(name, samples, rate):
    """Pieces of a tone with the level each should have."""
    if name == "waiting":  # a sentence, then music
        return [
            (samples[: 6 * rate], audio.SPEECH_LEVEL),
            (samples[-10 * rate :], audio.MUSIC_LEVEL),
        ]
    return [(samples, audio.MUSIC_LEVEL if name in MUSIC else audio.SPEECH_LEVEL)]


def test_the_files_stay_small():
    files = list(ready.MEDIA.rglob("*.mp3"))
    assert len(files) == 7 * (7 + 3) + 3
    assert sum(file.stat().st_size for file in files) < 1_800_000


def test_a_pbx_gets_8_khz_16_bit_mono(tmp_path):
    keep_in(tmp_path)
    found = ready.find("melodies:ready/it/greeting")
    info = soundfile.info(found.wav)
    assert (info.samplerate, info.channels, info.subtype) == (8000, 1, "PCM_16")
    assert info.duration == pytest.approx(found.seconds, abs=0.05)
    written = found.wav.stat().st_mtime_ns
    assert ready.find("melodies:ready/it/greeting").wav.stat().st_mtime_ns == written


@pytest.mark.parametrize(
    "key",
    ["melodies:ready/xx/greeting", "melodies:ready/it/x", "melodies:ready/it", "melodies:17", "x"],
)
def test_other_keys_are_no_ready_tones(tmp_path, key):
    keep_in(tmp_path)
    assert ready.find(key) is None


@pytest.mark.parametrize(
    ("tag", "language"), [("it", "it"), ("pt-BR", "pt"), ("DE_at", "de"), ("fr", "en"), ("", "en")]
)
def test_a_language_that_is_not_ready_has_the_english_tones(tag, language):
    assert ready.known_language(tag) == language


@pytest.fixture
def script(monkeypatch):
    """scripts/make-tones.py as a module."""
    monkeypatch.syspath_prepend(str(PROJECT / "scripts"))
    spec = importlib.util.spec_from_file_location("make_tones", PROJECT / "scripts/make-tones.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("tones_music", None)


def test_the_script_makes_the_same_speech_again(script):
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is missing: scripts/test-packages.sh installs it")
    samples, rate = script.speech("it", "thanks")
    stored, stored_rate = audio.read(ready.mp3("it", "thanks"))
    assert len(samples) / rate == pytest.approx(len(stored) / stored_rate, rel=0.1)
    assert audio.level(samples, rate) == pytest.approx(audio.level(stored, stored_rate), abs=NEAR)


def test_the_script_makes_music_without_a_seam(script):
    loop = script.music.pads()
    step = max(abs(loop[1:] - loop[:-1]))
    assert abs(loop[0] - loop[-1]) <= step
