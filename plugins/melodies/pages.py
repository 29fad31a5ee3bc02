"""The pages of melodies: what callers hear on all numbers, on one number, and the own sounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from werkzeug.wrappers import Response

from core import api
from core.api import gettext, lazy_gettext
from plugins.melodies import choosing, ready, service, speaking
from plugins.melodies.schemas import LANGUAGE_NAMES
from plugins.melodies.sounds_view import SoundsView


class MelodiesPage(api.AdminPage):
    """The nine tones of the account, and those of one number."""

    roles_view = ("admin", "supervisor")
    plugin = "melodies"
    category = "Routing"

    @expose("/")
    def index(self) -> str:
        """What all numbers have that have no own."""
        return self._tones(None)

    @expose("/number/<int:id>/")
    def number(self, id: int) -> str:
        """What one number has."""
        return self._tones(choosing.line(id))

    @expose("/choose/<tone>", methods=("POST",))
    def choose(self, tone: str) -> Any:
        """Choose, upload or restore a tone of the account."""
        return self._choose(None, tone)

    @expose("/number/<int:id>/choose/<tone>", methods=("POST",))
    def choose_for_number(self, id: int, tone: str) -> Any:
        """Choose, upload or restore a tone of one number."""
        return self._choose(choosing.line(id), tone)

    @expose("/language", methods=("POST",))
    def language(self) -> Any:
        """The language of the account's ready tones."""
        return self._set_language(None)

    @expose("/number/<int:id>/language", methods=("POST",))
    def language_of_number(self, id: int) -> Any:
        """The language of a number's ready tones."""
        return self._set_language(choosing.line(id))

    def _choose(self, line: api.LineRow | None, name: str) -> Any:
        if name not in ready.TITLES:
            raise api.NotFound(gettext("There is no such melody."))
        return self._write(line, name, lambda: choosing.choose(line, name, request))

    def _set_language(self, line: api.LineRow | None) -> Any:
        wanted = request.form.get("language", "")
        return self._write(line, "language", lambda: choosing.set_language(line, wanted))

    def _write(self, line: api.LineRow | None, name: str, write: Callable[[], list[str]]) -> Any:
        """Do it and come back, or show the page with the fault where it belongs."""
        try:
            warnings = write()
        except api.BadInput as error:
            return self._tones(line, {name: error.message})
        for warning in warnings:
            flash(warning, "warning")
        flash(gettext("Saved. The next call follows it."), "success")
        return self._back(line, "top" if warnings else None)

    def _back(self, line: api.LineRow | None, anchor: str | None) -> Response:
        """To the page; without an anchor a browser stays at the melody, where its form sent it."""
        if line:
            return redirect(self.get_url(".number", id=line.id, _anchor=anchor))
        return redirect(self.get_url(".index", _anchor=anchor))

    def _tones(self, line: api.LineRow | None, wrong: dict[str, str] | None = None) -> str:
        account = api.current_member().account
        settings = choosing.settings(line) if line else None
        heard = {name: service.heard(account, name, settings) for name in ready.TITLES}
        chosen = {
            name: one.chosen if line else choosing.chosen_for_account(account, name)
            for name, one in heard.items()
        }
        return self.render(
            "melodies/tones.html",
            line=line,
            lines=list(api.LineRow.of(account).order_by(api.LineRow.number)),
            heard=heard,
            chosen=chosen,
            titles=ready.TITLES,
            helps=choosing.HELPS,
            origin=service.origin_title,
            sounds=list(service.offers(account)),
            languages=LANGUAGE_NAMES,
            language=choosing.chosen_language(account, settings),
            spoken_in=service.language_of(account, service.choices(account)),
            wrong=wrong or {},
            package="" if api.speaks() else speaking.PACKAGE,
        )


def views() -> list[Any]:
    """The pages of this plugin."""
    return [
        MelodiesPage(lazy_gettext("Melodies"), endpoint="melodies", url="/melodies"),
        SoundsView(),
    ]
