"""How pages name where a call ends, and what they offer to expect (S3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from flask import Flask
from flask_babel import format_date, format_datetime, gettext

from core.calls.moment import DAYS, RELATIVE
from core.calls.rehearsal.run import Run
from core.contract.steps import Destination
from core.contract.texts import N_
from core.store.people import EmployeeRow
from core.store.scenarios import ScenarioRow
from core.web.format import phone
from core.web.member import current_member
from core.web.offers import offers

MOST_ENDS = 300
"""So many places the select of an expectation offers."""


WORDS = {"today": N_("today"), "tomorrow": N_("tomorrow"), "workday": N_("next working day")}
"""The words of moments that are no day of the week."""


def works_in(account_id: int) -> bool:
    """Whether it is the account somebody works in, whose plugins can be asked."""
    account = current_member().account
    return account is not None and account.id == account_id


class Names(Mapping[str, str]):
    """What to write for a destination's text such as ``employee:7`` or ``voicemail:queue:3``.

    Args:
        account_id: of the account; places of plugins are named where somebody works in it.
    """

    def __init__(self, account_id: int) -> None:
        people = EmployeeRow.of(account_id).select(EmployeeRow.id, EmployeeRow.name)
        self._known = {f"employee:{one.id}": one.name for one in people.order_by(EmployeeRow.name)}
        places = offers() if works_in(account_id) else ()
        self._known |= {one.value: one.title for one in places if one.value not in self._known}

    def __getitem__(self, text: str) -> str:
        if text in self._known:
            return self._known[text]
        place = Destination.parse(text)
        if place.kind == "number":
            return phone(place.id)
        return place.id or text

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def end_choices(
    names: Names, run: Run | None, saved: ScenarioRow | None, typed: str = ""
) -> list[tuple[str, str]]:
    """What can be expected as the end of a call: where this run ended first, what is saved and
    what was chosen, then every person and every other place that answers."""
    first = [one for one in (run and run.ends, saved and saved.ends, typed) if one]
    places = [one for one in names if Destination.parse(one).kind in ("employee", "voicemail")]
    known = dict.fromkeys([*first, *places])
    return [(one, names[one]) for one in list(known)[:MOST_ENDS]]


def moment_words(at: str | None) -> str:
    """When a scenario's call comes, in the reader's words: "next Sunday, 22:00"."""
    found = RELATIVE.fullmatch(at.strip()) if at else None
    if not at:
        return gettext("now")
    if not found:
        try:
            return format_datetime(datetime.fromisoformat(at), "d MMM y, HH:mm", rebase=False)
        except ValueError:
            return at
    clock = f"{int(found['hour']):02}:{found['minute']}"
    if found["month"]:
        day = date(2024, int(found["month"]), int(found["day"]))  # a leap year has every day
        return gettext("next %(day)s, %(time)s", day=format_date(day, "d MMMM"), time=clock)
    word = found["word"].lower()
    if word in DAYS:
        day = date(2024, 1, 1 + DAYS.index(word))  # a Monday
        return gettext("next %(day)s, %(time)s", day=format_date(day, "EEEE"), time=clock)
    return f"{gettext(WORDS.get(word, word))}, {clock}"


def add(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.filters["scenario_moment"] = moment_words
