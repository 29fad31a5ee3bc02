"""Says on the path of a call who does not work now (R7).

The account's rules are a snapshot; who works is read by one lookup in the index of open spans, by
hand, once per event that wants to ring somebody. It is no snapshot, because people pause far more
often than admins configure, and a pause must not drop the account's menus and groups from memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from core.api import Call, employees, snapshot
from plugins.workhours.presence.changing import rules_of
from plugins.workhours.presence.days import Rules, why_absent
from plugins.workhours.presence.models import SpanRow

FEATURE = "workhours.presence"

# Found by the partial index workhours_spans_open, which holds only those at work.
_QUERY = """
SELECT employee_id, doing, reason, until FROM workhours_spans
WHERE account_id = ? AND ended_at IS NULL
"""


@snapshot
def rules(account_id: int) -> Rules:
    """The account's rules, remembered until its configuration changes."""
    return rules_of(account_id)


def absent(call: Call) -> Mapping[int, str] | None:
    """Why which employees are not rung; None where the working day is not switched on or not in
    the plan: then nobody is absent."""
    if not rules(call.account).on or not call.allows(FEATURE):
        return None
    doing = at_work(call.account.id, call.at)
    why = {one: why_absent(*doing.get(one, (None, ""))) for one in employees(call.account)}
    return {one: reason for one, reason in why.items() if reason}


def at_work(account_id: int, at: datetime) -> dict[int, tuple[str, str]]:
    """What each employee of an account who is at work does, and a break's reason, by their id."""
    database = SpanRow._meta.database
    rows = database.execute_sql(_QUERY.replace("?", database.param), (account_id,)).fetchall()
    return {
        employee: (doing, reason) for employee, doing, reason, until in rows if at < _instant(until)
    }


def _instant(value: str | datetime) -> datetime:
    naive = datetime.fromisoformat(value) if isinstance(value, str) else value
    return naive.replace(tzinfo=UTC)
