"""The ratings callers gave, and the questions they left without one."""

from __future__ import annotations

import peewee

from core.api import AccountRow, CallRow, EmployeeRow, InstantField, Table


class RatingRow(Table):
    """One question. ``rating`` is 1 to 5, or None when the caller hung up or pressed nothing:
    no rating, which is not 0. ``at`` is when the call began."""

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", index=False)
    call = peewee.ForeignKeyField(CallRow, on_delete="CASCADE", unique=True)
    employee = peewee.ForeignKeyField(EmployeeRow, null=True, on_delete="SET NULL")
    caller = peewee.CharField(20)
    at = InstantField()
    rating = peewee.SmallIntegerField(null=True)

    class Meta:
        """Whether a caller was asked lately stands on the path of a call."""

        table_name = "quality_rating_ratings"
        indexes = (
            (("account", "caller", "at"), False),
            (("account", "at"), False),
        )

    def __str__(self) -> str:
        return "–" if self.rating is None else str(self.rating)


TABLES = (RatingRow,)
