"""An employee's own page: start, pause, resume and end the day with one tap (R7)."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from core import api
from core.api import gettext, lazy_gettext
from plugins.workhours.presence.absence import FEATURE
from plugins.workhours.presence.changing import Action, Change, change, rules_of
from plugins.workhours.presence.overview import KNOWN_REASONS, days, length, week_of


class MyDayPage(api.AdminPage):
    """For everybody who can be rung."""

    plugin = "workhours"
    feature = FEATURE
    roles_view = roles_edit = ("admin", "supervisor", "agent")
    category = "Calls"

    def is_visible(self) -> bool:
        """Only to employees."""
        member = api.current_member()
        return bool(member and member.employee)

    @expose("/")
    def index(self) -> str:
        """The day, and the week so far."""
        member, now = api.current_member(), api.now()
        week = week_of(member.account, member.employee, now) if member.employee else []
        return self.render("workhours/my_day.html", week=week, **_now(member))

    @expose("/now/")
    def now(self) -> str:
        """The part of the page that changes by itself."""
        member = api.current_member()
        return self.render("workhours/my_day_now.html", **_now(member)) if member.employee else ""

    @expose("/change/", methods=("POST",))
    def change(self) -> Any:
        """A button was pressed."""
        member = api.current_member()
        employee = member.employee or abort(404)
        try:
            change(member.account, employee, read_change(request.form), api.now())
        except api.CentralinoError as error:
            flash(error.message, "error")
        return redirect(url_for(".index"))


def read_change(form: Any) -> Change:
    """What a button of a form means; own words stand in a field of their own.

    Raises:
        BadInput: it is no button of ours.
    """
    try:
        action = Action(form.get("action", ""))
    except ValueError:
        sentence = gettext(
            "“%(typed)s” is no action; use %(known)s.",
            typed=form.get("action", "")[:20],
            known=", ".join(Action),
        )
        raise api.BadInput(sentence, {"action": sentence}) from None
    return Change(action, (form.get("reason") or form.get("words", "")).strip())


def _now(member: api.Member) -> dict[str, Any]:
    if not member.employee:
        return {"day": None}
    now = api.now()
    return {
        "day": days(member.account, [member.employee], now)[0],
        "rules": rules_of(member.account.id),
        "known": KNOWN_REASONS,
        "length": length,
        "at": now,
    }


def views() -> list[Any]:
    """The pages of this room."""
    return [MyDayPage(lazy_gettext("My day"), endpoint="workhours_day")]
