"""How long an account keeps its recordings. The recordings themselves are the core's table."""

from __future__ import annotations

import peewee

from core.api import AccountRow, Table


class RetentionRow(Table):
    """An account's retention period in days (Q2); no row or 0: recordings are kept for ever."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", unique=True)
    days = peewee.IntegerField(default=0)

    class Meta:
        """One period per account."""

        table_name = "recording_retention"


TABLES = (RetentionRow,)
