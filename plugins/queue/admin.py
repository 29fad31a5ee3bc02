"""The pages on which an admin makes groups and sees who of them could be rung now."""

from __future__ import annotations

from typing import Any

from flask import flash, request
from flask_admin import expose

from core import api
from core.api import gettext, lazy_gettext
from plugins.queue import form as forms
from plugins.queue.checks import check_group
from plugins.queue.groups import Group, Member, groups
from plugins.queue.limits import check_count
from plugins.queue.models import GroupRow, MemberRow, NoAnswer, Strategy
from plugins.queue.overview import MemberNow, members_now, strategy_in_plan, summary
from plugins.queue.wording import last_rule, sentence

NOBODY = Member()
"""A row of the list in which nothing is filled in yet."""


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
    create_template = "queue/form.html"
    edit_template = "queue/form.html"
    details_template = "queue/details.html"
    column_list = ("name", "extension", "strategy", "now", "no_answer")
    column_details_list = column_list
    column_sortable_list = ("name", "extension")
    column_default_sort = "name"
    column_searchable_list = ("name", "extension")
    column_labels = forms.LABELS
    column_formatters = {
        "strategy": lambda view, context, row, name: view.strategy(row),
        "now": lambda view, context, row, name: summary(view.members_now(row)),
        "no_answer": lambda view, context, row, name: view.no_answer(row),
    }
    form_columns = forms.COLUMNS
    form_args = forms.FIELDS
    inline_models = (forms.MEMBERS,)

    # --- What a group is now ---

    def members_now(self, row: GroupRow) -> list[MemberNow]:
        """The group's members as they stand at this instant."""
        limit = api.gate_ask("queue.max_members")
        return list(members_now(_account(), self._stored(row), api.now(), limit).values())

    def strategy(self, row: GroupRow) -> str:
        """How the group rings, as far as the plan includes it."""
        return strategy_in_plan(self._stored(row), api.gate_ask("queue.ring_all"))

    def no_answer(self, row: GroupRow) -> str:
        """What happens if nobody answers, and in the end."""
        group = self._stored(row)
        end = last_rule(_account(), group)
        return gettext("wait, then %(rule)s", rule=end) if group.waits else end

    def sentence(self, form: Any) -> str:
        """What the group does with a call, as it stands in the form and as the plan has it."""
        return self._sentence(forms.typed_group(form))

    # --- The form ---

    def get_one(self, id: Any) -> GroupRow:
        """The group, with its members in their order."""
        row = super().get_one(id)
        row.members = list(row.members.order_by(MemberRow.position, MemberRow.id))
        return row

    def create_form(self, obj: Any = None) -> Any:
        """The form of a new group."""
        return self._with_members(super().create_form(obj))

    def edit_form(self, obj: Any = None) -> Any:
        """The form of a group."""
        return self._with_members(super().edit_form(obj))

    def validate_form(self, form: Any) -> bool:
        """A button of the list of members only changes the list; it saves nothing."""
        shows_members = "members" in form and request.method == "POST"
        if shows_members and forms.rearrange(form, request.form):
            return False
        return super().validate_form(form)

    @expose("/preview/", methods=("POST",))
    def preview(self) -> str:
        """The sentence for a form that is being filled in."""
        return self.sentence(self.create_form())

    def _with_members(self, form: Any) -> Any:
        """The form whose list of members says who could be rung now."""
        rows = form["members"]
        group = forms.typed_group(form)
        states = members_now(_account(), group, api.now())
        rows.widget = forms.WIDGET
        typed = {entry.id: forms.typed_member(entry) for entry in rows.entries}
        rows.now = {id: states.get(one.key) for id, one in typed.items() if one != NOBODY}
        return form

    # --- Saving ---

    def on_model_change(self, form: Any, model: GroupRow, is_created: bool) -> None:
        """Refuse what would cost calls, on the field concerned; warn of what only might."""
        group = forms.typed_group(form, model.id or 0)
        self._check_plan(group, is_created)
        problems = list(check_group(_account(), group))
        wrong = {one.field: one.sentence for one in problems if not one.warning}
        if wrong:
            raise api.BadInput(gettext("This group cannot be saved."), wrong)
        for problem in problems:
            flash(problem.sentence, "warning")

    def after_model_change(self, form: Any, model: GroupRow, is_created: bool) -> None:
        """Say in one sentence what was saved."""
        flash(f"{model.name}: {self.sentence(form)}", "info")

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
        self._warn_of_locked(group)

    def _warn_of_locked(self, group: Group) -> None:
        ring_all, overflow = api.gate_ask("queue.ring_all"), api.gate_ask("queue.overflow")
        if group.strategy is Strategy.ALL and not ring_all.allowed:
            until = gettext("Until then the group rings evenly.")
            flash(f"{api.why(ring_all)} {until}", "warning")
        if group.last_rule is NoAnswer.QUEUE and not overflow.allowed:
            until = gettext("Until then such calls go to the group's voicemail.")
            flash(f"{api.why(overflow)} {until}", "warning")

    def _sentence(self, group: Group) -> str:
        evenly = group.strategy is Strategy.ALL and not api.gate_ask("queue.ring_all").allowed
        return sentence(_account(), group, Strategy.EVENLY if evenly else None)

    def _stored(self, row: GroupRow) -> Group:
        return groups(_account())[row.id]


def _account() -> api.Account:
    return api.current_member().account


def views() -> list[GroupView]:
    """The pages of this plugin."""
    return [GroupView(GroupRow, lazy_gettext("Groups"), endpoint="queue_groups")]
