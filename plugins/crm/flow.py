"""The responsible employee as a box of a number's flow (R5)."""

from __future__ import annotations

from typing import Any

from core.api import NEXT, Exit, FlowNode, gettext
from plugins.crm.service import TO_PHONE, TO_VOICEMAIL


def stage(settings: Any) -> FlowNode | None:
    """Where a known client is offered first; None when the number does not do it."""
    if not settings.offer_to_responsible:
        return None
    to = {TO_PHONE: "phone", TO_VOICEMAIL: "voicemail:employee"}.get(settings.no_answer, NEXT)
    return FlowNode(
        gettext("Responsible employee"),
        (gettext("Known clients are offered first to the employee they belong to."),),
        (
            Exit(gettext("a client of an employee"), "employee"),
            Exit(gettext("not answered there"), to),
            Exit(gettext("everybody else"), NEXT),
        ),
    )
