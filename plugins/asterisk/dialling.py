"""Under which name Asterisk reaches somebody: an employee's phone, a number, a SIP address.

Read on the path of a call, so from a snapshot of the account. Only an account's own phones and
trunks are in it: nothing that an admin types reaches those of another account.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.api import Account, Phone, Sip, Target, snapshot
from plugins.asterisk.models import PhoneRow, ServerRow, TrunkRow, phone_name

ADDRESS = re.compile(r"[\w.+~-]{1,64}@[A-Za-z0-9.-]{1,253}(:\d{1,5})?", re.ASCII)
"""A SIP address that may be dialled: nothing in it can end a name or begin an option."""

NUMBER = re.compile(r"\+?\d{2,15}", re.ASCII)
"""An outside number that may be dialled: E.164, or an emergency number."""


@dataclass(frozen=True, slots=True)
class Routes:
    """What an account can dial with.

    Args:
        phones: the server of each employee's phone, by the employee's id.
        trunks: the server of each trunk and whether it wants the +, by its gateway's id.
        hosts: where the installation's own servers are.
    """

    phones: dict[int, str]
    trunks: dict[int, tuple[str, bool]]
    hosts: frozenset[str]


@snapshot
def routes(account_id: int) -> Routes:
    """The phones and trunks of an account, as they stand now."""
    servers = {row.id: row for row in ServerRow.select()}
    return Routes(
        phones={row.employee_id: servers[row.server_id].name for row in PhoneRow.of(account_id)},
        trunks={
            row.gateway_id: (servers[row.server_id].name, row.plus)
            for row in TrunkRow.of(account_id)
        },
        hosts=frozenset(bare_host(row.sip_host) for row in servers.values()),
    )


def endpoint_of(account: Account, gateway_id: int, target: Target, server: str = "") -> str:
    """How Asterisk dials a target.

    Args:
        account: whose call it is; nothing of another account is reached.
        gateway_id: over whose trunk outside numbers and addresses are reached.
        target: the phone or address.
        server: at which server the call is; "" for the one of the trunk.

    Returns:
        ``PJSIP/…`` as ARI's ``endpoint``; "" when it cannot be reached: no such trunk, or an
        address or number that must not be dialled.
    """
    known = routes(account)
    trunk = known.trunks.get(gateway_id)
    here = server or (trunk[0] if trunk else "")
    if isinstance(target, Sip):
        phone = own_phone(known, target)
        if phone:
            there = known.phones[phone]
            return _at(phone_name(phone), "", here, there)
    if trunk is None:
        return ""
    if isinstance(target, Phone):
        number = written(target.number, trunk[1])
        return _at(number, f"trunk-{gateway_id}", here, trunk[0]) if number else ""
    return _address(known, gateway_id, target.address, here == trunk[0])


def own_phone(known: Routes, target: Sip) -> int | None:
    """The employee of the account whose phone a SIP target means, if it means one."""
    if target.employee in known.phones:
        return target.employee
    user, _, host = target.address.partition("@")
    if bare_host(host) not in known.hosts:
        return None
    return next((one for one in known.phones if phone_name(one) == user), None)


def written(number: str, plus: bool) -> str:
    """A number as a trunk wants it.

    Args:
        number: E.164, or an emergency number.
        plus: whether the trunk wants the + of E.164.

    Returns:
        The number; "" when it is none that may be dialled.
    """
    if not NUMBER.fullmatch(number):
        return ""
    return number if plus else number.removeprefix("+")


def bare_host(host: str) -> str:
    """A host without its port, as hosts are compared."""
    return host.partition(":")[0].lower().rstrip(".")


def peer_name(server: str) -> str:
    """What servers of the installation call each other."""
    return f"server-{server}"


def _at(user: str, trunk: str, here: str, there: str) -> str:
    """A phone or a number over a trunk of this server, or of another one by way of it."""
    if here in ("", there):
        return f"PJSIP/{user}@{trunk}" if trunk else f"PJSIP/{user}"
    return (
        f"PJSIP/{trunk}-{user}@{peer_name(there)}" if trunk else f"PJSIP/{user}@{peer_name(there)}"
    )


def _address(known: Routes, gateway_id: int, address: str, at_home: bool) -> str:
    """An address outside, over the trunk; never at our own servers, where others' phones are."""
    if not at_home or not ADDRESS.fullmatch(address):
        return ""
    if bare_host(address.partition("@")[2]) in known.hosts:
        return ""
    return f"PJSIP/trunk-{gateway_id}/sip:{address}"
