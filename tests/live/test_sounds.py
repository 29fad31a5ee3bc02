"""Clips and recordings against Asterisk itself, without a call of ours: what `media` makes is heard
as it should be, and what `recordings` fetches is what was said, each party on its own channel."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.api import NotFound
from plugins.asterisk import names, recordings
from plugins.asterisk.ari.client import Ari
from plugins.asterisk.media import TONE_HERTZ, Clip, going_on, media
from tests.live.office import Office
from tests.live.sound import OUTSIDE, PROMPT, SECOND_PROMPT, Sound, read, write_tone
from tests.live.stack import SERVER, Stack
from tests.live.waiting import PATIENCE_SECONDS
from tests.support import loops

APP = "sounds"
TOKEN = "a-test-of-sounds"
NUMBER = "+393330000017"


def test_clips_are_heard_and_both_sides_recorded(
    stack: Stack, office: Office, tmp_path: Path
) -> None:
    with_voice = SimpleNamespace(
        speak=lambda text, language: write_tone(tmp_path / "said.wav", int(text), 2).read_bytes()
    )
    without = SimpleNamespace(speak=lambda text, language: None)

    def clips(board: Any, *texts: str) -> list[Clip]:
        prompts = [("say", text, "") for text in texts]
        return loops.run(media(prompts, office.account.id, "en", board))

    said = clips(with_voice, str(SECOND_PROMPT), str(PROMPT))
    gone = Clip(f"sound:{tmp_path / 'gone'}", 1.0)
    phone = stack.outside(office, NUMBER)
    talk = Talk(stack, f"PJSIP/{NUMBER}@{office.trunk.endpoint}")
    tone = clips(without, "Nobody says this.")
    loops.run(talk.play(going_on(said, 1.5), [gone], tone))

    heard = phone.heard()
    assert 0 < heard.heard(SECOND_PROMPT) < 1.3, "its first second and a half were left out"
    assert 1 < heard.heard(PROMPT) < 2.5, heard.says()
    assert heard.first(SECOND_PROMPT) < heard.first(PROMPT) < heard.first(TONE_HERTZ)
    assert talk.states == ["done", "failed", "done"]

    url = names.recording_url(SERVER, TOKEN, 1, dual=True)
    said_there, said_here = channels(recordings.fetch(None, url), tmp_path)
    assert said_there.heard(OUTSIDE, 0.9) > 3, said_there.says()
    assert 1 < said_here.heard(PROMPT) < 2.5, said_here.says()
    assert said_there.heard(PROMPT, 0.1) == said_here.heard(OUTSIDE, 0.1) == 0
    assert said_there.seconds == said_here.seconds

    recordings.discard(None, url)
    recordings.discard(None, url)
    with pytest.raises(NotFound):
        recordings.fetch(None, url)
    assert not list(stack.pbx.recordings.rglob("*.wav"))


def channels(sound: bytes, folder: Path) -> list[Sound]:
    """The channels of a fetched recording."""
    (folder / "fetched.wav").write_bytes(sound)
    return read(folder / "fetched.wav")


class Talk:
    """Rings somebody, and plays clips to them while both sides are recorded."""

    def __init__(self, stack: Stack, endpoint: str) -> None:
        self.states: list[str] = []
        self._pbx = stack.pbx
        self._endpoint = endpoint
        self._events: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def play(self, *rounds: Sequence[Clip]) -> None:
        """All of it, from ringing to hanging up."""
        pbx, channel = self._pbx, f"{TOKEN}.1"
        url = f"http://{pbx.address}:8088"
        ari = await Ari.connect(url, pbx.user, pbx.secret, APP, self._events.put_nowait)
        listening = asyncio.create_task(ari.listen())
        try:
            await ari.ask("POST", f"channels/{channel}", endpoint=self._endpoint, app=APP)
            await self._next("StasisStart")
            for side in names.SIDES:
                await self._record(ari, channel, side)
            for clips in rounds:
                media = {"media": [clip.uri for clip in clips]}
                offset = clips[0].offset_ms or None
                await ari.ask("POST", f"channels/{channel}/play", media, offsetms=offset)
                self.states.append((await self._next("PlaybackFinished"))["playback"]["state"])
            for side in names.SIDES:
                await ari.ask("DELETE", f"channels/{names.snoop(TOKEN, 1, side)}")
                await self._next("RecordingFinished")
            await ari.ask("DELETE", f"channels/{channel}")
        finally:
            listening.cancel()
            await ari.close()

    async def _record(self, ari: Ari, channel: str, side: str) -> None:
        snoop = names.snoop(TOKEN, 1, side)
        await ari.ask("POST", f"channels/{channel}/snoop/{snoop}", spy=side, app=APP)
        await self._next("StasisStart")
        name = names.recording(TOKEN, 1, side)
        await ari.ask("POST", f"channels/{snoop}/record", name=name, format="wav")

    async def _next(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (event := await self._events.get())["type"] != kind:
                pass
        return event
