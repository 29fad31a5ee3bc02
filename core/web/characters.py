"""Refuses what nobody behind the door can hold or read.

PostgreSQL stores no NUL, SQLite does: without this, one installation would answer an error where
the other saves half a name. And the page to return to, which Flask-Admin takes from the query's
``url``, must at least be an address.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, request
from werkzeug.datastructures import MultiDict

NUL = "\0"


def refuse_unreadable(app: Flask) -> None:
    """No address, query or form with a NUL gets any further, nor an address to return to that is
    none."""

    @app.before_request
    def refuse() -> None:
        if request.routing_exception is not None:
            return
        if NUL in request.path or _holds(request.args) or _holds(request.form):
            abort(400)
        if not _is_address(request.values.get("url", "")):
            abort(400)


def _holds(values: MultiDict[str, str]) -> bool:
    return any(NUL in name or NUL in text for name, text in values.items(multi=True))


def _is_address(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True
