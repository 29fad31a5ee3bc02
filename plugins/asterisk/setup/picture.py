"""What the database says of one server: all that its configuration is written from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import phonenumbers

from core.api import AccountRow, GatewayRow, LineRow, Phone
from plugins.asterisk.dialling import endpoint_of, peer_name, routes, written
from plugins.asterisk.models import PhoneRow, ServerRow, TrunkRow
from plugins.asterisk.names import account_music
from plugins.asterisk.service import sources
from plugins.asterisk.setup.emergency import emergency_numbers

FORMAT = 2
"""Raised when the same database is written in another way: the older files count as old then."""


@dataclass(frozen=True, slots=True)
class Backup:
    """Where a number's calls go while Centralino is away (O5).

    ``spoken`` are the ways in which providers may write the number; ``endpoint`` is what is
    dialled, "" for nobody; ``caller`` is the number that is shown there.
    """

    number: str
    spoken: tuple[str, ...]
    endpoint: str
    caller: str


@dataclass(frozen=True, slots=True)
class Trunk:
    """A trunk of this server. ``only`` is its number, when it has no other."""

    gateway: int
    name: str
    account: int
    host: str
    user: str
    secret: str
    register: bool
    match: tuple[str, ...]
    backups: tuple[Backup, ...]
    only: str

    @property
    def music(self) -> str:
        """What the other one hears while this end holds, unless their number says otherwise."""
        return account_music(self.account)


@dataclass(frozen=True, slots=True)
class PhonePicture:
    """A phone of this server. ``gateway`` is where its calls out belong, 0 for nowhere."""

    name: str
    employee: int
    account: int
    gateway: int
    digest: str

    @property
    def music(self) -> str:
        """What the other one hears while this phone holds, unless their number says otherwise."""
        return account_music(self.account)


@dataclass(frozen=True, slots=True)
class Alone:
    """What an account's phones reach without Centralino: the emergency numbers, each with what is
    dialled for it; ``caller`` is the number that is shown."""

    gateway: int
    caller: str
    dialled: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Peer:
    """Another server of the installation, and the password that the two share."""

    name: str
    host: str
    secret: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One server."""

    name: str
    url: str
    user: str
    secret: str
    sip_host: str
    slots: int
    trunks: tuple[Trunk, ...]
    phones: tuple[PhonePicture, ...]
    alone: tuple[Alone, ...]
    peers: tuple[Peer, ...]

    @property
    def digest(self) -> str:
        """Changes whenever the configuration should be written again."""
        told = json.dumps([FORMAT, asdict(self)], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def accounts(self) -> list[int]:
        """The accounts that have something here."""
        return sorted({one.account for one in (*self.trunks, *self.phones)})


def picture_of(server: ServerRow) -> Picture:
    """Read a server's trunks, phones and numbers."""
    trunks = _trunks(server)
    phones = _phones(server)
    return Picture(
        name=server.name,
        url=server.url,
        user=server.user,
        secret=server.secret,
        sip_host=server.sip_host,
        slots=server.slots,
        trunks=trunks,
        phones=phones,
        alone=tuple(_alone(server, {one.gateway for one in phones if one.gateway})),
        peers=tuple(_peers(server)),
    )


def _trunks(server: ServerRow) -> tuple[Trunk, ...]:
    rows = (
        TrunkRow.select(TrunkRow, GatewayRow, AccountRow)
        .join(GatewayRow)
        .switch(TrunkRow)
        .join(AccountRow)
        .where(TrunkRow.server == server)
        .order_by(TrunkRow.gateway)
    )
    return tuple(_trunk(server, row) for row in rows)


def _trunk(server: ServerRow, row: TrunkRow) -> Trunk:
    lines = list(
        LineRow.of(row.account_id).where(LineRow.gateway == row.gateway_id).order_by(LineRow.number)
    )
    return Trunk(
        gateway=row.gateway_id,
        name=row.endpoint,
        account=row.account_id,
        host=row.host,
        user=row.user,
        secret=row.secret,
        register=row.register,
        match=tuple(sources(row)),
        backups=tuple(_backup(server, row, line) for line in lines),
        only=lines[0].number if len(lines) == 1 else "",
    )


def _backup(server: ServerRow, trunk: TrunkRow, line: LineRow) -> Backup:
    """The number's own backup number, else its account's; over the line that was chosen for it,
    where that line has a trunk, else over the number's own."""
    account = trunk.account
    number = line.backup_number or account.backup_number
    via = line.backup_line
    known = routes(account.picture()).trunks
    if via is None or via.gateway_id not in known:
        via = line
    plus = known[via.gateway_id][1]
    endpoint = endpoint_of(account.picture(), via.gateway_id, Phone(number), server.name)
    return Backup(line.number, _spoken(line.number), endpoint, written(via.number, plus))


def _spoken(number: str) -> tuple[str, ...]:
    """International with and without its sign, and as it is dialled within its country."""
    bare = number.removeprefix("+")
    parsed = phonenumbers.parse(number)
    national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    digits = "".join(filter(str.isdecimal, national))
    return tuple(dict.fromkeys((number, bare, f"00{bare}", digits)))


def _phones(server: ServerRow) -> tuple[PhonePicture, ...]:
    rows = PhoneRow.select().where(PhoneRow.server == server).order_by(PhoneRow.employee)
    home = _home_gateways(server)
    return tuple(
        PhonePicture(
            row.endpoint, row.employee_id, row.account_id, home.get(row.account_id, 0), row.digest
        )
        for row in rows
    )


def _home_gateways(server: ServerRow) -> dict[int, int]:
    """The gateway of each account that its phones call out by: one of this server, if it has one;
    of several the first."""
    rows = TrunkRow.select().order_by(TrunkRow.server != server, TrunkRow.gateway)
    found: dict[int, int] = {}
    for row in rows:
        found.setdefault(row.account_id, row.gateway_id)
    return found


def _alone(server: ServerRow, gateways: Iterable[int]) -> Iterable[Alone]:
    rows = TrunkRow.select().where(TrunkRow.gateway.in_(list(gateways))).order_by(TrunkRow.gateway)
    for row in rows:
        account = row.account.picture()
        line = LineRow.of(account).where(LineRow.gateway == row.gateway_id).order_by(LineRow.id)
        first = line.first()
        dialled = tuple(
            (number, endpoint_of(account, row.gateway_id, Phone(number), server.name))
            for number in emergency_numbers(account.country)
        )
        yield Alone(row.gateway_id, written(first.number, row.plus) if first else "", dialled)


def _peers(server: ServerRow) -> Iterable[Peer]:
    for other in ServerRow.select().where(ServerRow.id != server.id).order_by(ServerRow.name):
        yield Peer(peer_name(other.name), other.sip_host, _shared_secret(server, other))


def _shared_secret(one: ServerRow, other: ServerRow) -> str:
    """The same on both sides, and known to nobody who does not know both servers' passwords."""
    told = "\n".join(sorted([f"{one.name}:{one.secret}", f"{other.name}:{other.secret}"]))
    return hashlib.sha256(told.encode()).hexdigest()[:40]
