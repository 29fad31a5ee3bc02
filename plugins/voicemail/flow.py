"""Voicemail as a box of a number's flow."""

from __future__ import annotations

from typing import Any

from core import api
from core.api import END, Exit, FlowNode, gettext, ngettext

EMPLOYEE = "employee"
"""The recipient when only the call itself will tell which employee it is."""


def box(account: api.Account, recipient: str, settings: Any) -> FlowNode | None:
    """The box of a recipient; None when the employee is gone. For whom it is, the flow says."""
    kind, _, key = recipient.partition(":")
    if kind == EMPLOYEE and key and str(key) not in map(str, api.employees(account)):
        return None
    lines = []
    if not recipient:
        lines.append(gettext("For the company."))
    elif recipient == EMPLOYEE:
        lines.append(gettext("For the employee who was rung."))
    longest = ngettext(
        "A message of at most %(num)s second.",
        "A message of at most %(num)s seconds.",
        settings.max_seconds,
    )
    return FlowNode(gettext("Voicemail"), (*lines, longest), (Exit("", END),))
