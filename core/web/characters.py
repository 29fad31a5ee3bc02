"""Refuses what no text of a database can hold, at the door.

PostgreSQL stores no NUL, SQLite does: without this, one installation would answer an error where
the other saves half a name.
"""

from __future__ import annotations

from flask import Flask, abort, request
from werkzeug.datastructures import MultiDict

NUL = "\0"


def refuse_nul(app: Flask) -> None:
    """No address, query or form with a NUL gets any further."""

    @app.before_request
    def refuse() -> None:
        if request.routing_exception is not None:
            return
        if NUL in request.path or _holds(request.args) or _holds(request.form):
            abort(400)


def _holds(values: MultiDict[str, str]) -> bool:
    return any(NUL in name or NUL in text for name, text in values.items(multi=True))
