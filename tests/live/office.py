"""A company whose people have telephones: its rows, and what it plays to callers."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.contract.call import LineKind
from core.store.accounts import AccountRow
from core.store.lines import GatewayRow, LineProfile, LineRow
from core.store.people import EmployeeRow
from plugins.asterisk.models import PhoneRow, ServerRow, TrunkRow, phone_digest, phone_name
from plugins.ivr.models import KeyRow, MenuRow
from plugins.melodies.checking import Checked
from plugins.melodies.library import keep
from plugins.melodies.models import SoundRow, ToneRow
from plugins.queue.models import GroupRow, MemberRow, NoAnswer, Strategy
from tests.live.sound import HOLD, write_tone

PASSWORD = "a-password-of-a-telephone"
_groups = itertools.count(1)


class Office:
    """An account with a trunk, three numbers and three employees with telephones.

    Args:
        server: the Asterisk.
        plan: of the account.
        number: its main number; the next one is its office PBX's.
        provider: address where calls to outside numbers go.
        callers: addresses from which calls come in.
        folder: for sounds.
        backup: where the calls of its third number go while nobody answers for Centralino.
    """

    def __init__(
        self,
        server: ServerRow,
        plan: str,
        number: str,
        provider: str,
        callers: tuple[str, ...],
        folder: Path,
        backup: str,
    ) -> None:
        self.provider, self.callers = provider, callers
        self._server, self._folder = server, folder
        self.account = AccountRow.create(
            name=f"Office {number}",
            plan=plan,
            timezone="Europe/Rome",
            country="IT",
            language="en",
            created_at=datetime.now(UTC),
        )
        self.gateway = GatewayRow.create(
            account=self.account, kind="asterisk", provider="", name="Trunk"
        )
        self.trunk = TrunkRow.create(
            account=self.account,
            gateway=self.gateway,
            server=server,
            host=provider,
            match=",".join((provider, *callers)),
        )
        self.line = self._line(number, LineKind.RENTED)
        self.pbx_line = self._line(f"{number[:-1]}{int(number[-1]) + 1}", LineKind.SIP_PBX)
        self.spare = self._line(f"{number[:-1]}{int(number[-1]) + 2}", LineKind.RENTED)
        self.spare.backup_number = backup
        self.spare.save()
        self._hold()
        self.anna, self.bruno, self.carla = (
            self.hire(name, extension)
            for name, extension in (("Anna", "101"), ("Bruno", "102"), ("Carla", "103"))
        )

    def _hold(self) -> None:
        """Callers on hold hear a tone; Asterisk is told when it is configured."""
        sound = int(self.sound(HOLD, 5).partition(":")[2])
        ToneRow.create(account=self.account, name="hold", sound=sound)

    def _line(self, number: str, kind: LineKind) -> LineRow:
        return LineRow.create(
            account=self.account, gateway=self.gateway, number=number, name=number, kind=kind
        )

    def hire(self, name: str, extension: str) -> EmployeeRow:
        """Somebody new, with a telephone."""
        employee = EmployeeRow.create(account=self.account, name=name, extension=extension)
        employee.sip = f"{phone_name(employee.id)}@{self._server.sip_host}"
        employee.save()
        PhoneRow.create(
            account=self.account,
            employee=employee,
            server=self._server,
            digest=phone_digest(employee.id, PASSWORD),
            created_at=datetime.now(UTC),
        )
        return employee

    @property
    def number(self) -> str:
        """The main number."""
        return self.line.number

    def says_nothing(self) -> None:
        """As if nobody had ever set anything on its numbers."""
        LineProfile.delete().where(LineProfile.account == self.account).execute()

    def dials_freely(self) -> None:
        """As many calls to outside numbers as it likes (O8)."""
        self.account.dial_concurrent, self.account.dial_daily = 1000, 100_000
        self.account.save()

    def profile(self, plugin: str, line: LineRow | None = None, **stored: Any) -> None:
        """Switch a plugin on for a number, with these settings."""
        self._set(plugin, line or self.line, True, stored)

    def off(self, plugin: str) -> None:
        """Switch a plugin off for the main number."""
        self._set(plugin, self.line, False, {})

    def _set(self, plugin: str, line: LineRow, on: bool, stored: dict[str, Any]) -> None:
        row = LineProfile.get_or_none(line=line, plugin=plugin) or LineProfile(
            account=self.account, line=line, plugin=plugin
        )
        row.on, row.stored = on, stored
        row.save()

    def sound(self, hertz: int, seconds: float) -> str:
        """The key of an own sound: a tone of this length."""
        title = f"{hertz} for {seconds}"
        row = SoundRow.get_or_none(account=self.account, title=title)
        if row is None:
            path = write_tone(self._folder / f"{hertz}-{seconds}.wav", hertz, seconds)
            wav = path.read_bytes()
            digest = keep(Checked(wav, wav, seconds))
            row = SoundRow.create(
                account=self.account,
                title=title,
                text=title,
                digest=digest,
                seconds=seconds,
                added_at=datetime.now(UTC),
            )
        return f"melodies:{row.id}"

    def tones(self, seconds: float = 1.5, **hertz: int) -> None:
        """What the main number's melodies are: ``notice=1040``; each as long as that."""
        keys = {name: self.sound(one, seconds) for name, one in hertz.items()}
        self.profile("melodies", **keys)

    def group(self, *members: EmployeeRow | str, **columns: Any) -> GroupRow:
        """A group of employees and outside numbers, rung in this order, that takes the number's
        calls."""
        columns = {"strategy": Strategy.ORDER, "no_answer": NoAnswer.HANGUP, "rings": 1} | columns
        group = GroupRow.create(account=self.account, name=f"Group {next(_groups)}", **columns)
        for position, member in enumerate(members):
            inside = isinstance(member, EmployeeRow)
            MemberRow.create(
                account=self.account,
                group=group,
                position=position,
                employee=member if inside else None,
                number="" if inside else member,
            )
        self.profile("queue", group=f"queue:{group.id}")
        return group

    def menu(self, hertz: int, seconds: float = 20, **keys: str) -> MenuRow:
        """A menu that plays a tone; ``_1="queue:3"`` says what key 1 does. It takes the calls."""
        menu = MenuRow.create(
            account=self.account,
            name=f"Menu {next(_groups)}",
            prompt="A tone.",
            sound=self.sound(hertz, seconds),
            no_input_retries=0,
            invalid_retries=0,
        )
        for key, target in keys.items():
            KeyRow.create(account=self.account, menu=menu, key=key.removeprefix("_"), target=target)
        self.profile("ivr", menu=f"ivr:{menu.id}")
        return menu
