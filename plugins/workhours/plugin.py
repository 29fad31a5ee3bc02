"""Working hours: wiring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from core import api
from core.api import N_, hookimpl
from plugins.workhours import admin, calendars, checks, demo, describing, service, upkeep
from plugins.workhours import routes as hours_routes
from plugins.workhours.models import TABLES
from plugins.workhours.presence import absence, my_day, routes, team
from plugins.workhours.presence.models import TABLES as PRESENCE_TABLES
from plugins.workhours.schedules import offers
from plugins.workhours.schemas import WorkhoursSettings


@hookimpl
def register_plugin() -> api.Plugin:
    """Asked before anything else is played to the caller."""
    return api.Plugin(
        name="workhours",
        title=N_("Working hours"),
        summary=N_("Knows when a number is open, and where calls go when it is closed."),
        section=api.Section.HOURS,
        features=(
            api.Feature("workhours", N_("Working hours"), without=N_("A number is always open.")),
            api.Feature(
                "workhours.presence",
                N_("Working hours: working day"),
                without=N_("Everybody is rung, whether they have started their day or not."),
            ),
        ),
        settings=WorkhoursSettings,
        stages=(api.Stage("working-hours", N_("Working hours"), 20),),
    )


@hookimpl
def register_tables() -> Iterable[type]:
    """Schedules, their weeks and their special dates; working days."""
    return (*TABLES, *PRESENCE_TABLES)


@hookimpl
def register_views() -> Iterable[Any]:
    """The schedules of the account; the employee's day and the team's."""
    return [*admin.views(), *my_day.views(), *team.views()]


@hookimpl
def register_api() -> Iterable[Any]:
    """Opening hours and the working day for programs."""
    return [hours_routes.routes, routes.routes]


@hookimpl
def register_jobs() -> Iterable[api.Job]:
    """One calendar at a turn, the one that has waited longest."""
    return [api.Job("refresh calendars", 5, calendars.refresh_next)]


@hookimpl
def find_absent(call: api.Call) -> Mapping[int, str] | None:
    """Who has not started the day, or is on a break."""
    return absence.absent(call)


@hookimpl
def route_call(call: api.Call, settings: Any) -> api.Step | None:
    """Closed: what the settings say. Open: the next stage."""
    return service.route(call, settings)


@hookimpl
def continue_call(result: api.Result, state: Mapping[str, Any]) -> api.Step:
    """A prompt was played, a message taken, or nobody was reached."""
    return service.go_on(result, state)


@hookimpl
def offer_destinations(account: api.Account) -> Iterable[api.Offer]:
    """Every schedule, for the settings of a number; no call is sent to one."""
    return offers(account)


@hookimpl
def find_uses(account: api.Account, destination: api.Destination) -> Iterable[str]:
    """Special dates on which calls go to a destination of their own."""
    return list(describing.uses(account, destination))


@hookimpl
def describe_stage(account: api.Account, line: api.Line, settings: Any) -> api.FlowNode | None:
    """The box of the schedule on a number's way."""
    return describing.stage(account, line, settings)


@hookimpl
def describe_line(
    account: api.Account, line: api.Line, at: datetime, settings: Any
) -> Iterable[api.Badge]:
    """Open, closed, or by hand."""
    return describing.badge(account, line, at, settings)


@hookimpl
def find_alerts(account: api.Account, at: datetime) -> Iterable[api.Alert]:
    """Dates that run out, calendars that cannot be read, numbers that stay closed."""
    return list(upkeep.alerts(account, at))


@hookimpl
def check_settings(account: api.Account, settings: Any) -> Iterable[api.Problem]:
    """The schedule exists and opens; calls have somewhere to go, and not back to us."""
    return list(checks.problems(account, settings))


@hookimpl
def demo_company_created(account: api.Account, company: Any) -> None:
    """Office hours with Italian holidays and a day off, kept by the rented numbers."""
    demo.open_office(account, company)
