"""What an employee's phone dials, or transfers a call to: an extension, or a number outside."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace

import phonenumbers

from core.calls.availability import ring_target
from core.calls.guard import is_emergency
from core.contract.call import Account, Call
from core.contract.steps import Connect, Destination, Phone, Ring, Sip, Step, Target
from core.contract.texts import N_, phrase
from core.registry import Registry
from core.store.accounts import AccountRow
from core.store.directory import employees
from core.store.snapshot import snapshot

log = logging.getLogger(__name__)

EXTENSION = re.compile(r"[0-9]{1,4}")
"""An extension has at most four digits (R3)."""

LONGEST = 20
"""Characters of a dialled number that are kept."""


class Extensions:
    """Where the short numbers of an account lead, whoever offers them.

    Args:
        registry: all that is installed; which plugins act for a call is asked when it is connected.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._of = snapshot(self._read)

    def find(self, account: Account, dialled: str) -> tuple[Destination, ...]:
        """The destinations that have this extension, in the order of the plugins; none for what is
        no extension, and for an emergency number, which nobody can take."""
        if not EXTENSION.fullmatch(dialled) or is_emergency(dialled, account.country):
            return ()
        return self._of(account).get(dialled, ())

    def _read(self, account_id: int) -> dict[str, tuple[Destination, ...]]:
        account = AccountRow.get_by_id(account_id).picture()
        found: dict[str, tuple[Destination, ...]] = {}
        for plugin, offer in self._registry.every("offer_destinations"):
            try:
                offered = [one for one in offer(account) or () if one.extension]
            except Exception:
                log.exception("%s failed in offer_destinations", plugin)
                continue
            for one in offered:
                there = found.get(one.extension, ())
                found[one.extension] = (*there, Destination.parse(one.value))
        return found


def way_to(dialled: str, country: str, offered: Sequence[Destination], ring: Ring) -> Step:
    """The step that leads to what was dialled.

    Args:
        dialled: as typed.
        country: ISO code of the account's country.
        offered: the destinations that have it as their extension.
        ring: how an outside number is rung; its targets are replaced.
    """
    if offered:
        return Connect(offered[0], reason=phrase(N_("extension %(digits)s"), digits=dialled))
    number = outside_number(dialled, country)
    return replace(
        ring, targets=(Phone(number),), reason=phrase(N_("the number %(number)s"), number=number)
    )


def who_transferred(call: Call, *, by_caller: bool) -> Target | None:
    """Whom to ring again when nobody answers where they transferred a call to.

    Args:
        call: after the talk in which that was.
        by_caller: it was the employee who dialled the call.
    """
    talk = call.talk
    employee = employees(call.account).get(call.employee if by_caller else talk.employee)
    if employee is not None:
        return ring_target(employee)
    kind, _, address = talk.target.partition(":")
    return {"number": Phone, "sip": Sip}[kind](address) if kind in ("number", "sip") else None


def outside_number(dialled: str, country: str) -> str:
    """A number as it is dialled over the public network: E.164, or an emergency number as it is.

    Args:
        dialled: as typed, with or without the code of the country.
        country: ISO code of the account's country.

    Returns:
        The number; what is none comes back as it was, for the guard to refuse (O8).
    """
    if is_emergency(dialled, country):
        return dialled
    try:
        number = phonenumbers.parse(dialled, country)
    except phonenumbers.NumberParseException:
        return dialled[:LONGEST]
    if not phonenumbers.is_possible_number(number) or number.extension:
        return dialled[:LONGEST]
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
