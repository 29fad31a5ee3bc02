"""The list of recordings (Q2): listening and deleting are rights of their own, beside the role."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from werkzeug.wrappers import Response

from core import api
from core.api import N_, gettext, lazy_gettext
from plugins.recording import keeping, listing

MANAGERS = ("admin", "supervisor")

RIGHTS = {
    "listen": ("may_listen", N_("Listening to recordings is not among your rights.")),
    "confirm": ("may_delete", N_("Deleting recordings is not among your rights.")),
    "delete": ("may_delete", N_("Deleting recordings is not among your rights.")),
    "hold": ("may_delete", N_("Legal holds need the right to delete recordings.")),
}
"""By method: the right it needs, and what is said to those who lack it."""

STATUSES = {
    "in-progress": N_("in-progress"),
    "announced": N_("announced"),
    "stored": N_("stored"),
    "absent": N_("absent"),
    "failed": N_("failed"),
    "deleted": N_("deleted"),
}
"""What becomes of a recording, in the middle of a sentence."""


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
            raise api.NotAllowed(gettext(sentence))
        if name in ("retention", "set_retention") and not member.has(("admin",)):
            raise api.NotAllowed(gettext("How long recordings are kept is for admins to say."))
        if not _may_see(member):
            raise api.NotAllowed(gettext("Recordings are not among your rights."))
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
            status = gettext(STATUSES[recording.status])
            sentence = gettext(
                "Recording %(id)s cannot be heard: it is %(status)s.", id=id, status=status
            )
            raise api.NotFound(sentence)
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
            why = N_("on legal hold") if recording.legal_hold else STATUSES[recording.status]
            sentence = gettext(
                "Recording %(id)s is %(status)s and was not deleted.", id=id, status=gettext(why)
            )
            raise api.Conflict(sentence)
        flash(gettext("The recording was deleted."), "success")
        return redirect(self.get_url(".index"))

    @expose("/<int:id>/hold", methods=("POST",))
    def hold(self, id: int) -> Response:
        """Put a recording on legal hold, or take it off."""
        on = request.form.get("on") == "1"
        keeping.hold(listing.one(api.current_member(), id), on)
        held = gettext("On legal hold: nobody deletes it.")
        flash(held if on else gettext("No longer on legal hold."), "success")
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
        for_days = gettext("Recordings are kept for %(days)s days.", days=days)
        flash(for_days if days else gettext("Recordings are kept for ever."), "success")
        return redirect(self.get_url(".index"))

    def _retention(self, typed: str, **values: Any) -> str:
        return self.render("recording/retention.html", typed=typed, **values)


def _may_see(member: api.Member) -> bool:
    return member.may_listen or member.may_delete or member.has(MANAGERS)


def views() -> list[Any]:
    """The pages of this plugin."""
    return [RecordingsPage(lazy_gettext("Recordings"), endpoint="recording", url="/recording")]
