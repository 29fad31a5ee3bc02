"""The gateways' own sentences: the same languages for all of them, English for the rest."""

import pytest

from core.api import ACCEPT, APOLOGY, REFUSAL, Say, sentence


@pytest.mark.parametrize("sentences", [ACCEPT, REFUSAL, APOLOGY])
def test_a_sentence_is_said_in_its_own_language(sentences: dict) -> None:
    assert sentence(sentences, "it") == Say(sentences["it"], "it")
    assert sentence(sentences, "IT_ch") == Say(sentences["it"], "IT_ch")
    assert sentence(sentences, "sv-SE") == Say(sentences["en"], "en")
    assert sentence(sentences, "") == Say(sentences["en"], "en")


def test_all_sentences_are_ready_in_the_same_languages() -> None:
    assert set(ACCEPT) == set(REFUSAL) == set(APOLOGY) >= {"de", "en", "es", "it", "pt", "ru", "uk"}
