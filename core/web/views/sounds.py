"""Listening in forms: ``/listen/?text=…&language=it`` speaks a text, ``/listen/sound/?key=…`` plays
a sound of the account. For members only."""

from __future__ import annotations

from flask import Response, current_app, request
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.calls.sounding import LONGEST_TEXT
from core.contract.errors import BadInput, NotFound
from core.web.base_view import AdminPage
from core.web.member import ACCOUNT_ROLES, current_member
from core.web.sounds import send_sound, sound_file, spoken

SPEAKING_RATE = "30 per minute; 300 per hour"
"""Per user: each new text costs a moment of a synthesiser's time."""


class ListenPage(AdminPage):
    """What players of other pages ask for; no page of its own in the menu."""

    roles_view = roles_edit = ACCOUNT_ROLES

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Listen"), endpoint="listen", url="/listen")

    def is_visible(self) -> bool:
        """Nobody opens it as a page."""
        return False

    @expose("/")
    def index(self) -> Response:
        """A text as sound: ``text``, and ``language`` (a BCP 47 tag; default the account's)."""
        text = request.args.get("text", "").strip()
        if not text or len(text) > LONGEST_TEXT:
            sentence = gettext(
                "Give a text of 1 to %(most)s characters to listen to.", most=LONGEST_TEXT
            )
            raise BadInput(sentence)
        member = current_member()
        language = request.args.get("language", "")[:20] or member.account.language
        (limiter,) = current_app.extensions["limiter"]
        with limiter.limit(SPEAKING_RATE, key_func=lambda: f"listen:{member.user.id}"):
            sound = spoken(text, language)
        if sound is None:
            sentence = gettext("There is no speech synthesiser here for “%(language)s”.",
                               language=language)  # fmt: skip
            raise NotFound(sentence)
        response = Response(sound, mimetype="audio/wav")
        response.headers["Cache-Control"] = "private, max-age=3600"
        return response

    @expose("/sound/")
    def sound(self) -> Response:
        """A sound of the account by its ``key``, whole or the part a player asks for."""
        found = sound_file(current_member().account, request.args.get("key", "")[:200])
        if found is None:
            raise NotFound(gettext("There is no such sound, or its file is gone."))
        return send_sound(found.mp3, "audio/mpeg")
