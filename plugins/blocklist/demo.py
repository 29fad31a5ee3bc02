"""Nuisance callers of the demo company. None of these numbers can belong to anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core import api
from plugins.blocklist.automatic import REASON
from plugins.blocklist.models import EntryRow, Gets

SURVEYS, TRUNK, NIGHT, CLIENT = "+3906000099", "+39070009*", "+390800077123", "+390700091234"


def block_callers(account: api.Account, company: Any) -> None:
    """One number, one range with an exception, and one that blocked itself at night."""
    made = company.account.created_at
    common = {"account": account.id, "created_at": made, "author": "Admin"}
    EntryRow.create(
        pattern=SURVEYS, gets=Gets.MESSAGE, message="Please do not call us again.",
        reason="surveys", hits=7, last_hit_at=made - timedelta(hours=5), **common,
    )  # fmt: skip
    EntryRow.create(
        pattern=TRUNK, reason="robot calls", hits=31, last_hit_at=made - timedelta(hours=2),
        **common,
    )  # fmt: skip
    EntryRow.create(pattern=CLIENT, gets=Gets.ALLOW, reason="a client among them", **common)
    EntryRow.create(
        pattern=NIGHT, line=company.lines[0], automatic=True,
        until=made + timedelta(hours=20), reason=REASON,
        **common,
    )  # fmt: skip
