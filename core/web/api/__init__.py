"""The REST interface: the same members, wall and gate as the pages, for programs.

A program signs each request with a key made on a user's profile page (``Authorization: Bearer …``);
a browser's own session works too. Errors are ``application/problem+json`` with ``error_id``,
``status``, ``message`` and ``details``.
"""

from __future__ import annotations

from flask import Blueprint

from core.web.api import calls, features, lines
from core.web.api.auth import authenticate


def build_api() -> Blueprint:
    """All routes under ``/api/``, none of them open."""
    api = Blueprint("api", __name__, url_prefix="/api")
    api.before_request(authenticate)
    for part in (lines, features, calls):
        part.add(api)
    return api
