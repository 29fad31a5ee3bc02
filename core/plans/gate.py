"""The gate: one function answers for hooks, pages, fields, API, commands and jobs (plans.md §3)."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from core.store.database import Store

REMEMBERED_GRANTS = 4096
"""How many (plan, revision, switched-off plugins) one process remembers: a handful per plan."""

DATABASE_TROUBLE = (StoreUnavailable, peewee.PeeweeException, MaxConnectionsExceeded)

NOTHING_OFF: frozenset[str] = frozenset()

log = logging.getLogger(__name__)


class Grants:
    """What one plan of one revision gives, less the plugins that are switched off. Immutable.

    Compared by identity: the gate gives the same object for the same question.
    """

    __slots__ = ("_catalogue", "_decisions", "off", "plan", "plugins", "revision")

    def __init__(self, revision: Revision, plan: str, off: frozenset[str], catalogue: Catalogue):
        granting = Granting(revision, plan, off, catalogue)
        self.plan = plan
        self.off = off
        self.revision = revision.number
        self.plugins: frozenset[str] = granting.plugins()
        self._decisions: dict[str, Decision] = granting.decisions()
        self._catalogue = catalogue

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
        store: where counts are kept.
        catalogue: the installed plugins.
        book: the plan file in force.
    """

    def __init__(self, store: Store, catalogue: Catalogue, book: PlanBook) -> None:
        self.catalogue = catalogue
        self.book = book
        self.quota = Quota(store)
        self._grants: dict[tuple[str, int, frozenset[str]], Grants] = {}

    def grants(
        self,
        account: Account,
        off: frozenset[str] = NOTHING_OFF,
        revision: int | None = None,
        plan: str | None = None,
    ) -> Grants:
        """What an account's plan gives.

        Args:
            account: whose.
            off: plugins that the account or the number has switched off.
            revision: the one a call started with; None for the one in force.
            plan: another plan than the account's own, as a call started with it or a preview asks.
        """
        at = self.book.settled() if revision is None else None
        key = (plan or account.plan, at.number if at else revision, off)
        found = self._grants.get(key)
        if found is None:
            if len(self._grants) >= REMEMBERED_GRANTS:
                self._grants.clear()
            found = Grants(at or self._revision(revision), key[0], off, self.catalogue)
            self._grants[key] = found
        return found

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
        decision = self.grants(account, off).ask(feature)
        declared = self.catalogue.features.get(feature)
        if declared is None or declared.kind is not FeatureKind.QUOTA or decision.value is None:
            return decision
        try:
            return self.quota.count(account, decision, at)
        except DATABASE_TROUBLE as error:
            log.error("The count of %s is not available: %s", feature, error)
            return replace(decision, allowed=False, reason=Reason.STORE_UNAVAILABLE)

    def _revision(self, number: int) -> Revision:
        """An earlier revision; the one in force when it cannot be read any more, because a call
        must go on."""
        try:
            return self.book.revision(number)
        except (NotFound, PlansFault) as error:
            log.warning(
                "Plan revision %s cannot be read, the one in force answers: %s", number, error
            )
            return self.book.settled()
