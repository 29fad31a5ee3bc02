"""Finds entries of the audit for its page and its export: newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import peewee

from core.contract.texts import N_
from core.plans.accounts.days import begin_of, end_of, read_day
from core.store.audit import AuditEntry
from core.web.rows import row_id

PAGE = 50
CHUNK = 1000
"""So many entries the export reads at once."""

ACTIONS = {
    "plans.publish": N_("Plans published"),
    "plans.cancel": N_("Scheduled plans cancelled"),
    "plans.restore": N_("Plan file restored"),
    "account.plan": N_("Plan of an account"),
    "override.set": N_("Override set"),
    "override.end": N_("Override ended"),
    "trial.start": N_("Trial started"),
    "trial.end": N_("Trial ended"),
    "number.save": N_("Settings of a number"),
    "number.import": N_("Settings of a number imported"),
    "number.copy": N_("Settings copied to a number"),
    "setup.add": N_("Server, trunk or phone added"),
    "setup.change": N_("Server, trunk or phone changed"),
    "setup.remove": N_("Server, trunk or phone removed"),
}
"""What is entered, in words; the ``setup`` ones by gateways that keep such things."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the audit is narrowed to; None or "" does not narrow.

    Args:
        action: a stable word such as ``override.set``.
        account, author: parts of a name.
        since, until: half-open, instants.
        before: id of an entry; only older ones.
    """

    action: str = ""
    account: str = ""
    author: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None

    @classmethod
    def read(cls, arguments: Mapping[str, str], zone: ZoneInfo) -> AuditFilter:
        """From an address's arguments; ``from`` and ``to`` are days on the reader's clock.

        Raises:
            BadInput: what should be a day is none.
        """
        since, until = arguments.get("from", ""), arguments.get("to", "")
        return cls(
            action=arguments.get("action", ""),
            account=arguments.get("account", "").strip(),
            author=arguments.get("author", "").strip(),
            since=begin_of(read_day(since, "from"), zone) if since else None,
            until=end_of(read_day(until, "to"), zone) if until else None,
            before=row_id(arguments.get("before", "")),
        )

    def query(self) -> peewee.ModelSelect:
        """The entries, newest first."""
        entry, query = AuditEntry, AuditEntry.select().order_by(AuditEntry.id.desc())
        conditions = (
            (self.action, entry.action == self.action),
            (self.account, entry.account_name.contains(self.account)),
            (self.author, entry.author.contains(self.author)),
            (self.since, entry.at >= self.since),
            (self.until, entry.at < self.until),
            (self.before, entry.id < self.before),
        )
        for wanted, condition in conditions:
            if wanted:
                query = query.where(condition)
        return query


def find(wanted: AuditFilter, most: int = PAGE) -> tuple[list[AuditEntry], int | None]:
    """One page, and the id before which the next one begins."""
    found = list(wanted.query().limit(most + 1))
    return found[:most], found[most - 1].id if len(found) > most else None


def all_of(wanted: AuditFilter) -> Iterator[list[AuditEntry]]:
    """All entries, so many at once that none of the lists is large."""
    before = wanted.before
    while True:
        chunk, before = find(replace(wanted, before=before), CHUNK)
        yield chunk
        if before is None:
            return


def taken_back(entries: list[AuditEntry]) -> dict[int, AuditEntry]:
    """The entries that took some of these back, by the id of what they took back."""
    rows = AuditEntry.select().where(AuditEntry.undoes.in_([one.id for one in entries]))
    return {one.undoes: one for one in rows}


COLUMNS = (
    "id", "at", "author", "action", "account_id", "account_name", "subject", "ref",
    "before", "after", "message", "undoes",
)  # fmt: skip
"""Of the export."""


def exported(entry: AuditEntry) -> list[Any]:
    """An entry as a line of the export; before and after are JSON, as they are stored."""
    stored = {name: AuditEntry._meta.fields[name].db_value(getattr(entry, name)) for name in JSON}
    about = {name: getattr(entry, name) for name in COLUMNS} | stored
    about["at"] = entry.at.isoformat()
    return ["" if value is None else value for value in about.values()]


JSON = ("before", "after")
