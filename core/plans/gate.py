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
from core.plans.catalogue import Catalogue, did_you_mean, plugin_of
from core.plans.decision import Decision, Reason
from core.plans.file.faults import PlansFault
from core.plans.granting import Granting
from core.plans.quota.units import Quota
from core.plans.revisions.book import PlanBook, Revision
from core.plans.standing import NOTHING, Holding, Standing, read_standing
from core.store.snapshot import snapshot

if TYPE_CHECKING:
    from core.store.database import Store

REMEMBERED_GRANTS = 4096
"""How many questions about plans one process remembers: a handful per plan and revision."""

REMEMBERED_OF_ONE = 16
"""How many it remembers of what one account has of its own."""

REMEMBERED_ACCOUNTS = 200_000
"""Of how many accounts it remembers what they have of their own: most have nothing, which takes a
third of a kilobyte."""

DATABASE_TROUBLE = (StoreUnavailable, peewee.PeeweeException, MaxConnectionsExceeded)

NOTHING_OFF: frozenset[str] = frozenset()

log = logging.getLogger(__name__)


class Grants:
    """What one plan of one revision gives an account, less what is switched off. Immutable.

    Compared by identity: the gate gives the same object for the same question. A decision is worked
    out when it is first asked for, because many accounts have grants of their own.
    """

    __slots__ = ("_decisions", "_granting", "off", "plan", "plugins", "revision")

    def __init__(self, granting: Granting, plan: str, off: frozenset[str]) -> None:
        self.plan = plan
        self.off = off
        self.revision = granting.number
        self.plugins: frozenset[str] = granting.plugins()
        self._granting = granting
        self._decisions: dict[str, Decision] = {}

    def ask(self, feature: str) -> Decision:
        """The decision on a feature, without a quota's count. The hot path: one dictionary."""
        found = self._decisions.get(feature)
        return found if found is not None else self._decide(feature)

    def _decide(self, feature: str) -> Decision:
        declared = self._granting.catalogue.features.get(feature)
        if declared is None:
            return self._unknown(feature)
        decision = self._decisions[feature] = self._granting.decide(declared)
        return decision

    def _unknown(self, feature: str) -> Decision:
        plugin = plugin_of(feature)
        catalogue = self._granting.catalogue
        error = catalogue.broken.get(plugin)
        if error is not None:
            reason, hint = Reason.PLUGIN_MISSING, error
        else:
            reason = Reason.UNKNOWN_FEATURE
            hint = did_you_mean(feature, catalogue.features).removeprefix(", ")
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
        self.standing: Callable[[Account], Standing] = snapshot(
            self._read_standing, most=REMEMBERED_ACCOUNTS
        )
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
        found = self.book.in_force(account.zone, at) if revision is None else None
        number = found.number if found else revision
        remembered = self._grants if holding is NOTHING else holding.grants
        grants = remembered.get((plan, number, off))
        if grants is None:
            most = REMEMBERED_GRANTS if holding is NOTHING else REMEMBERED_OF_ONE
            if len(remembered) >= most:
                remembered.clear()
            found = found or self._revision(revision, account, at)
            grants = remembered[plan, number, off] = self._made(found, account, plan, off, holding)
        return grants

    def planned(self, account: Account, at: datetime) -> Grants:
        """What an account would have without its overrides: by its plan, or its trial's."""
        holding = self.standing(account).at(at)
        plan = holding.trial.plan if holding.trial else account.plan
        found = self.book.in_force(account.zone, at)
        return self._made(found, account, plan, NOTHING_OFF, replace(holding, overrides=()))

    def _made(
        self, found: Revision, account: Account, plan: str, off: frozenset[str], holding: Holding
    ) -> Grants:
        granting = Granting(found, plan, off, self.catalogue, holding, account.zone)
        return Grants(granting, plan, off)

    def ask(
        self,
        account: Account,
        feature: str,
        at: datetime,
        off: frozenset[str] = NOTHING_OFF,
        revision: int | None = None,
    ) -> Decision:
        """The full answer, for pages, API, commands and jobs: with the count of a quota.

        Args:
            account: whose plan and count.
            feature: a feature key.
            at: the instant whose calendar month is counted.
            off: plugins that are switched off.
            revision: the one that was in force at an earlier instant; None for the one in force.
        """
        decision, declared = None, self.catalogue.features.get(feature)
        try:
            decision = self.grants(account, at, off, revision).ask(feature)
            if declared is None or declared.kind is not FeatureKind.QUOTA or decision.value is None:
                return decision
            return self.quota.count(account, decision, at)
        except DATABASE_TROUBLE as error:
            log.error("The database does not answer about %s: %s", feature, error)
            return _unavailable(decision, feature, declared.title if declared else "")

    def _read_standing(self, account_id: int) -> Standing:
        with self._store.connection():
            return read_standing(self._store, account_id)

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


def _unavailable(decision: Decision | None, feature: str, title: str) -> Decision:
    """The answer when the database has none: to the count of a decision, or to any of it."""
    if decision is None:
        decision = Decision(feature, False, Reason.OK, source="default", title=title)
    return replace(decision, allowed=False, reason=Reason.STORE_UNAVAILABLE)
