"""What the gateway says of its own."""

from core.api import ACCEPT
from plugins.asterisk import sentences


def test_the_rung_phone_hears_how_to_accept_in_its_language() -> None:
    assert sentences.accept("it-IT") == (("say", ACCEPT["it"], "it-IT"),)
    assert sentences.accept("sv") == (("say", ACCEPT["en"], "en"),)
