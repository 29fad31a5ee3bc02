"""The gate: one function answers for hooks, pages, fields, API, commands and jobs (plans.md §3)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import peewee
from playhouse.pool import MaxConnectionsExceeded

from core.contract.call import Account
from core.contract.errors import NotFound, StoreUnavailable
from core.contract.features import FeatureKind
from core.plans.accounts.standing import NOTHING, Holding, Standing, read_standing
from core.plans.catalogue import Catalogue, did_you_mean, plugin_of
from core.plans.decision import Decision, Reason
from core.plans.file.faults import PlansFault
from core.plans.granting import Granting
from core.plans.quota.units import Quota
from core.plans.revisions.book import PlanBook, Revision
from core.store.snapshot import snapshot

if TYPE_CHECKING:
    from core.store.database import Store

REMEMBERED_GRANTS = 4096
"""How many questions one process remembers: a handful per plan, one per account with exceptions."""

DATABASE_TROUBLE = (StoreUnavailable, peewee.PeeweeException, MaxConnectionsExceeded)

NOTHING_OFF: frozenset[str] = frozenset()

log = logging.getLogger(__name__)


class Grants:
    """What one plan of one revision gives an account, less what is switched off. Immutable.

    Compared by identity: the gate gives the same object for the same question.
    """

    __slots__ = ("_catalogue", "_decisions", "off", "plan", "plugins", "revision")

    def __init__(self, granting: Granting, plan: str, off: frozenset[str]) -> None:
        self.plan = plan
        self.off = off
        self.revision = granting.number
        self.plugins: frozenset[str] = granting.plugins()
        self._decisions: dict[str, Decision] = granting.decisions()
        self._catalogue = granting.catalogue

    def ask(self, feature: str) -> Decision:
        """The decision on a feature, without a quota's count. The hot path: one dictionary."""
        found = self._decisions.get(feature)
        return found if found is not None else self._unknown(feature)

    def _unknown(self, feature: str) -> Decision:
        plugin = plugin_of(feature)
        error = self._catalogue.broken.get(plugin)
        if error is not None:
            reason, hint = Reason.PLUGIN_MISSING, error
        else:
            reason = Reason.UNKNOWN_FEATURE
            hint = did_you_mean(feature, self._catalogue.features).removeprefix(", ")
        return Decision(
            feature, False, reason, source="default", revision=str(self.revision), hint=hint
        )


class Gate:
    """Answers what an account may use.

    Args:
        store: where counts are kept, and what an account has of its own.
        catalogue: the installed plugins.
        book: the plan matrix in force.
    """

    def __init__(self, store: Store, catalogue: Catalogue, book: PlanBook) -> None:
        self.catalogue = catalogue
        self.book = book
        self.quota = Quota(store)
        self._store = store
        self.standing: Callable[[Account], Standing] = snapshot(self._read_standing)
        self._grants: dict[tuple[Any, ...], Grants] = {}

    def grants(
        self,
        account: Account,
        at: datetime,
        off: frozenset[str] = NOTHING_OFF,
        revision: int | None = None,
        plan: str | None = None,
    ) -> Grants:
        """What an account has: by its plan or trial, and by its overrides.

        Args:
            account: whose.
            at: the instant; overrides and trials end by the clock. A call asks for its beginning.
            off: plugins that the account or the number has switched off.
            revision: the one a call started with; None for the one in force.
            plan: another plan than the account's own or its trial's, as a call started with it or
                a preview asks.

        Raises:
            StoreUnavailable: what the account has of its own cannot be read.
        """
        holding = self.standing(account).at(at)
        if plan is None:
            plan = holding.trial.plan if holding.trial else account.plan
        return self._given(account, at, off, revision, plan, holding)

    def planned(self, account: Account, at: datetime) -> Grants:
        """What an account would have without its overrides: by its plan, or its trial's."""
        holding = replace(self.standing(account).at(at), overrides=())
        plan = holding.trial.plan if holding.trial else account.plan
        return self._given(account, at, NOTHING_OFF, None, plan, holding)

    def _given(
        self,
        account: Account,
        at: datetime,
        off: frozenset[str],
        revision: int | None,
        plan: str,
        holding: Holding,
    ) -> Grants:
        found = self.book.in_force(account.zone, at) if revision is None else None
        number = found.number if found else revision
        key = (plan, number, off) if holding is NOTHING else (plan, number, off, holding)
        grants = self._grants.get(key)
        if grants is None:
            if len(self._grants) >= REMEMBERED_GRANTS:
                self._grants.clear()
            found = found or self._revision(revision, account, at)
            granting = Granting(found, plan, off, self.catalogue, holding, account.zone)
            grants = self._grants[key] = Grants(granting, plan, off)
        return grants

    def ask(
        self, account: Account, feature: str, at: datetime, off: frozenset[str] = NOTHING_OFF
    ) -> Decision:
        """The full answer, for pages, API, commands and jobs: with the count of a quota.

        Args:
            account: whose plan and count.
            feature: a feature key.
            at: the instant whose calendar month is counted.
            off: plugins that are switched off.
        """
        decision = Decision(feature, False, Reason.STORE_UNAVAILABLE, source="default")
        declared = self.catalogue.features.get(feature)
        try:
            decision = self.grants(account, at, off).ask(feature)
            if declared is None or declared.kind is not FeatureKind.QUOTA or decision.value is None:
                return decision
            return self.quota.count(account, decision, at)
        except DATABASE_TROUBLE as error:
            log.error("The count of %s is not available: %s", feature, error)
            return replace(decision, allowed=False, reason=Reason.STORE_UNAVAILABLE)

    def _read_standing(self, account_id: int) -> Standing:
        with self._store.connection():
            return read_standing(account_id)

    def _revision(self, number: int, account: Account, at: datetime) -> Revision:
        """An earlier revision; the one in force when it cannot be read any more, because a call
        must go on."""
        try:
            return self.book.revision(number)
        except (NotFound, PlansFault) as error:
            log.warning(
                "Plan revision %s cannot be read, the one in force answers: %s", number, error
            )
            return self.book.in_force(account.zone, at)
