"""Gives an account its own value for one feature, and takes it back (plans.md §1).

A new override replaces the older ones of its feature for as long as it lasts: those that would not
last longer end when it begins, those that do hold again after it.
"""

from __future__ import annotations

from datetime import datetime

from core.contract.errors import Conflict
from core.contract.texts import N_, phrase
from core.plans.accounts.effect import check_effect
from core.plans.accounts.reasons import checked_message, checked_reason
from core.plans.accounts.refusing import refused
from core.plans.accounts.spans import end_rows, instant, live, shown, to_take_back, turn
from core.plans.catalogue import require_known
from core.plans.file.typed import require_taken
from core.plans.file.written import Written
from core.plans.gate import Gate
from core.plans.tables import PlanOverride
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry, note


class Overrides:
    """Sets and ends overrides; every change is one transaction with its audit entry.

    Args:
        gate: says what the plan gives without the override.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def set(
        self,
        account: AccountRow,
        feature: str,
        written: Written,
        *,
        reason: str,
        author: str,
        at: datetime,
        from_at: datetime | None = None,
        until: datetime | None = None,
        pinned: bool = False,
    ) -> PlanOverride:
        """Give an account its own value.

        Args:
            account: whose.
            feature: a declared feature's key.
            written: what a cell of the plan file could say.
            reason: why, in words that the account may read.
            author: who decides it.
            at: now.
            from_at: when it begins; None: now.
            until: the first instant at which it does not hold any more; None: without end.
            pinned: keep it even where it equals the plan, so that a later plan does not change it.

        Raises:
            BadInput: unknown feature, a value of another kind, no reason, an end before the
                beginning, no effect, or equal to the plan and not pinned.
        """
        require_known(self._gate.catalogue, feature)
        require_taken(written, self._gate.catalogue.features[feature])
        row = PlanOverride(
            account=account.id,
            feature=feature,
            value=written.value,
            warn_at=list(written.warn_at),
            pinned=pinned,
            reason=checked_reason(reason),
            author=author,
            from_at=from_at or at,
            until=until,
            created_at=at,
        )
        _check_days(row, at)
        check_effect(self._gate, AccountRow.get_by_id(account.id).picture(), row)
        with turn(account):
            replaced = _replaced_by(row, at) if row.from_at <= at else []
            end_rows(replaced, at)
            row.save(force_insert=True)
            _note(account, "override.set", author, at, replaced, [row], row.reason)
        return row

    def end(self, row: PlanOverride, *, author: str, at: datetime, message: str = "") -> None:
        """End an override now, with those that it has replaced; one that has not begun never holds.

        Args:
            row: the override.
            author: who ends it.
            at: now.
            message: why.

        Raises:
            BadInput: the message is too long.
            Conflict: it is over already.
        """
        message = checked_message(message)
        with turn(row.account):
            known = PlanOverride.select().where(PlanOverride.id == row.id, live(PlanOverride, at))
            if not known.exists():
                words = N_("This override of %(feature)s is over already.")
                raise Conflict(phrase(words, feature=row.feature))
            replaced = _replaced_by(row, at) if row.from_at <= at else []
            end_rows([row, *replaced], at)
            _note(row.account, "override.end", author, at, [*replaced, row], [], message)

    def take_back(
        self, account: AccountRow, entry: AuditEntry, *, author: str, at: datetime
    ) -> None:
        """Undo an entry: what it set ends, and what it ended holds again.

        Args:
            account: whose.
            entry: tells of an override that was set or ended.
            author: who takes it back.
            at: now.

        Raises:
            Conflict: what it set is over, or the feature was overridden again since.
        """
        with turn(account):
            ending, again = to_take_back(PlanOverride, entry, at)
            if again and _set_since(account, entry, at):
                words = N_("%(feature)s has been overridden again since; end that override first.")
                raise Conflict(phrase(words, feature=entry.subject))
            end_rows(ending, at)
            rows = [
                PlanOverride(
                    account=account.id,
                    feature=one["feature"],
                    value=one["value"],
                    warn_at=one["warn_at"],
                    pinned=one["pinned"],
                    reason=one["reason"],
                    author=author,
                    from_at=max(instant(one["from"]), at),
                    until=instant(one["until"]),
                    created_at=at,
                )
                for one in again
            ]
            for row in rows:
                row.save(force_insert=True)
            action = "override.set" if rows else "override.end"
            _note(account, action, author, at, ending, rows, "", undoes=entry.id)


def _check_days(row: PlanOverride, at: datetime) -> None:
    if row.from_at < at:
        raise refused("from", N_("An override cannot begin in the past."))
    if row.until is not None and row.until <= row.from_at:
        raise refused("until", N_("The override would end before it begins."))


def _replaced_by(row: PlanOverride, at: datetime) -> list[PlanOverride]:
    """The older overrides of the same feature that would not last longer, the oldest first."""
    same = PlanOverride.of(row.account_id).where(
        PlanOverride.feature == row.feature, live(PlanOverride, at)
    )
    if row.id is not None:
        same = same.where(PlanOverride.id < row.id)
    if row.until is not None:
        same = same.where(PlanOverride.until <= row.until)
    return list(same.order_by(PlanOverride.id))


def _set_since(account: AccountRow, entry: AuditEntry, at: datetime) -> bool:
    """Whether the feature was overridden after an entry; what it ended would shadow that."""
    last = max(one["id"] for one in (*(entry.before or ()), *(entry.after or ())))
    since = PlanOverride.of(account).where(
        PlanOverride.feature == entry.subject, PlanOverride.id > last, live(PlanOverride, at)
    )
    return since.exists()


def _note(
    account: AccountRow,
    action: str,
    author: str,
    at: datetime,
    ended: list[PlanOverride],
    entered: list[PlanOverride],
    message: str,
    undoes: int | None = None,
) -> None:
    rows = [*ended, *entered]
    note(
        at,
        author,
        action,
        rows[-1].feature,
        ref=str(rows[-1].id),
        account=account,
        before=[shown(one) for one in ended] or None,
        after=[shown(one) for one in entered] or None,
        message=message,
        undoes=undoes,
    )
