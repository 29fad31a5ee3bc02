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
    no_answer_group: int | None = None
    wait_minutes: int = 10
    after_wait: NoAnswer = NoAnswer.VOICEMAIL
    members: tuple[Member, ...] = ()

    @property
    def seconds(self) -> int:
        """How long a member is rung."""
        return self.rings * RING

    @property
    def waits(self) -> bool:
        """Whether callers are held when nobody answers (R6)."""
        return self.no_answer is NoAnswer.WAIT

    @property
    def last_rule(self) -> NoAnswer:
        """What happens in the end, after the waiting where callers are held."""
        return self.after_wait if self.waits else self.no_answer

    @property
    def overflow(self) -> int | None:
        """The group that takes over in the end, by id; None: no other group does."""
        return self.no_answer_group if self.last_rule is NoAnswer.QUEUE else None


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
        id=row.id,
        name=row.name,
        extension=row.extension,
        strategy=Strategy(row.strategy),
        rings=row.rings,
        rounds=row.rounds,
        wrap_up_seconds=row.wrap_up_seconds,
        no_answer=NoAnswer(row.no_answer),
        no_answer_employee=row.no_answer_employee_id,
        no_answer_number=row.no_answer_number,
        no_answer_group=row.no_answer_group_id,
        wait_minutes=row.wait_minutes,
        after_wait=NoAnswer(row.after_wait),
        members=members,
    )
