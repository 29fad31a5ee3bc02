"""The pages on which an admin makes groups and sees who of them could be rung now."""

from __future__ import annotations

from typing import Any

from flask import flash
from wtforms.validators import InputRequired, NumberRange

from core import api
from core.api import gettext, lazy_gettext
from plugins.queue.checks import check_group
from plugins.queue.groups import RING, Group, Member, groups
from plugins.queue.limits import check_count
from plugins.queue.models import GroupRow, MemberRow, NoAnswer, Strategy
from plugins.queue.overview import (
    STRATEGIES,
    MemberNow,
    members_now,
    strategy_in_plan,
    summary,
)

NO_ANSWERS = {
    NoAnswer.VOICEMAIL: lazy_gettext("voicemail of the group"),
    NoAnswer.PHONE: lazy_gettext("own phones of an employee"),
    NoAnswer.NUMBER: lazy_gettext("an outside number"),
    NoAnswer.HANGUP: lazy_gettext("hang up"),
    NoAnswer.CONTINUE: lazy_gettext("continue with what comes after the group"),
}


def _choices(titles: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(str(value), title) for value, title in titles.items()]


class GroupView(api.AccountView):
    """Groups with their members."""

    plugin = "queue"
    category = "Routing"
    destination = "queue"
    roles_view = ("admin", "supervisor")
    empty_text = lazy_gettext("No groups yet.")
    empty_hint = lazy_gettext(
        "Make one, put employees into it, then choose it on the card of a number."
    )
    edit_template = "queue/edit.html"
    details_template = "queue/details.html"
    column_list = ("name", "extension", "strategy", "now", "no_answer")
    column_details_list = column_list
    column_sortable_list = ("name", "extension")
    column_default_sort = "name"
    column_searchable_list = ("name", "extension")
    column_labels = {
        "name": lazy_gettext("Name"),
        "extension": lazy_gettext("Extension"),
        "now": lazy_gettext("Members now"),
        "strategy": lazy_gettext("Rings"),
        "rings": lazy_gettext("How long each is rung"),
        "rounds": lazy_gettext("Rounds"),
        "wrap_up_seconds": lazy_gettext("Pause after a talk, in seconds"),
        "no_answer": lazy_gettext("If nobody answers"),
        "no_answer_employee": lazy_gettext("Employee for “own phones”"),
        "no_answer_number": lazy_gettext("Number for “an outside number”"),
    }
    column_formatters = {
        "strategy": lambda view, context, row, name: view.strategy(row),
        "now": lambda view, context, row, name: summary(view.members_now(row)),
        "no_answer": lambda view, context, row, name: str(NO_ANSWERS[row.no_answer]),
    }
    form_columns = (
        "name",
        "extension",
        "strategy",
        "rings",
        "rounds",
        "wrap_up_seconds",
        "no_answer",
        "no_answer_employee",
        "no_answer_number",
    )
    form_args = {
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
            ]
        },
        "rounds": {
            "choices": [
                (1, lazy_gettext("once")),
                (2, lazy_gettext("twice")),
                *((times, lazy_gettext("%(times)s times", times=times)) for times in (3, 4, 5)),
            ],
            "description": lazy_gettext(
                "How often each member is tried. “All at once” rings once."
            ),
        },
        "wrap_up_seconds": {
            "validators": [
                InputRequired(),
                NumberRange(0, 3600, lazy_gettext("Enter a number of seconds from 0 to 3600.")),
            ]
        },
        "no_answer": {"choices": _choices(NO_ANSWERS)},
        "no_answer_number": {
            "validators": [api.PhoneNumber()],
            "description": lazy_gettext("With its country code, such as +390612345678."),
        },
    }
    inline_models = (
        (
            MemberRow,
            {
                "form_label": lazy_gettext("Members"),
                "form_columns": ("position", "employee", "number"),
                "form_args": {
                    "position": {
                        "label": lazy_gettext("Place"),
                        "validators": [InputRequired()],
                    },
                    "employee": {"label": lazy_gettext("Employee")},
                    "number": {
                        "label": lazy_gettext("or outside number"),
                        "validators": [api.PhoneNumber()],
                        "description": lazy_gettext("Must press 1 to accept a call."),
                    },
                },
            },
        ),
    )

    def get_one(self, id: Any) -> GroupRow:
        """The group, with its members in their order."""
        row = super().get_one(id)
        row.members = list(row.members.order_by(MemberRow.position, MemberRow.id))
        return row

    def members_now(self, row: GroupRow) -> list[MemberNow]:
        """The group's members as they stand at this instant."""
        limit = api.gate_ask("queue.max_members")
        return members_now(_account(), self._stored(row), api.now(), limit)

    def strategy(self, row: GroupRow) -> str:
        """How the group rings, as far as the plan includes it."""
        return strategy_in_plan(self._stored(row), api.gate_ask("queue.ring_all"))

    def on_model_change(self, form: Any, model: GroupRow, is_created: bool) -> None:
        """Refuse what would cost calls, on the field concerned; warn of what only might."""
        group = _draft(form, model)
        self._check_plan(group, is_created)
        problems = list(check_group(_account(), group))
        wrong = {one.field: one.sentence for one in problems if not one.warning}
        if wrong:
            raise api.BadInput(gettext("This group cannot be saved."), wrong)
        for problem in problems:
            flash(problem.sentence, "warning")

    def _check_plan(self, group: Group, is_created: bool) -> None:
        stored = groups(_account())
        if is_created:
            count = len(stored) + 1
            sentence = gettext(
                "With %(name)s there would be %(count)s groups.", name=group.name, count=count
            )
            check_count(api.gate_ask("queue.max_groups"), count, sentence)
        members = len(group.members)
        if is_created or members > len(stored[group.id].members):
            sentence = gettext(
                "%(name)s would have %(count)s members.", name=group.name, count=members
            )
            check_count(api.gate_ask("queue.max_members"), members, sentence)
        ring_all = api.gate_ask("queue.ring_all")
        if group.strategy is Strategy.ALL and not ring_all.allowed:
            until = gettext("Until then the group rings evenly.")
            flash(f"{api.why(ring_all)} {until}", "warning")

    def _stored(self, row: GroupRow) -> Group:
        return groups(_account())[row.id]


def _account() -> api.Account:
    return api.current_member().account


def _draft(form: Any, row: GroupRow) -> Group:
    """The group as typed, before anything is written."""
    typed = form["members"]
    kept = [entry.form for entry in typed.entries if not typed.should_delete(entry)]
    kept.sort(key=lambda one: one.position.data or 0)
    return Group(
        id=row.id or 0,
        name=row.name,
        extension=row.extension or "",
        strategy=Strategy(row.strategy),
        no_answer=NoAnswer(row.no_answer),
        no_answer_employee=row.no_answer_employee_id,
        no_answer_number=row.no_answer_number,
        members=tuple(
            Member(one.employee.data.id if one.employee.data else None, one.number.data)
            for one in kept
        ),
    )


def views() -> list[GroupView]:
    """The pages of this plugin."""
    return [GroupView(GroupRow, lazy_gettext("Groups"), endpoint="queue_groups")]
