"""Invents a company's calls of the last month, as a small office has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from core.contract.call import Outcome
from core.demo.companies import Company
from core.demo.people import Caller
from core.store.lines import LineRow
from core.store.people import EmployeeRow

DAYS = 30
HOURS = (8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21)
HOUR_WEIGHTS = (2, 9, 14, 12, 8, 3, 8, 11, 10, 6, 2, 1, 1)
OPEN = ((time(9), time(13)), (time(14), time(18)))
"""Office hours, Monday to Friday."""

WHEN_OPEN = {
    Outcome.ANSWERED: 70,
    Outcome.MISSED: 14,
    Outcome.VOICEMAIL: 4,
    Outcome.ABANDONED: 6,
    Outcome.FORWARDED: 4,
    Outcome.REJECTED: 2,
}
WHEN_CLOSED = {Outcome.CLOSED: 75, Outcome.VOICEMAIL: 25}
"""How many of a hundred calls end how."""

LATELY, HOURS_AGO = 6, 4
"""So many calls more within so many hours, so that today's page is never empty."""

RING_SECONDS = 20
PROMPT_SECONDS = 4


@dataclass(slots=True)
class PastCall:
    """A call that is over.

    Args:
        line, caller: which number was called, and by whom.
        at: when.
        outcome: what became of it.
        open: whether the office was open.
        rung: the employees who were rung, one after the other; of an answered call the last one
            answered.
        picked_up: seconds the last of them was rung.
        talk_seconds: length of the talk or the message.
        forwarded_to: the outside number of a forwarded call.
        recorded: whether the talk was recorded.
    """

    line: LineRow
    caller: Caller
    at: datetime
    outcome: Outcome
    open: bool
    rung: list[EmployeeRow] = field(default_factory=list)
    picked_up: int = 0
    talk_seconds: int = 0
    forwarded_to: str = ""
    recorded: bool = False

    @property
    def talked(self) -> bool:
        """Whether two people talked."""
        return self.outcome in (Outcome.ANSWERED, Outcome.FORWARDED)

    @property
    def waited(self) -> timedelta:
        """From the first ring to the talk, the message or the end."""
        whole = len(self.rung) - (self.outcome is Outcome.ANSWERED) + bool(self.forwarded_to)
        seconds = PROMPT_SECONDS + RING_SECONDS * whole
        return timedelta(seconds=seconds + self.picked_up)

    @property
    def answered_at(self) -> datetime | None:
        """When the talk began."""
        return self.at + self.waited if self.talked else None

    @property
    def ended_at(self) -> datetime:
        """When the last party hung up."""
        return self.at + self.waited + timedelta(seconds=self.talk_seconds)


def invent(
    company: Company, callers: list[Caller], per_day: int, random: Random, now: datetime
) -> list[PastCall]:
    """A month of calls up to now, oldest first.

    Args:
        company: who is called.
        callers: who calls, the most frequent first.
        per_day: calls on a usual working day.
        random: the source of chance.
        now: all calls are over by now.
    """
    zone = company.account.picture().zone
    today = now.astimezone(zone).date()
    begins = [
        datetime.combine(day, _time(random), zone).astimezone(UTC)
        for back in range(DAYS + 1)
        for day in [today - timedelta(days=back)]
        for _ in range(_how_many(day, per_day, random))
    ]
    lately = HOURS_AGO * 3600
    begins += [now - timedelta(seconds=random.randrange(600, lately)) for _ in range(LATELY)]
    oldest = now - timedelta(days=DAYS)
    calls = [
        _call(company, callers, at, is_open(at.astimezone(zone)), random)
        for at in sorted(begins)
        if at >= oldest
    ]
    return [call for call in calls if call.ended_at < now]


def is_open(local: datetime) -> bool:
    """Whether the office is open at a local time."""
    return local.weekday() < 5 and any(start <= local.time() < end for start, end in OPEN)


def _how_many(day: date, per_day: int, random: Random) -> int:
    if day.weekday() >= 5:
        return random.randint(0, 2)
    return random.randint(per_day * 3 // 4, per_day * 5 // 4)


def _time(random: Random) -> time:
    hour = random.choices(HOURS, HOUR_WEIGHTS)[0]
    return time(hour, random.randrange(60), random.randrange(60))


def _call(
    company: Company, callers: list[Caller], at: datetime, is_open: bool, random: Random
) -> PastCall:
    shares = WHEN_OPEN if is_open else WHEN_CLOSED
    outcome = random.choices(list(shares), list(shares.values()))[0]
    lines = company.lines
    call = PastCall(
        line=random.choices(lines, (6, 3, 2)[: len(lines)])[0],
        caller=_caller(callers, random),
        at=at,
        outcome=outcome,
        open=is_open,
    )
    _ring(call, company, random)
    return call


def _caller(callers: list[Caller], random: Random) -> Caller:
    """Some call often, some once, a few withhold their number."""
    if random.random() < 0.03:
        return Caller("", "")
    return callers[int(len(callers) * random.random() ** 2)]


def _ring(call: PastCall, company: Company, random: Random) -> None:
    """Say who was rung and how long everything took."""
    if call.outcome is Outcome.VOICEMAIL:
        call.talk_seconds = random.randint(2, 3)
    if not call.open or call.outcome in (Outcome.ABANDONED, Outcome.REJECTED):
        return
    at_work = [employee for employee in company.employees if employee.available]
    how_many = 1 if random.random() < 0.7 and call.outcome is Outcome.ANSWERED else 2
    call.rung = random.sample(at_work, min(how_many, len(at_work)))
    if call.outcome is Outcome.FORWARDED:
        call.forwarded_to = company.account.backup_number
    if call.talked:
        call.picked_up = random.randint(3, RING_SECONDS - 2)
        call.talk_seconds = int(20 + random.expovariate(1 / 150))
