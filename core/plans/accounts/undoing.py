"""Takes back what the audit tells of an account: overrides, trials, its plan, its numbers (S4).

An undo is a new change with an entry of its own, which names the entry that it takes back; each
entry is taken back once at most. A published matrix is taken back by a revert, with its review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import peewee

from core.contract.errors import BadInput, Conflict, NotFound
from core.contract.texts import N_, phrase
from core.plans.accounts.overrides import Overrides
from core.plans.accounts.subscribing import set_plan
from core.plans.accounts.trials import Trials
from core.plans.revisions.book import PlanBook
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry, note
from core.store.profiles import put_back

NUMBERS = ("number.save", "number.import", "number.copy")
"""Changes of a number's settings, however they came about."""


class Undoer:
    """Takes entries of the audit back.

    Args:
        book: knows the plans.
        overrides: sets and ends overrides.
        trials: starts and ends trials.
    """

    def __init__(self, book: PlanBook, overrides: Overrides, trials: Trials) -> None:
        self._book = book
        self._ways: dict[str, Callable[..., None]] = {
            "override.set": overrides.take_back,
            "override.end": overrides.take_back,
            "trial.start": trials.take_back,
            "trial.end": trials.take_back,
            "account.plan": self._former_plan,
            **dict.fromkeys(NUMBERS, _former_settings),
        }

    def can_undo(self, entry: AuditEntry) -> bool:
        """Whether this kind of entry can be taken back, and has not been."""
        return entry.id in self.can_undo_of([entry])

    def can_undo_of(self, entries: Iterable[AuditEntry]) -> set[int]:
        """The same for a page of entries: the ids of those that can."""
        ids = [one.id for one in entries if self._has_way(one)]
        undone = AuditEntry.select(AuditEntry.undoes).where(AuditEntry.undoes.in_(ids))
        return set(ids) - {one.undoes for one in undone}

    def undo(self, entry: AuditEntry, *, author: str, at: datetime) -> None:
        """Take an entry back.

        Args:
            entry: the entry.
            author: who takes it back.
            at: now.

        Raises:
            BadInput: this kind of entry cannot be taken back.
            Conflict: it was taken back already, or what it changed was changed again since.
            NotFound: the account is gone.
        """
        if not self._has_way(entry):
            raise BadInput(phrase(N_("This cannot be taken back here.")))
        account = AccountRow.get_or_none(AccountRow.id == entry.account_id)
        if account is None:
            words = N_("The account %(account)s is gone.")
            raise NotFound(phrase(words, account=entry.account_name))
        if not self.can_undo(entry):
            raise _taken_back()
        try:
            self._ways[entry.action](account, entry, author=author, at=at)
        except peewee.IntegrityError as error:  # somebody else was faster: one undo per entry
            raise _taken_back() from error

    def _has_way(self, entry: AuditEntry) -> bool:
        first = entry.action == "account.plan" and entry.before is None
        return entry.action in self._ways and not first

    def _former_plan(
        self, account: AccountRow, entry: AuditEntry, *, author: str, at: datetime
    ) -> None:
        if account.plan != entry.after:
            words = N_("%(account)s has been given another plan since: %(plan)s.")
            raise Conflict(phrase(words, account=account.name, plan=account.plan))
        set_plan(self._book, account, entry.before, author=author, at=at, undoes=entry.id)


def _former_settings(account: AccountRow, entry: AuditEntry, *, author: str, at: datetime) -> None:
    with AuditEntry._meta.database.atomic():
        put_back(account.id, int(entry.ref), entry.before, entry.after)
        note(
            at,
            author,
            entry.action,
            entry.subject,
            ref=entry.ref,
            account=account,
            before=entry.after,
            after=entry.before,
            undoes=entry.id,
        )


def _taken_back() -> Conflict:
    return Conflict(phrase(N_("This was taken back already.")))
