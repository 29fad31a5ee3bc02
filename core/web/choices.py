"""What forms offer to choose from: zones, countries, languages, plans."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import get_locale
from phonenumbers import SUPPORTED_REGIONS

from core.web.host import host

PROMPT_LANGUAGES = ("en", "it", "de", "fr", "es", "pt", "ru", "uk")


@lru_cache(maxsize=1)
def zones() -> list[tuple[str, str]]:
    """The time zones with a name of a place, by name."""
    names = sorted(one for one in available_timezones() if "/" in one and _of_a_place(one))
    return [("UTC", "UTC"), *((one, one.replace("_", " ")) for one in names)]


def _of_a_place(name: str) -> bool:
    return not name.startswith(("Etc/", "SystemV/", "posix/", "right/", "US/"))


def countries() -> list[tuple[str, str]]:
    """Countries that have a numbering plan, by their names in the reader's language."""
    return _countries(str(get_locale() or "en"))


@lru_cache(maxsize=8)
def _countries(language: str) -> list[tuple[str, str]]:
    names = Locale.parse(language).territories
    found = [(key, names[key]) for key in SUPPORTED_REGIONS if key in names]
    return sorted(found, key=lambda one: one[1])


def prompt_languages() -> list[tuple[str, str]]:
    """Languages in which prompts can be spoken, each by its own name."""
    return [(key, Locale.parse(key).get_display_name(key).title()) for key in PROMPT_LANGUAGES]


def plans() -> list[tuple[str, str]]:
    """The plans of the file in force."""
    return [(key, one.title) for key, one in host().book.settled().document.plans.items()]
