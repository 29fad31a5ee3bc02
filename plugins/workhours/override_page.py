"""The page on which a number or a schedule is opened or closed by hand (W4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, request
from flask_admin import expose

from core import api
from core.api import gettext
from plugins.workhours import by_hand
from plugins.workhours.models import Ends, OverrideRow
from plugins.workhours.overview import moment, summary, until
from plugins.workhours.standing import of_schedule

LAST_SHOWN = 20
"""So many past overrides are shown."""


class OverridePage(api.AdminPage):
    """What holds by hand, the form to say more, and what was said before."""

    plugin = "workhours"
    category = "Routing"
    roles_view = roles_edit = ("admin", "supervisor")

    @expose("/")
    def index(self) -> Any:
        """The page; ``?target=schedule:3`` or ``line:5`` chooses what it is about."""
        return self._show({"target": request.args.get("target", ""), "ends": Ends.CHANGE}, {})

    @expose("/", methods=("POST",))
    def say(self) -> Any:
        """Open or close."""
        typed = request.form.to_dict()
        try:
            by_hand.say(
                _account(),
                typed.get("target", ""),
                typed.get("state") == "open",
                Ends(typed["ends"]) if typed.get("ends") in set(Ends) else Ends.CHANGE,
                typed.get("reason", ""),
                api.current_member().user.email,
                api.now(),
                _instant(typed.get("until", "")),
            )
        except api.BadInput as error:
            return self._show(typed, error.fields)
        flash(gettext("It holds from the next call on."), "success")
        return redirect(self.get_url(".index"))

    @expose("/end/", methods=("POST",))
    def end(self) -> Any:
        """End one before its time."""
        id = request.form.get("id", "")
        try:
            number = int(id) if id.isdecimal() and len(id) < 19 else 0
            by_hand.end(_account(), number, api.current_member().user.email, api.now())
            flash(gettext("The hours of the schedule hold again."), "success")
        except api.NotFound as error:
            flash(error.message, "info")
        return redirect(self.get_url(".index"))

    def _show(self, typed: dict[str, Any], wrong: dict[str, str]) -> Any:
        account, now = _account(), api.now()
        targets = by_hand.targets(account)
        rows = list(OverrideRow.of(account).order_by(OverrideRow.id.desc()).limit(100))
        said = [by_hand.describe(account, row, targets, now) for row in rows]
        return self.render(
            "workhours/by_hand.html",
            targets=targets,
            summaries={
                one.value: summary(of_schedule(account, one.value), now)
                for one in targets
                if one.value == one.schedule
            },
            holding=[one for one in said if one.holds],
            past=[one for one in said if not one.holds][:LAST_SHOWN],
            typed=typed,
            wrong=wrong,
            moment=lambda value: moment(value, now, account.zone),
            until_moment=lambda value: until(value, now, account.zone),
        )


def _instant(text: str) -> datetime | None:
    """What a ``datetime-local`` input sent, on the account's clock."""
    try:
        value = datetime.fromisoformat(text)
        return value.replace(tzinfo=value.tzinfo or _account().zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _account() -> api.Account:
    return api.current_member().account
