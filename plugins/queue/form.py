"""The form of a group: its fields, the list of its members, the group as it was typed."""

from __future__ import annotations

from typing import Any

from flask_admin.model.widgets import RenderTemplateWidget
from wtforms.validators import InputRequired, NumberRange

from core import api
from core.api import lazy_gettext
from plugins.queue.checks import WAIT_MINUTES
from plugins.queue.groups import RING, Group, Member
from plugins.queue.models import MemberRow, NoAnswer, Strategy
from plugins.queue.wording import NO_ANSWERS, STRATEGIES

COLUMNS = (
    "name",
    "extension",
    "strategy",
    "rings",
    "rounds",
    "wrap_up_seconds",
    "no_answer",
    "wait_minutes",
    "after_wait",
    "no_answer_employee",
    "no_answer_number",
    "no_answer_group",
)

LABELS = {
    "name": lazy_gettext("Name"),
    "extension": lazy_gettext("Extension"),
    "now": lazy_gettext("Members now"),
    "strategy": lazy_gettext("Rings"),
    "rings": lazy_gettext("How long each is rung"),
    "rounds": lazy_gettext("Rounds"),
    "wrap_up_seconds": lazy_gettext("Pause after a talk, in seconds"),
    "no_answer": lazy_gettext("If nobody answers"),
    "wait_minutes": lazy_gettext("Longest wait, in minutes"),
    "after_wait": lazy_gettext("If the caller waited in vain"),
    "no_answer_employee": lazy_gettext("Employee for “own phones”"),
    "no_answer_number": lazy_gettext("Number for “an outside number”"),
    "no_answer_group": lazy_gettext("Group for “another group”"),
}


def _choices(titles: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(str(value), title) for value, title in titles.items()]


FIELDS = {
    "extension": {
        "description": lazy_gettext("1 to 4 digits, which callers and employees may dial.")
    },
    "strategy": {"choices": _choices(STRATEGIES)},
    "rings": {
        "choices": [
            (
                rings,
                lazy_gettext(
                    "%(rings)s rings, %(seconds)s seconds", rings=rings, seconds=RING * rings
                ),
            )
            for rings in range(2, 8)
        ],
        "description": lazy_gettext("One ring takes about %(seconds)s seconds.", seconds=RING),
    },
    "rounds": {
        "choices": [
            (1, lazy_gettext("once")),
            (2, lazy_gettext("twice")),
            *((times, lazy_gettext("%(times)s times", times=times)) for times in (3, 4, 5)),
        ],
        "description": lazy_gettext("How often each member is tried. “All at once” rings once."),
    },
    "wrap_up_seconds": {
        "validators": [
            InputRequired(),
            NumberRange(0, 3600, lazy_gettext("Enter a number of seconds from 0 to 3600.")),
        ],
        "description": lazy_gettext("So long a member is left in peace after a talk."),
    },
    "no_answer": {"choices": _choices(NO_ANSWERS)},
    "wait_minutes": {
        "validators": [
            InputRequired(),
            NumberRange(*WAIT_MINUTES, lazy_gettext("Enter a number of minutes from 1 to 60.")),
        ],
        "description": lazy_gettext(
            "The caller hears the melody for waiting. Who becomes free is rung within ten seconds,"
            " for whoever waits longest."
        ),
    },
    "after_wait": {
        "choices": _choices(
            {rule: title for rule, title in NO_ANSWERS.items() if rule is not NoAnswer.WAIT}
        )
    },
    "no_answer_employee": {
        "description": lazy_gettext("If nobody answers there either: voicemail of the group.")
    },
    "no_answer_number": {
        "validators": [api.PhoneNumber()],
        "description": lazy_gettext(
            "With its country code, such as +390612345678. If nobody answers there either:"
            " voicemail of the group."
        ),
    },
}

MEMBERS = (
    MemberRow,
    {
        "form_label": lazy_gettext("Members"),
        "form_columns": ("position", "employee", "number"),
        "form_args": {
            "position": {"label": lazy_gettext("Place"), "validators": [InputRequired()]},
            "employee": {"label": lazy_gettext("Employee")},
            "number": {
                "label": lazy_gettext("or outside number"),
                "validators": [api.PhoneNumber()],
            },
        },
    },
)

WIDGET = RenderTemplateWidget("queue/members.html")
"""Shows the members as a list to be put in order."""


def typed_member(entry: Any) -> Member:
    """The member in one row of the list."""
    row = entry.form
    return Member(_id_of(row.employee), row.number.data or "")


def typed_group(form: Any, id: int = 0) -> Group:
    """The group as typed, whether it could be saved or not.

    Args:
        form: as it was sent.
        id: of the stored group; 0 for a new one.
    """
    rows = form["members"]
    kept = [entry for entry in rows.entries if not rows.should_delete(entry)]
    kept.sort(key=lambda entry: entry.form.position.data or 0)
    return Group(
        id=id,
        name=form.name.data or "",
        extension=form.extension.data or "",
        strategy=_one_of(Strategy, form.strategy.data, Strategy.EVENLY),
        rings=int(form.rings.data or 0),
        rounds=int(form.rounds.data or 1),
        wrap_up_seconds=form.wrap_up_seconds.data or 0,
        no_answer=_one_of(NoAnswer, form.no_answer.data, NoAnswer.VOICEMAIL),
        no_answer_employee=_id_of(form.no_answer_employee),
        no_answer_number=form.no_answer_number.data or "",
        no_answer_group=_id_of(form.no_answer_group),
        wait_minutes=form.wait_minutes.data or 0,
        after_wait=_one_of(NoAnswer, form.after_wait.data, NoAnswer.VOICEMAIL),
        members=tuple(typed_member(entry) for entry in kept),
    )


def _id_of(field: Any) -> int | None:
    """The id of what was chosen; None for nothing, and for what cannot be chosen."""
    return getattr(field.data, "id", None)


def rearrange(form: Any, sent: Any) -> bool:
    """Do what a button of the list asked for, where no script did; True when one was pressed.

    Args:
        form: as it was sent; changed.
        sent: the raw fields: ``move`` is ``3:up`` or ``3:down`` (places from 0), ``add`` adds a
            row.
    """
    rows = form["members"]
    rows.entries.sort(key=lambda entry: entry.form.position.data or 0)
    if "add" in sent:
        rows.append_entry()
    elif "move" in sent:
        _move(rows.entries, *sent["move"].partition(":")[::2])
    else:
        return False
    for place, entry in enumerate(rows.entries, start=1):
        entry.form.position.data = place
    return True


def _move(entries: list[Any], place: str, way: str) -> None:
    here = int(place) if place.isdecimal() else -1
    there = here - 1 if way == "up" else here + 1
    places = range(len(entries))
    if here in places and there in places:
        entries[here], entries[there] = entries[there], entries[here]


def _one_of(kind: Any, typed: Any, default: Any) -> Any:
    return kind(typed) if typed in list(kind) else default
