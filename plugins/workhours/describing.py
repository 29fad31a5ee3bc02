"""How working hours show themselves elsewhere: in the list of numbers, and in the drawn way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core.api import END as END_OF_CALL
from core.api import NEXT, Account, Badge, Destination, Exit, FlowNode, Line, gettext
from plugins.workhours import schemas
from plugins.workhours.days import Schedule
from plugins.workhours.models import HolidayRow, ScheduleRow
from plugins.workhours.overrides import Override, holding
from plugins.workhours.overview import country_name, until, week_lines
from plugins.workhours.schedules import chosen
from plugins.workhours.service import target, way
from plugins.workhours.standing import of_line

PAGE = "/workhours_schedules/details/?id="


def badge(account: Account, line: Line, at: datetime, settings: Any) -> list[Badge]:
    """Open or closed at an instant, and who said so; nothing for a number that is always open."""
    standing = of_line(account, line, settings.schedule)
    if standing is None:
        return []
    now, said = standing.opening(at), holding(standing.overrides, at)
    if said is not None:
        return [_by_hand(said, at, line)]
    word = gettext("open") if now.open else gettext("closed")
    text = f"{word} {until(now.until, at, line.zone)}" if now.until else word
    return [Badge(text, "good" if now.open else "", line.timezone)]


def _by_hand(said: Override, at: datetime, line: Line) -> Badge:
    word = gettext("open") if said.open else gettext("closed")
    if said.end is None:
        text = gettext("%(word)s by hand, for good", word=word)
    else:
        end = until(said.end, at, line.zone)
        text = gettext("%(word)s by hand %(until)s", word=word, until=end)
    hint = f"{said.reason} ({said.author})"
    return Badge(text, "warning", f"{line.timezone} · {hint}" if said.end else hint)


def stage(account: Account, line: Line, settings: Any) -> FlowNode | None:
    """The box of working hours on a number's way; None without a schedule."""
    schedule = chosen(account, settings.schedule)
    if schedule is None:
        return None
    exits = [Exit(gettext("open"), NEXT), _closed(settings), *_own_ways(schedule, settings)]
    link = PAGE + Destination.parse(settings.schedule).id
    lines = (*week_lines(schedule), *_holidays(schedule), line.timezone)
    return FlowNode(schedule.name, lines, tuple(exits), link)


def _closed(settings: Any) -> Exit:
    match settings.outside:
        case schemas.VOICEMAIL:
            return Exit(gettext("closed: leave a message"), str(target(settings)))
        case schemas.HANG_UP:
            return Exit(gettext("closed: hang up"), END_OF_CALL)
        case schemas.REJECT:
            return Exit(gettext("closed: reject"), END_OF_CALL)
    to = target(settings)
    return Exit(gettext("closed"), str(to) if to.id else END_OF_CALL)


def _own_ways(schedule: Schedule, settings: Any) -> Iterator[Exit]:
    """The special dates on which calls go elsewhere."""
    for _, special in schedule.dates:
        if special.outside:
            _, to = way(special, settings)
            yield Exit(f"“{special.name}”", str(to) or END_OF_CALL)


def _holidays(schedule: Schedule) -> Iterator[str]:
    if schedule.country:
        yield gettext(
            "not on public holidays (%(country)s)", country=country_name(schedule.country)
        )


def uses(account: Account, destination: Destination) -> Iterator[str]:
    """The special dates that lead to a destination."""
    text = str(destination)
    rows = HolidayRow.select(HolidayRow, ScheduleRow).join(ScheduleRow)
    for row in rows.where(HolidayRow.account == account.id, HolidayRow.destination != ""):
        if row.destination == text or row.destination.endswith(f":{text}"):
            yield gettext(
                "%(date)s of schedule %(schedule)s", date=row.name, schedule=row.schedule.name
            )
