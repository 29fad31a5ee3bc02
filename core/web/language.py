"""In which language and time zone a page is shown (S6)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
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


def translate(app: Flask, folders: list[Path], cache: Path) -> Path:
    """Start Babel, always (B2).

    Args:
        app: gets the extension.
        folders: catalogues beside our own, such as plugins': ``LANGUAGE/LC_MESSAGES/messages.po``.
        cache: where they are compiled to, when they are new.

    Returns:
        The folder of our own compiled catalogues, where Flask-Admin finds what its own lack.
    """
    own = Path(__file__).parent / "translations"
    compiled = [compile_catalogues(one, cache) for one in (own, *folders)]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(map(str, compiled))
    Babel(app, locale_selector=locale, timezone_selector=zone)
    return compiled[0]


def compile_catalogues(folder: Path, cache: Path) -> Path:
    """The folder with the compiled catalogues of a folder; texts are kept as texts in git."""
    target = cache / hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        compiled = target / source.relative_to(folder).with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            _compile(source, compiled)
    return target


def _compile(source: Path, compiled: Path) -> None:
    compiled.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parts[-3])
    # Written aside and moved: several processes may start at once.
    with NamedTemporaryFile(dir=compiled.parent, delete=False) as file:
        write_mo(file, catalogue)
    Path(file.name).replace(compiled)
