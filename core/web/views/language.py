"""The language switch, for everybody, signed in or not."""

from __future__ import annotations

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response

from core.web.language import LANGUAGES, PICKED
from core.web.member import current_member


def add_language_switch(site: Blueprint) -> None:
    """Give our blueprint the address that the switch posts to."""

    @site.post("/language")
    def language() -> Response:
        chosen = request.form.get("language", "")
        if chosen in LANGUAGES:
            session[PICKED] = chosen
            member = current_member()
            if member is not None:
                member.user.language = chosen
                member.user.save()
        return redirect(_back())


def _back() -> str:
    """The page it was posted from, when that is one of ours."""
    target = request.form.get("back", "/")
    return target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/"
