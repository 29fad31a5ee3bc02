"""The team's page: who is at work now, changes made for others, the rules, and the history (R7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask_admin import expose

from core import api
from core.api import gettext, lazy_gettext
from plugins.workhours.presence.absence import FEATURE
from plugins.workhours.presence.changing import Change, change, rules_of, save_rules
from plugins.workhours.presence.days import LONGEST_HOURS, Rules
from plugins.workhours.presence.history import History, as_csv
from plugins.workhours.presence.my_day import read_change
from plugins.workhours.presence.overview import KNOWN_REASONS, days, ended_by, length

CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)$")


class TeamPage(api.AdminPage):
    """For those who lead employees."""

    plugin = "workhours"
    feature = FEATURE
    roles_view = roles_edit = ("admin", "supervisor")
    category = "Calls"

    @expose("/")
    def index(self) -> str:
        """Everybody, as they are now."""
        return self._page(_kept_rules())

    @expose("/now/")
    def now(self) -> str:
        """The part of the page that changes by itself."""
        return self.render("workhours/team_now.html", **_team())

    @expose("/set/<int:id>/", methods=("GET", "POST"))
    def set(self, id: int) -> Any:
        """Change somebody's day for them, with a reason that is kept."""
        employee, now = _employee(id), api.now()
        member = api.current_member()
        if request.method == "POST":
            try:
                change(member.account, employee, _for_another(request.form), now)
                return redirect(url_for(".index"))
            except api.CentralinoError as error:
                flash(error.message, "error")
        day = days(member.account, [employee], now)[0]
        return self.render(
            "workhours/team_set.html", day=day, known=KNOWN_REASONS, typed=request.form
        )

    @expose("/rules/", methods=("POST",))
    def rules(self) -> Any:
        """Switch the working day on or off, and say when it ends by itself; for admins."""
        if not api.current_member().has(("admin",)):
            raise api.NotAllowed(gettext("Your role does not include this."))
        try:
            save_rules(api.current_member().account, read_rules(request.form))
        except api.BadInput as error:
            return self._page(request.form, error.fields)
        flash(gettext("The rules of the working day are saved."), "success")
        return redirect(url_for(".index", _anchor="top"))

    @expose("/history/")
    def history(self) -> str:
        """What everybody did, in a stretch of days."""
        wanted = _history()
        return self.render(
            "workhours/working_days.html",
            wanted=wanted,
            people=_people(),
            spans=wanted.spans(),
            at=api.now(),
            length=length,
            ended_by=ended_by,
        )

    @expose("/history.csv")
    def export(self) -> Response:
        """The same as a file for a spreadsheet."""
        return Response(
            as_csv(_history(), api.now()),
            mimetype="text/csv",
            headers={"Content-Disposition": "attachment; filename=working-days.csv"},
        )

    def _page(self, typed: Mapping[str, str], wrong: Mapping[str, str] | None = None) -> str:
        return self.render("workhours/team.html", typed=typed, wrong=wrong or {}, **_team())


def read_rules(form: Any) -> Rules:
    """The rules as an admin typed them.

    Raises:
        BadInput: an hour that does not exist, or a day that is too long.
    """
    typed, hours = form.get("ends_at", "").strip(), form.get("hours", "").strip()
    found = CLOCK.match(typed)
    if typed and not found:
        sentence = gettext("“%(typed)s” is no time of day; write it like 19:30.", typed=typed[:20])
        raise api.BadInput(sentence, {"ends_at": sentence})
    if not hours.isdecimal() or len(hours) > 2 or not 1 <= int(hours) <= LONGEST_HOURS:
        sentence = gettext(
            "“%(typed)s” is no length of a day; use 1 to %(most)s hours.",
            typed=hours[:20],
            most=LONGEST_HOURS,
        )
        raise api.BadInput(sentence, {"hours": sentence})
    minutes = int(found[1]) * 60 + int(found[2]) if found else None
    return Rules(form.get("on") == "1", minutes, int(hours))


def _for_another(form: Any) -> Change:
    """A change that somebody makes for another person, who may ask why."""
    wanted, note = read_change(form), form.get("note", "").strip()
    if not note:
        sentence = gettext("Write why you change it: the employee sees it.")
        raise api.BadInput(sentence, {"note": sentence})
    return Change(wanted.action, wanted.reason, str(api.current_member().user), note)


def _people() -> list[api.EmployeeRow]:
    account = api.current_member().account
    return list(api.EmployeeRow.of(account).order_by(api.EmployeeRow.name))


def _employee(id: int) -> api.EmployeeRow:
    account = api.current_member().account
    row = api.EmployeeRow.of(account).where(api.EmployeeRow.id == id).first()
    return row or abort(404)


def _team() -> dict[str, Any]:
    account, now = api.current_member().account, api.now()
    team = days(account, _people(), now)
    return {"team": team, "rules": rules_of(account.id), "at": now, "length": length}


def _kept_rules() -> dict[str, str]:
    """The account's rules, as an admin would type them."""
    rules = rules_of(api.current_member().account.id)
    ends = "" if rules.ends_at is None else "{:02}:{:02}".format(*divmod(rules.ends_at, 60))
    return {"on": "1" if rules.on else "", "ends_at": ends, "hours": str(rules.hours)}


def _history() -> History:
    try:
        return History.read(request.args, api.current_member().account, api.now())
    except api.BadInput as error:
        flash(error.message, "error")
        return History.read({}, api.current_member().account, api.now())


def views() -> list[Any]:
    """The pages of this room."""
    return [TeamPage(lazy_gettext("Team"), endpoint="workhours_team")]
