"""M2: an uploaded mp3 is checked by its content, and every fault has one clear sentence."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import numpy as np
import pytest
import soundfile
from flask import Flask
from flask_babel import Babel
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.api import BadInput
from plugins.melodies import audio
from plugins.melodies.checking import LARGEST_BYTES, check
from plugins.melodies.frames import walk
from tests.plugins.melodies.sounds import announcing, encoded

ID3 = b"ID3\x03\x00\x00\x00\x00\x02\x01" + b"\x00" * 257
APE = b"APETAGEX" + (2000).to_bytes(4, "little") + (32).to_bytes(4, "little") + bytes(16)


@pytest.fixture(autouse=True, scope="module")
def _words():
    app = Flask(__name__)
    Babel(app)
    with app.app_context():
        yield


def refused(data):
    """The sentence with which a file is refused."""
    with pytest.raises(BadInput) as error:
        check(data)
    return error.value.message


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("song.mp3", encoded())
    return file.getvalue()


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 32000, 44100, 48000])
@pytest.mark.parametrize("constant", [False, True])
def test_an_mp3_of_any_rate_is_taken(rate, constant):
    checked = check(encoded(rate=rate, constant=constant))
    assert checked.seconds == pytest.approx(2.0, abs=0.2)
    assert checked.warnings == ()
    for data, format, hertz in ((checked.mp3, "MP3", 16000), (checked.wav, "WAV", 8000)):
        info = soundfile.info(io.BytesIO(data))
        assert (info.format, info.samplerate, info.channels) == (format, hertz, 1)
        assert info.duration == pytest.approx(2.0, abs=0.25)


def test_what_is_kept_sounds_like_what_came():
    samples, rate = soundfile.read(io.BytesIO(check(encoded(rate=44100)).wav))
    spectrum = np.abs(np.fft.rfft(samples[rate // 2 : rate]))
    assert np.argmax(spectrum) * 2 == pytest.approx(440, abs=4)
    assert audio.peak(samples) == pytest.approx(0.3, abs=0.03)


def test_stereo_is_mixed_down_with_a_warning():
    checked = check(encoded(channels=2))
    (warning,) = checked.warnings
    assert "stereo" in warning
    assert soundfile.info(io.BytesIO(checked.mp3)).channels == 1


def test_a_very_quiet_file_is_taken_with_a_warning():
    (warning,) = check(encoded(strength=0.005)).warnings
    assert "quiet" in warning


TAGGED = {
    "ID3v2": ID3 + encoded(),
    "ID3v1": encoded() + b"TAG" + bytes(125),
    "APE": encoded() + APE,
    "padding": bytes(20) + encoded() + bytes(500),
}


@pytest.mark.parametrize("data", TAGGED.values(), ids=TAGGED)
def test_tags_and_padding_are_no_junk(data):
    assert check(data).seconds == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (encoded(format="WAV"), "WAV"),
        (encoded(format="FLAC"), "FLAC"),
        (encoded(format="OGG"), "Ogg"),
        (encoded(format="AIFF"), "AIFF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(3000), "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(3000), "JPEG"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "HTML"),
        (b"  <svg xmlns='x'><script/></svg>", "XML"),
        (zipped(), "ZIP"),
        (b"%PDF-1.7 " + bytes(99), "PDF"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(99), "MP4"),
        (b"My greeting, in words.", "not an mp3 file"),
        (bytes(5000), "not an mp3 file"),
        (ID3, "not an mp3 file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_mp3_is_called_by_its_name(data, sentence):
    assert sentence in refused(data)


@pytest.mark.parametrize("rate", [16000, 44100])
def test_a_file_that_breaks_off_is_refused(rate):
    whole = encoded(rate=rate)
    for kept in (0.3, 0.5, 0.9, 0.999):
        assert "cut short" in refused(whole[: int(len(whole) * kept)])
    assert "cut short: it ends after" in refused(whole[:-1])


def test_a_file_cut_in_a_frames_header_is_called_cut_short():
    """Not junk: one to three bytes of the next frame are left."""
    whole = encoded(rate=44100)
    middle = walk(whole).start + len(whole) // 2
    for end in range(middle, middle + 1500):
        assert "cut short" in refused(whole[:end])


def test_a_file_cut_between_two_frames_is_refused_by_its_header():
    whole = encoded(rate=44100)
    for end in range(len(whole) // 2, len(whole)):
        found = walk(whole[:end])
        if not found.missing and not found.rest:
            assert "Its header says 2.0 s, but it ends after" in refused(whole[:end])
            return
    pytest.fail("no frame ends there")


@pytest.mark.parametrize("frames", [1, 5, 20, 200, 100_000, 2**32 - 1])
def test_a_header_that_lies_is_refused(frames):
    assert "Its header says" in refused(announcing(frames))


def test_two_files_in_one_are_refused():
    assert "but it holds" in refused(encoded(rate=44100) * 2)


def test_junk_behind_the_sound_is_refused():
    for junk in (b"PK\x03\x04" + bytes(range(1, 200)), b"<script>alert(1)</script>", b"x"):
        assert f"there are {len(junk)} bytes that are no sound" in refused(encoded() + junk)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (encoded(strength=0.0), "silent from beginning to end"),
        (encoded(0.3), "at least half a second"),
        (encoded(channels=2, opposed=True), "cancel each other out"),
        (bytes(LARGEST_BYTES + 1), "larger than 2 MB"),
    ],
    ids=["silent", "short", "opposed", "large"],
)
def test_sounds_that_nobody_would_hear_are_refused(data, sentence):
    assert sentence in refused(data)


def test_more_than_ten_minutes_are_refused_without_decoding(monkeypatch):
    monkeypatch.delattr("plugins.melodies.checking.soundfile")  # what decodes
    frame = encoded(constant=True)[:108]
    assert "at most 10 minutes" in refused(frame * (LARGEST_BYTES // 108))


def test_a_sample_rate_that_changes_is_refused():
    low, high = encoded(constant=True), encoded(constant=True, rate=24000)
    assert "change on the way" in refused(low + high)


def test_layer_two_is_no_mp3():
    frame = b"\xff\xfd\x44\x00" + bytes(2000)
    size = walk(frame + frame).first.size
    assert "layer 2" in refused((frame + bytes(4000))[:size] * 4)


def test_the_longest_file_costs_little_memory():
    data = encoded(590.0, rate=22050, constant=True)
    assert len(data) <= LARGEST_BYTES
    tracemalloc.start()
    try:
        assert check(data).seconds == pytest.approx(590, abs=1)
        assert tracemalloc.get_traced_memory()[1] < 250 * 1024 * 1024
    finally:
        tracemalloc.stop()


WHOLE = encoded(0.8, rate=44100)
places = st.integers(0, len(WHOLE) - 1)
changes = st.lists(st.tuples(places, st.binary(min_size=1, max_size=40)), max_size=6)


@settings(max_examples=150)
@given(changes, places, st.binary(max_size=200))
@example([], len(WHOLE) - 1, b"")
def test_a_damaged_file_is_taken_or_refused_and_never_more(changes, end, behind):
    data = bytearray(WHOLE)
    for place, content in changes:
        data[place : place + len(content)] = content
    judged(bytes(data[: end + 1]) + behind)


@settings(max_examples=100)
@given(st.binary(max_size=3000), st.sampled_from([b"", b"\xff\xfb\x90\x00", ID3, b"ID3\x04\0\x10"]))
def test_no_bytes_at_all_do_harm(data, head):
    judged(head + data)


def judged(data):
    """Either a sound that can be played, or one sentence."""
    try:
        checked = check(data)
    except BadInput as error:
        sentence = error.message
        if sentence.endswith(".") and "\n" not in sentence:
            return
        raise
    assert soundfile.info(io.BytesIO(checked.mp3)).channels == 1
    assert 0.5 <= checked.seconds <= 600
