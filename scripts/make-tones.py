"""Makes the ready tones of plugins/melodies/media (M1): speech and music, levelled, as mp3.

    .venv/bin/python scripts/make-tones.py [LANGUAGE ...]

Needs these Debian packages, as programs only: espeak-ng, festival, festvox-us-slt-hts and
festvox-ru. Which voice speaks which language, and why: docs/decisions/voices.md. The same programs
make the same files again.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import tones_music as music

from plugins.melodies import audio
from plugins.melodies.ready import EVERYWHERE, LANGUAGES, MEDIA, SENTENCES
from plugins.melodies.sentences import text_of
from plugins.melodies.texts import TEXTS

Sound = tuple[np.ndarray, int]

BAND = (300, 3600)
"""What a telephone carries (Hz); beyond it the voice falls off softly."""

MUSIC_GAP_SECONDS = 0.6
"""Between the sentence for those who wait and the music."""


def espeak(voice: str, words_per_minute: int, pitch: int) -> Callable[[str], Sound]:
    """Speak with espeak-ng: formants, made by rule.

    Args:
        voice: the language, and behind a + the kind of voice.
        words_per_minute: how fast; its own default is 175.
        pitch: 0 to 99; its own default is 50.
    """
    options = ["-v", voice, "-s", str(words_per_minute), "-p", str(pitch), "-g", "2"]
    return lambda text: _run(lambda file: ["espeak-ng", *options, "-w", file, "--", text])


def festival(voice: str) -> Callable[[str], Sound]:
    """Speak with a voice of festival, named as in its own language."""
    made_by = ["text2wave", "-eval", f"({voice})", "-o"]
    return lambda text: _run(lambda file: [*made_by, file], text.replace("–", "-"))


VOICES = {
    "ru": festival("voice_msu_ru_nsh_clunits"),
    "en": festival("voice_cmu_us_slt_arctic_hts"),
    "de": espeak("de", 140, 45),
    "uk": espeak("uk", 140, 45),
    "es": espeak("es", 145, 45),
    "pt": espeak("pt-pt", 145, 45),
    "it": espeak("it", 145, 45),
}
"""Who speaks which language."""


def speech(language: str, name: str) -> Sound:
    """One sentence, at the level of speech."""
    text = text_of(language, name) if name in SENTENCES else TEXTS[language][name]
    samples, rate = VOICES[language](text)
    samples = audio.resampled(audio.mono(samples), rate, audio.MP3_RATE)
    samples = audio.trimmed(on_telephone(samples, audio.MP3_RATE), audio.MP3_RATE)
    return audio.at_level(samples, audio.MP3_RATE, audio.SPEECH_LEVEL), audio.MP3_RATE


def on_telephone(samples: np.ndarray, rate: int) -> np.ndarray:
    """What a telephone carries of a voice. Voices are levelled by that: a deep one, as loud in the
    studio, would be quiet on the line."""
    pitches = np.fft.rfftfreq(len(samples), 1 / rate)
    low, high = BAND
    kept = np.clip(pitches / low, 0, 1) ** 2 * np.clip(high / np.maximum(pitches, 1), 0, 1) ** 4
    return np.fft.irfft(np.fft.rfft(samples) * kept, len(samples))


def waiting(language: str, loop: np.ndarray) -> Sound:
    """The sentence for those who wait, and music until it is said again."""
    samples, rate = speech(language, "waiting")
    gap = np.zeros(int(MUSIC_GAP_SECONDS * rate))
    return np.concatenate([samples, gap, audio.faded(loop, rate, 0.3)]), rate


def write(path: Path, samples: np.ndarray, rate: int) -> None:
    """One file of the repository, with soft edges."""
    path.parent.mkdir(parents=True, exist_ok=True)
    audio.write_mp3(path, audio.faded(samples, rate), rate)
    made, _ = audio.read(path)
    level = audio.level(made, audio.MP3_RATE)
    print(f"{path.relative_to(MEDIA)}: {len(made) / audio.MP3_RATE:.1f} s, {level:.1f} dBFS")


def make(language: str, loop: np.ndarray) -> None:
    """All tones of one language that say something."""
    for name in (*TEXTS[language], *SENTENCES):
        sound = waiting(language, loop) if name == "waiting" else speech(language, name)
        write(MEDIA / language / f"{name}.mp3", *sound)


def main(languages: list[str]) -> None:
    """Make the tones of these languages, and the music that all share."""
    rate = music.RATE
    for name in music.CADENCES:
        tone = audio.at_level(music.ringback(name), rate, audio.MUSIC_LEVEL)
        write(MEDIA / EVERYWHERE / f"{name}.mp3", tone, rate)
    hold = audio.at_level(music.pads(), rate, audio.MUSIC_LEVEL)
    write(MEDIA / EVERYWHERE / "hold.mp3", hold, rate)
    loop = audio.at_level(music.arpeggio(), rate, audio.MUSIC_LEVEL)
    for language in languages:
        make(language, loop)


def _run(command: Callable[[str], list[str]], said: str = "") -> Sound:
    """The sound that a program writes into a file, reading ``said``."""
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "speech.wav")
        subprocess.run(command(file), input=said.encode(), check=True, timeout=120)
        return soundfile.read(file)


if __name__ == "__main__":
    main(sys.argv[1:] or list(LANGUAGES))
