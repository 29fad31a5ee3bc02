"""Prompts as clips: what Asterisk is given to play, and what stands in for what it cannot."""

from __future__ import annotations

import errno
import io
import os
import threading
import wave
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from core.api import SoundFile, StoreUnavailable, hookimpl
from core.switchboard import Switchboard
from plugins.asterisk import cache, media
from plugins.asterisk.media import Clip, going_on
from tests.support import loops


def wav(hertz: int = 440, seconds: float = 1.0, rate: int = 8000, channels: int = 1) -> bytes:
    made = io.BytesIO()
    one = 0.3 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)
    soundfile.write(made, np.column_stack([one] * channels), rate, format="WAV", subtype="PCM_16")
    return made.getvalue()


class Voice:
    """Speaks every text but Klingon for one second, and has the sounds of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spoken: list[tuple[str, str]] = []
        self.works = True

    @hookimpl
    def register_plugin(self):
        from core.api import Plugin

        return Plugin(name="voice", title="Voice")

    @hookimpl
    def speak_text(self, text, language):
        self.spoken.append((text, language))
        return wav(880, rate=22050) if self.works and language != "tlh" else None

    @hookimpl
    def find_sound(self, account, sound):
        name = sound.key.removeprefix("voice:")
        if not (self.folder / f"{name}.mp3").exists():
            return None
        return SoundFile(self.folder / f"{name}.mp3", self.folder / f"{name}.wav", 1.0, name)


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    media.lately.clear()


@pytest.fixture
def voice(tmp_path: Path) -> Voice:
    (tmp_path / "sounds").mkdir()
    return Voice(tmp_path / "sounds")


@pytest.fixture
def clips(install, voice):
    """A function that makes clips of prompts, in an installation with a voice."""
    kit = install(voice=voice)
    account = kit.company(plan="full").account
    board = Switchboard(kit.app)

    def make(*prompts, language="it", board=board):
        return loops.run(media.media(prompts, account.id, language, board))

    return make


def path_of(clip: Clip) -> Path:
    """The file behind a clip, as Asterisk finds it."""
    kind, _, name = clip.uri.partition(":")
    assert kind == "sound"
    return Path(f"{name}.wav")


def pitch(clip: Clip) -> int:
    """The loudest frequency of what is heard, in hertz; the file is one that Asterisk plays."""
    with wave.open(str(path_of(clip))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        samples = np.frombuffer(file.readframes(2000), "<i2")
    return int(np.abs(np.fft.rfft(samples)).argmax() * 8000 / len(samples))


def is_tone(clip: Clip) -> bool:
    return abs(pitch(clip) - media.TONE_HERTZ) < 8


def put(voice: Voice, name: str, content: bytes, mp3: bytes = b"mp3") -> None:
    (voice.folder / f"{name}.mp3").write_bytes(mp3)
    (voice.folder / f"{name}.wav").write_bytes(content)


def test_a_sound_is_played_as_it_lies_there(clips, voice) -> None:
    put(voice, "hello", wav(seconds=2))
    (clip,) = clips(["sound", "voice:hello", "Hello"])
    assert clip == Clip(f"sound:{voice.folder}/hello", 2.0)
    assert voice.spoken == []


def test_a_text_is_spoken_once(clips, voice) -> None:
    first, again = (clips(["say", "Buongiorno", ""])[0] for _ in range(2))
    assert first == again
    assert (pitch(first), first.seconds) == (880, pytest.approx(1.0, abs=0.01))
    assert voice.spoken == [("Buongiorno", "it")]


def test_the_language_belongs_to_the_text(clips, voice) -> None:
    one, other = clips(["say", "Taxi", "de"], ["say", "Taxi", ""])
    assert one.uri != other.uri
    assert voice.spoken == [("Taxi", "de"), ("Taxi", "it")]


def test_prompts_keep_their_order(clips, voice) -> None:
    put(voice, "hello", wav(440))
    made = clips(["sound", "voice:hello", ""], ["say", "Ciao", ""], ["sound", "voice:hello", ""])
    assert [pitch(clip) for clip in made] == [440, 880, 440]
    assert clips() == []


def test_a_sound_that_is_gone_is_said(clips, voice) -> None:
    (clip,) = clips(["sound", "voice:gone", "Hello"])
    assert pitch(clip) == 880
    assert voice.spoken == [("Hello", "it")]


@pytest.mark.parametrize(
    "sound",
    [wav(600, rate=16000), wav(600, channels=2), wav(600, rate=44100, channels=2)],
    ids=["16 kHz", "stereo", "both"],
)
def test_a_file_that_asterisk_does_not_play_is_converted(clips, voice, sound) -> None:
    put(voice, "odd", sound)
    (clip,) = clips(["sound", "voice:odd", "Hello"])
    assert (pitch(clip), voice.spoken) == (600, [])
    assert clip.seconds == pytest.approx(1.0, abs=0.01)
    assert clips(["sound", "voice:odd", "Hello"]) == [clip]


def test_without_its_wav_the_other_file_is_converted(clips, voice) -> None:
    put(voice, "half", b"", mp3=wav(600, rate=16000))
    assert pitch(clips(["sound", "voice:half", "Hello"])[0]) == 600


@pytest.mark.parametrize("rubbish", [b"", b"RIFF nonsense", b"<html>", wav(seconds=0)])
def test_a_file_that_nobody_can_read_is_said(clips, voice, rubbish) -> None:
    put(voice, "broken", rubbish, mp3=rubbish)
    assert pitch(clips(["sound", "voice:broken", "Hello"])[0]) == 880


def test_where_nobody_speaks_a_tone_is_heard(clips, voice) -> None:
    (tone,) = clips(["say", "nuqneH", "tlh"])
    assert is_tone(tone)
    assert tone.seconds == pytest.approx(sum(media.TONE_SECONDS), abs=0.01)
    voice.works = False
    made = clips(["say", "Buongiorno", ""], ["sound", "voice:gone", "Hello"])
    assert made == [tone, tone]


def test_who_can_speak_later_is_heard_later(clips, voice) -> None:
    voice.works = False
    assert is_tone(clips(["say", "Buongiorno", ""])[0])
    voice.works = True
    assert pitch(clips(["say", "Buongiorno", ""])[0]) == 880


def test_where_no_file_can_be_written_only_the_prompt_is_lost(clips, voice, caplog) -> None:
    cache.folder().write_text("A file in the folder's place.")
    assert clips(["say", "Buongiorno", ""]) == []
    assert "A sound cannot be kept" in caplog.text


def test_a_folder_that_can_only_be_read_is_played_from(clips, voice, monkeypatch) -> None:
    first = clips(["say", "Buongiorno", ""])

    def refuse(*path: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "utime", refuse)
    assert clips(["say", "Buongiorno", ""]) == first
    assert len(voice.spoken) == 1


def test_a_voice_that_answers_rubbish_is_a_tone(clips, voice, monkeypatch) -> None:
    monkeypatch.setitem(globals(), "wav", lambda *args, **more: b"no sound")
    assert is_tone(clips(["say", "Buongiorno", ""])[0])


def test_without_the_database_what_was_spoken_before_is_heard(clips, voice) -> None:
    def gone(*args):
        raise StoreUnavailable("The database does not answer.")

    (before,) = clips(["say", "Buongiorno", ""])
    board = SimpleNamespace(connection=gone, speak=gone)
    put(voice, "hello", wav(440))
    made = clips(["say", "Buongiorno", ""], ["sound", "voice:hello", "Buongiorno"], board=board)
    assert made == [before, before]
    assert is_tone(clips(["say", "Something new", ""], board=board)[0])


def test_a_sound_is_looked_up_once_for_many_calls_and_its_change_is_heard(
    clips, voice, monkeypatch
) -> None:
    put(voice, "hello", wav(440))
    first = clips(["sound", "voice:hello", "Hello"])
    (voice.folder / "hello.mp3").unlink()
    assert clips(["sound", "voice:hello", "Hello"]) == first
    later = media.monotonic() + media.REMEMBERED_SECONDS
    monkeypatch.setattr(media, "monotonic", lambda: later)
    assert pitch(clips(["sound", "voice:hello", "Hello"])[0]) == 880


def test_many_calls_that_want_a_text_at_once_have_it_spoken_once(clips, voice) -> None:
    threads = [threading.Thread(target=clips, args=(["say", "Ciao", ""],)) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert voice.spoken == [("Ciao", "it")]


def test_whoever_is_let_into_the_data_folder_may_read(clips) -> None:
    (clip,) = clips(["say", "Ciao", ""])
    mask = os.umask(0)
    os.umask(mask)
    assert cache.folder().stat().st_mode & 0o777 == 0o777 & ~mask
    assert path_of(clip).stat().st_mode & 0o777 == 0o666 & ~mask


def test_what_was_not_played_for_longest_goes_first(tmp_path: Path) -> None:
    for age, name in enumerate(["newest", "newer", "older", "oldest"]):
        (tmp_path / name).write_bytes(bytes(100))
        os.utime(tmp_path / name, (1e9 - age, 1e9 - age))
    cache.clear(tmp_path, 250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["newer", "newest"]


def test_the_folder_stays_small(clips, monkeypatch) -> None:
    (first,) = clips(["say", "Uno", ""])
    monkeypatch.setattr(cache, "LARGEST_BYTES", 3 * path_of(first).stat().st_size)
    for number in range(10):
        os.utime(path_of(first), (1e9, 1e9))
        assert clips(["say", "Uno", ""], ["say", f"Altro {number}", ""])[0] == first
    assert len(list(cache.folder().iterdir())) == 3
    assert path_of(first).exists()


ROUND = [Clip("sound:a", 4.0), Clip("sound:b", 6.0)]


@pytest.mark.parametrize(
    ("heard", "left"),
    [
        (0, ROUND),
        (3, [Clip("sound:a", 1.0, 3000), ROUND[1]]),
        (4, [ROUND[1]]),
        (9.5, [Clip("sound:b", 0.5, 5500)]),
        (10, ROUND),
        (1003, [Clip("sound:a", 1.0, 3000), ROUND[1]]),
    ],
)
def test_a_melody_goes_on_where_it_stopped(heard: float, left: list[Clip]) -> None:
    assert going_on(ROUND, heard) == left


def test_nothing_goes_on_nowhere() -> None:
    assert going_on([], 17) == []


@given(
    st.lists(st.floats(0.1, 600), min_size=1, max_size=5), st.integers(0, 10_000)
)  # fmt: skip
def test_what_is_left_ends_where_the_round_ends(lengths: list[float], heard: int) -> None:
    left = going_on([Clip(f"sound:{n}", seconds) for n, seconds in enumerate(lengths)], heard)
    whole = sum(lengths)
    assert sum(clip.seconds for clip in left) == pytest.approx(whole - heard % whole)
    assert [clip.uri for clip in left] == [f"sound:{n}" for n in range(len(lengths))][-len(left) :]
    for clip in left[1:]:
        assert clip.offset_ms == 0
