"""How many groups accounts have, and how large, counted before a plan's limit is lowered.

The one place that looks beyond an account's wall: the billing team's review asks for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from peewee import ModelSelect, Select, fn

from plugins.queue.models import GroupRow, MemberRow


def count_use(feature: str, more_than: int, account: int | None) -> Mapping[int, int] | None:
    """The number of groups, or of members in the largest one, by account; one statement.

    Args:
        feature: one of this plugin's numbers; None is counted of any other.
        more_than: accounts with this many or fewer are left out.
        account: only this one; None for all.
    """
    count = COUNTS.get(feature)
    if count is None:
        return None
    # Straight from the cursor: peewee takes three times as long to hand a row over as to find it.
    return dict(GroupRow._meta.database.execute(count(more_than, account)).fetchall())


def _groups(more_than: int, account: int | None) -> Select:
    count = fn.COUNT(GroupRow.id)
    query = GroupRow.select(GroupRow.account_id, count).group_by(GroupRow.account_id)
    return _only(query, GroupRow, account).having(count > more_than)


def _largest(more_than: int, account: int | None) -> Select:
    """Counted by group first: the index of members is in that order."""
    count = fn.COUNT(MemberRow.id)
    members = MemberRow.select(MemberRow.group_id.alias("group"), count.alias("members"))
    members = _only(members, MemberRow, account).group_by(MemberRow.group_id)
    large = members.having(count > more_than).alias("large")
    query = GroupRow.select(GroupRow.account_id, fn.MAX(large.c.members))
    return query.join(large, on=large.c.group == GroupRow.id).group_by(GroupRow.account_id)


def _only(query: ModelSelect, table: type, account: int | None) -> ModelSelect:
    return query if account is None else query.where(table.account == account)


COUNTS: Mapping[str, Callable[[int, int | None], Select]] = {
    "queue.max_groups": _groups,
    "queue.max_members": _largest,
}
