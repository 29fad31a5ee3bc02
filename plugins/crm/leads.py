"""Leads for callers nobody knows (C2): at most one open lead per caller, titled by the outcome."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from core.api import Account, Call, Direction, Outcome, Problem, employees, gettext
from plugins.crm.matches import find_matches
from plugins.crm.models import LeadRow, Status

AUTOMATIC, OFFERED, OFF = "automatic", "offered", "off"
"""What happens for a number that is not found."""

TITLES = {
    Outcome.ANSWERED: "Answered call from {number}",
    Outcome.MISSED: "Missed call from {number}",
    Outcome.VOICEMAIL: "Voicemail from {number}",
    Outcome.FORWARDED: "Forwarded call from {number}",
    Outcome.CLOSED: "Call outside working hours from {number}",
    Outcome.REJECTED: "Rejected call from {number}",
    Outcome.ABANDONED: "Abandoned call from {number}",
}


def title(outcome: Outcome | None, number: str) -> str:
    """A lead's title, which tells how the call ended."""
    return TITLES.get(outcome, "Call from {number}").format(number=number)


def read_patterns(text: str) -> list[str]:
    """The exceptions list as patterns, without the spaces and signs people write in numbers."""
    lines = re.split(r"[,;\n]", text)
    return [pattern for line in lines if (pattern := re.sub(r"[\s().-]", "", line))]


def wrong_pattern(pattern: str) -> str:
    """What is wrong with a pattern, in one sentence; "" when it can be taken."""
    if not re.fullmatch(r"\+[0-9*?]*[0-9][0-9*?]*", pattern):
        return gettext(
            "'%(typed)s' is no pattern for numbers; write + and digits,"
            " * for any digits and ? for one, like +39333*.",
            typed=pattern,
        )
    return ""


def excepted(number: str, patterns: Iterable[str]) -> bool:
    """Whether a number never becomes a lead."""
    return any(fnmatchcase(number, pattern) for pattern in patterns)


def may_become_lead(number: str, settings: Any) -> bool:
    """Whether a number, not found in the CRM, may become a lead at all."""
    if not number or settings.leads == OFF:
        return False
    return not excepted(number, read_patterns(settings.lead_exceptions))


def create_lead(
    account_id: int,
    number: str,
    heading: str,
    created_at: datetime,
    call_id: int | None = None,
    responsible: int | None = None,
) -> LeadRow | None:
    """Create a caller's lead, unless the caller has an open one.

    Race-safe: the partial unique index decides, not a look before.

    Args:
        account_id: whose lead.
        number: the caller, E.164, not withheld.
        heading: the lead's title.
        created_at: the instant it dates from.
        call_id: the call it comes from.
        responsible: id of the employee it belongs to.

    Returns:
        The new lead, or None when the caller already has an open one.
    """
    new = LeadRow.insert(
        account=account_id,
        title=heading,
        number=number,
        status=Status.OPEN,
        responsible=responsible,
        call=call_id,
        created_at=created_at,
    )
    return next(iter(new.on_conflict_ignore().returning(LeadRow).execute()), None)


def note_end(call: Call, settings: Any) -> None:
    """A call has ended: create the lead of a caller not found, or tell how it ended in the title
    of the open lead that was created from an earlier call."""
    if call.direction is not Direction.INCOMING:
        return
    if call.anonymous or call.outcome is Outcome.REJECTED:
        return  # whom the company refuses is no prospect
    if call.client is None and not find_matches(call.account.id, call.caller, limit=1):
        wanted = settings.leads == AUTOMATIC and may_become_lead(call.caller, settings)
        if wanted and _lead_from(call, settings):
            return
    if call.client is None or (call.client.source == "crm" and call.client.ref.startswith("lead:")):
        _retitle(call)


def _lead_from(call: Call, settings: Any) -> LeadRow | None:
    return create_lead(
        call.account.id,
        call.caller,
        title(call.outcome, call.caller),
        call.started_at,
        call.id,
        _owner(call, settings),
    )


def _retitle(call: Call) -> None:
    """The title follows the caller's last call, until somebody gives the lead another one."""
    given = [title(outcome, call.caller) for outcome in (*Outcome, None)]
    LeadRow.update(title=title(call.outcome, call.caller)).where(
        LeadRow.account == call.account.id,
        LeadRow.number == call.caller,
        LeadRow.status == Status.OPEN,
        LeadRow.title.in_(given),
    ).execute()


def _owner(call: Call, settings: Any) -> int | None:
    """Who talked; else the employee named in the settings, if they still exist."""
    talked = call.talk.employee if call.talk else None
    wanted = talked or settings.lead_responsible
    return wanted if wanted in employees(call.account) else None


def check_owner(account: Account, settings: Any) -> list[Problem]:
    """Whether the employee who gets new leads exists (N5)."""
    wanted = settings.lead_responsible
    if wanted is None or wanted in employees(account):
        return []
    sentence = gettext("There is no employee %(id)s; choose another one.", id=wanted)
    return [Problem("lead_responsible", sentence)]
