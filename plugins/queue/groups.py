"""Groups as a call sees them: frozen pictures, remembered until the account's configuration
changes."""

from __future__ import annotations

from dataclasses import dataclass

from core import api
from plugins.queue.models import GroupRow, MemberRow, NoAnswer, Strategy

RING = 5
"""Seconds of one ring (R6)."""


@dataclass(frozen=True, slots=True)
class Member:
    """An employee, by id, or an outside number in E.164."""

    employee: int | None = None
    number: str = ""

    @property
    def key(self) -> str:
        """Names the member as ``Target.key`` does, so that offers and tries are theirs."""
        return f"employee:{self.employee}" if self.employee else f"number:{self.number}"


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its members in their order."""

    id: int
    name: str
    extension: str = ""
    strategy: Strategy = Strategy.EVENLY
    rings: int = 5
    rounds: int = 1
    wrap_up_seconds: int = 0
    no_answer: NoAnswer = NoAnswer.VOICEMAIL
    no_answer_employee: int | None = None
    no_answer_number: str = ""
    members: tuple[Member, ...] = ()

    @property
    def seconds(self) -> int:
        """How long a member is rung."""
        return self.rings * RING


@api.snapshot
def groups(account_id: int) -> dict[int, Group]:
    """The groups of an account by id, the oldest first."""
    members: dict[int, list[Member]] = {}
    for row in MemberRow.of(account_id).order_by(MemberRow.position, MemberRow.id):
        members.setdefault(row.group_id, []).append(Member(row.employee_id, row.number))
    rows = GroupRow.of(account_id).order_by(GroupRow.id)
    return {row.id: _picture(row, tuple(members.get(row.id, ()))) for row in rows}


def group_with_extension(account: api.Account, digits: str) -> Group | None:
    """The account's group that has this extension."""
    found = (group for group in groups(account).values() if group.extension == digits != "")
    return next(found, None)


def _picture(row: GroupRow, members: tuple[Member, ...]) -> Group:
    return Group(
        row.id,
        row.name,
        row.extension,
        Strategy(row.strategy),
        row.rings,
        row.rounds,
        row.wrap_up_seconds,
        NoAnswer(row.no_answer),
        row.no_answer_employee_id,
        row.no_answer_number,
        members,
    )
