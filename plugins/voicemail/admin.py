"""The page of messages: who called, for whom, and a player."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from flask_admin.actions import action
from markupsafe import Markup

from core import api
from core.api import gettext, instant, lazy_gettext, ngettext
from plugins.voicemail import messages


class MessageView(api.AccountView):
    """Voicemail messages, the newest first."""

    plugin = "voicemail"
    category = "Calls"
    roles_view = ("admin", "supervisor", "agent")
    roles_edit = roles_view
    can_create = can_edit = can_delete = can_view_details = False
    empty_text = lazy_gettext("No messages.")
    empty_hint = lazy_gettext(
        "They come when a call ends in voicemail, for example because nobody of a group answered."
    )
    column_list = ("announced_at", "call", "recipient", "seconds", "heard_at", "sound")
    column_default_sort = ("announced_at", True)
    column_sortable_list = ("announced_at", "seconds")
    column_labels = {
        "announced_at": lazy_gettext("When"),
        "call": lazy_gettext("Caller"),
        "recipient": lazy_gettext("For"),
        "seconds": lazy_gettext("Seconds"),
        "heard_at": lazy_gettext("Heard"),
        "sound": lazy_gettext("Message"),
    }
    column_formatters = {
        "announced_at": lambda view, context, row, name: instant(row.announced_at, "short"),
        "call": lambda view, context, row, name: view.caller(row),
        "recipient": lambda view, context, row, name: view.recipient(row),
        "heard_at": lambda view, context, row, name: view.heard(row),
        "sound": lambda view, context, row, name: view.player(row),
    }

    def rows(self) -> Any:
        """The messages this member sees."""
        return messages.messages_for(api.current_member())

    @expose("/sound/")
    def sound_view(self) -> Any:
        """The sound of a message, which then is heard."""
        message, member = self.get_one(request.args.get("id")), api.current_member()
        if not messages.may_hear(member, message):
            raise api.NotAllowed(gettext("You may not listen to the messages of others."))
        messages.heard(member, message, api.now())
        return api.send_recording(message)

    @action("heard", lazy_gettext("Mark as heard"))
    def action_heard(self, ids: list[str]) -> Any:
        """Mark the chosen messages as heard."""
        return self._mark(ids, api.now())

    @action("new", lazy_gettext("Mark as new"))
    def action_new(self, ids: list[str]) -> Any:
        """Mark the chosen messages as not heard."""
        return self._mark(ids, None)

    def caller(self, row: Any) -> str:
        """Who left the message."""
        number = row.call.caller or gettext("Withheld")
        return f"{row.call.client_name}, {number}" if row.call.client_name else number

    def recipient(self, row: Any) -> str:
        """For whom it is."""
        titles = {offer.value: offer.title for offer in api.offers()}
        return messages.recipient_name(row.recipient, titles)

    def heard(self, row: Any) -> Any:
        """When it was first heard, or a mark that it is new."""
        if row.heard_at:
            return instant(row.heard_at, "short")
        return Markup('<span class="badge badge-primary">{}</span>').format(gettext("new"))

    def player(self, row: Any) -> Any:
        """A player, for those who may listen to what is there."""
        if row.status != "stored":
            return gettext("being fetched")
        if not messages.may_hear(api.current_member(), row):
            return gettext("for its recipient only")
        address = self.get_url(".sound_view", id=row.id)
        return Markup('<audio controls preload="none" src="{}"></audio>').format(address)

    def _mark(self, ids: list[str], heard_at: Any) -> Any:
        known = [int(one) for one in ids if one.isdecimal()]
        chosen = list(self.rows().where(api.RecordingRow.id.in_(known)))
        count = messages.mark(chosen, heard_at)
        flash(ngettext("%(num)s message marked.", "%(num)s messages marked.", count), "success")
        return redirect(self.get_url(".index_view"))


def views() -> list[MessageView]:
    """The pages of this plugin."""
    return [MessageView(api.RecordingRow, lazy_gettext("Voicemail"), endpoint="voicemail_messages")]
