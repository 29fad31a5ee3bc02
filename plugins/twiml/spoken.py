"""The languages of the providers' voices."""

from __future__ import annotations

VOICES = {
    "de": "de-DE",
    "en": "en-US",
    "es": "es-ES",
    "fr": "fr-FR",
    "it": "it-IT",
    "nl": "nl-NL",
    "pl": "pl-PL",
    "pt": "pt-PT",
    "ru": "ru-RU",
    "uk": "uk-UA",
}
"""The voice of a language that is given without a country."""


def voice(language: str) -> str:
    """The provider's tag of a BCP 47 language: ``it`` and ``IT-it`` both are ``it-IT``."""
    name, _, country = language.replace("_", "-").partition("-")
    name = name.lower()
    return f"{name}-{country.upper()}" if country else VOICES.get(name, name)
