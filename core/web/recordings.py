"""Sends a recording to a player: whole, or the part it asks for."""

from __future__ import annotations

from flask import Response, send_file

from core.calls.tables import RecordingRow
from core.contract.errors import NotFound
from core.web.host import host


def send_recording(row: RecordingRow) -> Response:
    """The file of a stored recording; the player may ask for a range of it.

    Whether the member may listen is for the caller to check, and that the row is of their account.

    Raises:
        NotFound: there is no file, or its path leads out of the storage folder.
    """
    folder = host().config.storage.resolve()
    file = (folder / row.path).resolve()
    if not row.path or not file.is_relative_to(folder) or not file.is_file():
        raise NotFound("There is no such recording.")
    response = send_file(file, conditional=True, max_age=0)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
