"""Gives an account another plan until a day (plans.md §1), and takes it back."""

from __future__ import annotations

from datetime import datetime

from core.contract.errors import Conflict
from core.contract.texts import N_, phrase
from core.plans.accounts.reasons import checked_message, checked_reason
from core.plans.accounts.refusing import refused
from core.plans.accounts.spans import end_rows, instant, live, shown, to_take_back, turn
from core.plans.accounts.subscribing import known_plan, refuse_own_plan
from core.plans.revisions.book import PlanBook
from core.plans.tables import PlanTrial
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry, note


class Trials:
    """Starts and ends trials; every change is one transaction with its audit entry.

    Args:
        book: knows the plans.
    """

    def __init__(self, book: PlanBook) -> None:
        self._book = book

    def start(
        self,
        account: AccountRow,
        plan: str,
        until: datetime | None,
        *,
        reason: str,
        author: str,
        at: datetime,
    ) -> PlanTrial:
        """Let an account have a plan until an instant; a trial that runs ends.

        Args:
            account: whose.
            plan: key of the plan.
            until: the first instant at which the account has its own plan again.
            reason: why, in words that the account may read.
            author: who decides it.
            at: now.

        Raises:
            BadInput: an unknown plan, the account's own, no reason, or no end, or one in the past.
        """
        known_plan(self._book, plan)
        refuse_own_plan(account, plan)
        if until is None:
            raise refused("until", N_("Say until when: a trial ends."))
        if until <= at:
            raise refused("until", N_("The trial would be over already."))
        row = _row(account, plan, until, checked_reason(reason), author, at)
        with turn(account):
            self._write(account, _running(account, at), row, author, at, row.reason)
        return row

    def end(self, row: PlanTrial, *, author: str, at: datetime, message: str = "") -> None:
        """End a trial now.

        Args:
            row: the trial.
            author: who ends it.
            at: now.
            message: why.

        Raises:
            BadInput: the message is too long.
            Conflict: it is over already.
        """
        message = checked_message(message)
        with turn(row.account):
            if row not in _running(row.account, at):
                raise Conflict(phrase(N_("This trial of %(plan)s is over already."), plan=row.plan))
            self._write(row.account, [row], None, author, at, message)

    def take_back(
        self, account: AccountRow, entry: AuditEntry, *, author: str, at: datetime
    ) -> None:
        """Undo an entry: what it started ends, and what it ended runs again.

        Args:
            account: whose.
            entry: tells of a trial that was started or ended.
            author: who takes it back.
            at: now.

        Raises:
            BadInput: the trial's plan is gone, or the account has it now.
            Conflict: what it started is over, or another trial runs.
        """
        with turn(account):
            ending, again = to_take_back(PlanTrial, entry, at)
            if again and any(one not in ending for one in _running(account, at)):
                words = N_("%(account)s is on another trial by now; end that first.")
                raise Conflict(phrase(words, account=account.name))
            row = None
            for one in again[-1:]:
                known_plan(self._book, one["plan"])
                refuse_own_plan(account, one["plan"])
                row = _row(account, one["plan"], instant(one["until"]), one["reason"], author, at)
            self._write(account, ending, row, author, at, "", undoes=entry.id)

    def _write(
        self,
        account: AccountRow,
        ending: list[PlanTrial],
        row: PlanTrial | None,
        author: str,
        at: datetime,
        message: str,
        undoes: int | None = None,
    ) -> None:
        end_rows(ending, at)
        if row is not None:
            row.save(force_insert=True)
        told = row or ending[-1]
        note(
            at,
            author,
            "trial.start" if row else "trial.end",
            told.plan,
            ref=str(told.id),
            account=account,
            before=[shown(one) for one in ending] or None,
            after=[shown(row)] if row else None,
            message=message,
            undoes=undoes,
        )


def _row(
    account: AccountRow, plan: str, until: datetime, reason: str, author: str, at: datetime
) -> PlanTrial:
    return PlanTrial(
        account=account.id,
        plan=plan,
        reason=reason,
        author=author,
        from_at=at,
        until=until,
        created_at=at,
    )


def _running(account: AccountRow, at: datetime) -> list[PlanTrial]:
    return list(PlanTrial.of(account).where(live(PlanTrial, at)).order_by(PlanTrial.id))
