"""Calls are staged without a clock, and what they play has the lengths of the stage."""

import pytest

from plugins.asterisk.media import Clip
from tests.plugins.asterisk.performing.pbx import SECONDS


@pytest.fixture(autouse=True)
def lengths(monkeypatch):
    """A sound lasts as long as its name says; a text four seconds."""

    async def media(prompts, account_id, language, board):
        of_kind = {"say": "sound:prompt", "beep": "sound:beep"}
        uris = [of_kind.get(kind, f"sound:{said}") for kind, said, _ in prompts]
        return [Clip(uri, SECONDS[uri]) for uri in uris]

    monkeypatch.setattr("plugins.asterisk.performing.call.media", media)
