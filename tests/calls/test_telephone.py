"""Sound for a telephone: whatever comes in, 8 kHz, 16 bit, one channel comes out."""

import io

import numpy as np
import pytest
import soundfile

from core.api import as_telephone, telephone_wav


def tone(hertz: int, rate: int, seconds: float = 0.5):
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


def pitch(samples) -> int:
    """The loudest frequency of half a second at 8 kHz, in hertz."""
    return int(np.abs(np.fft.rfft(samples[:4000])).argmax()) * 2


def file(samples, rate: int, kind: str = "WAV") -> bytes:
    made = io.BytesIO()
    soundfile.write(made, samples, rate, format=kind)
    return made.getvalue()


@pytest.mark.parametrize(("rate", "kind"), [(8000, "WAV"), (22050, "WAV"), (44100, "FLAC")])
def test_any_file_becomes_what_a_pbx_plays(rate: int, kind: str) -> None:
    both = np.column_stack([tone(440, rate), tone(440, rate)])
    made, seconds = as_telephone(file(both, rate, kind))
    about = soundfile.info(io.BytesIO(made))
    assert (about.samplerate, about.channels, about.subtype) == (8000, 1, "PCM_16")
    assert seconds == pytest.approx(0.5, abs=0.01)
    assert about.frames == pytest.approx(4000, abs=20)
    assert pitch(soundfile.read(io.BytesIO(made))[0]) == pytest.approx(440, abs=4)


@pytest.mark.parametrize("sound", [b"", b"<html>", b"RIFF nonsense", file(np.zeros(0), 8000)])
def test_what_is_no_sound_is_told(sound: bytes) -> None:
    with pytest.raises(ValueError, match="sound file"):
        as_telephone(sound)


def test_too_loud_is_cut_off_and_not_turned_round() -> None:
    loud, _ = soundfile.read(io.BytesIO(telephone_wav(tone(440, 8000) * 4, 8000)))
    assert abs(np.diff(loud)).max() < 1.6
    assert abs(loud).max() > 0.99


def test_two_channels_stay_two() -> None:
    sides = np.column_stack([tone(440, 16000), tone(880, 16000)])
    made, _ = soundfile.read(io.BytesIO(telephone_wav(sides, 16000)))
    assert [pitch(made[:, side]) for side in (0, 1)] == [440, 880]
