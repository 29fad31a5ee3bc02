"""In which language and time zone a page is shown (S6)."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, request, session
from flask_babel import Babel

from core.web.member import current_member

LANGUAGES = {"en": "English", "it": "Italiano"}
PICKED = "language"


def locale() -> str:
    """The user's own choice, else this browser's choice, else what the browser asks for."""
    member = current_member()
    own = member.user.language if member else ""
    for chosen in (own, session.get(PICKED)):
        if chosen in LANGUAGES:
            return chosen
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def zone() -> str:
    """The zone of the account the user works in."""
    member = current_member()
    return member.account.timezone if member and member.account else "UTC"


def translate(app: Flask, folders: list[Path]) -> None:
    """Start Babel, always (B2); ``folders`` hold further catalogues, such as plugins'."""
    own = Path(__file__).parent / "translations"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(map(str, [own, *folders]))
    Babel(app, locale_selector=locale, timezone_selector=zone)
