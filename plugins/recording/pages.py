"""The list of recordings (Q2): listening and deleting are rights of their own, beside the role."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from werkzeug.wrappers import Response

from core import api
from plugins.recording import keeping, listing

MANAGERS = ("admin", "supervisor")

RIGHTS = {
    "listen": ("may_listen", "Listening to recordings is not among your rights."),
    "confirm": ("may_delete", "Deleting recordings is not among your rights."),
    "delete": ("may_delete", "Deleting recordings is not among your rights."),
    "hold": ("may_delete", "Legal holds need the right to delete recordings."),
}
"""By method: the right it needs, and what is said to those who lack it."""


class RecordingsPage(api.AdminPage):
    """Whoever may listen or delete has the list; managers see it without the players."""

    plugin = "recording"
    category = "Calls"
    roles_view = roles_edit = ("admin", "supervisor", "agent")

    def is_accessible(self) -> bool:
        """Whether the menu shows the page."""
        return super().is_accessible() and _may_see(api.current_member())

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        refused = super()._handle_view(name, **kwargs)
        if refused is not None:
            return refused
        member = api.current_member()
        right, sentence = RIGHTS.get(name, ("", ""))
        if right and not getattr(member, right):
            raise api.NotAllowed(sentence)
        if name in ("retention", "set_retention") and not member.has(("admin",)):
            raise api.NotAllowed("How long recordings are kept is for admins to say.")
        if not _may_see(member):
            raise api.NotAllowed("Recordings are not among your rights.")
        return None

    @expose("/")
    def index(self) -> str:
        """The list, newest first."""
        member = api.current_member()
        try:
            wanted = listing.Wanted.read(request.args, member.account)
        except api.BadInput as error:
            flash(error.message, "error")
            wanted = listing.Wanted()
        recordings, older = listing.find(member, wanted)
        return self.render(
            "recording/list.html",
            recordings=recordings,
            older=older,
            wanted=wanted,
            lines=list(api.LineRow.of(member.account).order_by(api.LineRow.number)),
            people=list(api.EmployeeRow.of(member.account).order_by(api.EmployeeRow.name)),
            days=keeping.retention_days(member.account.id),
        )

    @expose("/<int:id>/listen")
    def listen(self, id: int) -> Response:
        """The sound, whole or the part a player asks for."""
        recording = listing.one(api.current_member(), id)
        if recording.status != "stored":
            raise api.NotFound(f"Recording {id} cannot be heard: it is {recording.status}.")
        return api.send_recording(recording)

    @expose("/<int:id>/delete", methods=("GET",))
    def confirm(self, id: int) -> str:
        """Ask before a recording is deleted."""
        recording = listing.one(api.current_member(), id)
        return self.render("recording/confirm.html", recording=recording)

    @expose("/<int:id>/delete", methods=("POST",))
    def delete(self, id: int) -> Response:
        """Delete one recording, if it is not on hold."""
        recording = listing.one(api.current_member(), id)
        if not keeping.delete(recording):
            why = "on legal hold" if recording.legal_hold else recording.status
            raise api.Conflict(f"Recording {id} is {why} and was not deleted.")
        flash("The recording was deleted.", "success")
        return redirect(self.get_url(".index"))

    @expose("/<int:id>/hold", methods=("POST",))
    def hold(self, id: int) -> Response:
        """Put a recording on legal hold, or take it off."""
        on = request.form.get("on") == "1"
        keeping.hold(listing.one(api.current_member(), id), on)
        flash("On legal hold: nobody deletes it." if on else "No longer on legal hold.", "success")
        return redirect(self.get_url(".index"))

    @expose("/retention", methods=("GET",))
    def retention(self) -> str:
        """How long recordings are kept."""
        days = keeping.retention_days(api.current_member().account.id)
        return self._retention(str(days))

    @expose("/retention", methods=("POST",))
    def set_retention(self) -> Any:
        """Set the period; when it deletes something now, ask first."""
        account, typed = api.current_member().account, request.form.get("days", "")
        try:
            days = keeping.read_days(typed)
        except api.BadInput as error:
            return self._retention(typed, wrong=error.message)
        count = keeping.count_expired(account.id, days, api.now())
        if count and request.form.get("confirmed") != str(days):
            return self._retention(typed, days=days, count=count)
        keeping.keep_for(account.id, days)
        kept = f"for {days} days" if days else "for ever"
        flash(f"Recordings are kept {kept}.", "success")
        return redirect(self.get_url(".index"))

    def _retention(self, typed: str, **values: Any) -> str:
        return self.render("recording/retention.html", typed=typed, **values)


def _may_see(member: api.Member) -> bool:
    return member.may_listen or member.may_delete or member.has(MANAGERS)


def views() -> list[Any]:
    """The pages of this plugin."""
    return [RecordingsPage("Recordings", endpoint="recording", url="/recording")]
