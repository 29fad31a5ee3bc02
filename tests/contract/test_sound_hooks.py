"""The hooks of sounds, each through the door at which it is asked; and what the doors do when a
plugin raises or its file is gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from marshmallow import fields

from core.api import Offer, Plugin, Settings, SoundFile, hookimpl, setting, sound_file, sound_token
from core.contract.errors import NotFound
from core.store.lines import LineRow
from core.web.sounds import send_public_sound, speaks, spoken
from tests.support.site import open_site

PLANS = "schema: 1\nplans:\n  full:\n    title: Full\n    features: {}\n"


class BandSettings(Settings):
    """What the band plays, and what it says."""

    piece = setting(fields.String(load_default=""), "Piece", choose="sound", blank="Silence")
    words = setting(fields.String(load_default=""), "Words", choose="prompt")


class Band:
    """Has one sound, and speaks Latin."""

    def __init__(self, folder: Path) -> None:
        self.mp3 = folder / "march.mp3"
        self.mp3.write_bytes(b"march")
        self.fault: Exception | None = None

    @hookimpl
    def register_plugin(self) -> Plugin:
        return Plugin("band", "Band", settings=BandSettings, on_by_default=True)

    @hookimpl
    def offer_sounds(self, account: Any) -> Any:
        return [Offer("band:march", f"March for {account.name}")]

    @hookimpl
    def find_sound(self, account: Any, sound: Any) -> Any:
        if self.fault:
            raise self.fault
        if sound.key != "band:march" or account.name != "Verdi":
            return None
        return SoundFile(self.mp3, self.mp3, 2.0, "March")

    @hookimpl
    def speak_text(self, text: str, language: str) -> Any:
        if self.fault:
            raise self.fault
        return text.upper().encode() if language != "en-x" else None


@pytest.fixture
def band(tmp_path):
    return Band(tmp_path)


@pytest.fixture
def site(tmp_path, band):
    with open_site(tmp_path, (), PLANS, band=band) as site:
        yield site


@pytest.fixture
def line(site):
    return LineRow.create(account=site.account("Verdi", "full"), number="+390612345678")


def test_hook_offer_sounds(site, line):
    card = site.sign_in(line.account, "admin").get(f"/lines/{line.id}/").text
    assert '<option value="band:march">March for Verdi</option>' in card
    assert "Silence" in card
    assert 'data-sound=""' in card


def test_hook_find_sound(site, line, band):
    verdi = line.account.picture()
    rossi = site.account("Rossi", "full").picture()
    with site.app.test_request_context():
        assert sound_file(verdi, "band:march").title == "March"
        assert sound_file(rossi, "band:march") is None
        token = sound_token(verdi, "band:march")
        with send_public_sound(token) as answer:
            answer.direct_passthrough = False
            assert answer.get_data() == b"march"
        band.fault = RuntimeError("out of tune")
        assert sound_file(verdi, "band:march") is None
        band.fault = None
        band.mp3.unlink()
        assert sound_file(verdi, "band:march") is None
        with pytest.raises(NotFound):
            send_public_sound(token)


def test_hook_speak_text(site, line, band):
    admin = site.sign_in(line.account, "admin")
    assert admin.get("/listen/?text=salve").data == b"SALVE"
    assert "data-listen=" in admin.get(f"/lines/{line.id}/").text
    with site.app.test_request_context():
        assert spoken("salve", "en-x") is None
        assert speaks()
        band.fault = RuntimeError("hoarse")
        assert not speaks()
    assert admin.get("/listen/?text=salve").status_code == 404
