"""Everything that a live call needs, on addresses of its own: an installation, its Asterisk, its
processes, and telephones that a test switches on."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from core.store.people import EmployeeRow
from plugins.asterisk.models import ServerRow, phone_name
from tests.live.addresses import Addresses
from tests.live.installation import Call, Installation
from tests.live.office import PASSWORD, Office
from tests.live.pbx import Pbx
from tests.live.phone import Phone
from tests.live.registering import register
from tests.live.sipp import Sipp
from tests.live.sound import CALLER, OUTSIDE
from tests.live.waiting import until

SERVER = "pbx"
SLOTS = 2
STARTS_WITHIN_SECONDS = 120
BACKUP = "+393489990000"
"""Rung while nobody answers for Centralino."""


class Stack:
    """An installation with one Asterisk.

    Args:
        programs: the folder of the unpacked programs.
        folder: short-lived and with a short name.
        addresses: where things listen.
        database: default: SQLite.
    """

    def __init__(
        self, programs: Path, folder: Path, addresses: Addresses, database: str = ""
    ) -> None:
        self.programs, self.folder, self._addresses = programs, folder, addresses
        self.installation = Installation(folder / "data", database)
        self.pbx = Pbx(programs, folder / "pbx", addresses.new())
        self._phones: dict[int, str] = {}
        self._running = ExitStack()
        self._count = itertools.count(1)
        with self.installation.used():
            self._server = ServerRow.create(
                name=SERVER,
                url=f"http://{self.pbx.address}:8088",
                user=self.pbx.user,
                secret=self.pbx.secret,
                sip_host=self.pbx.address,
                slots=SLOTS,
            )

    def office(self, plan: str, number: str) -> Office:
        """A new company; ``configure`` makes Asterisk know it."""
        with self.installation.used():
            new = self._addresses.new
            return Office(self._server, plan, number, new(), (new(), new()), self.folder, BACKUP)

    def configure(self, *options: str) -> None:
        """Write Asterisk's configuration, as an operator does."""
        where = ("--server", SERVER, "--to", str(self.pbx.etc))
        self.installation.run("asterisk", "config", *where, *self.pbx.places, *options)

    def check(self) -> str:
        """What ``centralino asterisk check`` says of the Asterisk."""
        return self.installation.told_by("asterisk", "check", "--server", SERVER)

    def run(self, *options: str) -> None:
        """Start the gateway, and wait until it takes calls."""
        self.stand_by(*options)
        until(self.serves, "the gateway serves all slots")

    def stand_by(self, *options: str) -> None:
        """Start the gateway, beside the one that runs if there is one: that is ours from now on."""
        self.gateway = self.installation.start("asterisk", "run", *options)

        def looking() -> int:
            self.gateway.check()
            return self.gateway.said("looks for slots")

        until(looking, "the gateway looks for slots", STARTS_WITHIN_SECONDS)

    def serves(self) -> bool:
        """Whether our gateway has all slots. Asterisk lists those of a dead one, too, that have
        calls."""
        self.gateway.check()
        return self.gateway.said(f"of {SERVER}: connected") >= SLOTS

    def busy_slots(self) -> list[str]:
        """The slots that have calls now."""
        there = self.pbx.ask("GET", "applications")
        return [one["name"] for one in there if one["channel_ids"]]

    def slots(self) -> list[str]:
        """The slots that somebody serves now."""
        names = (application["name"] for application in self.pbx.ask("GET", "applications"))
        return [name for name in names if name.startswith("centralino-")]

    def telephone(self, employee: EmployeeRow, hertz: int, answers: bool = True) -> Phone:
        """An employee's telephone, registered."""
        name = phone_name(employee.id)
        address = self._address_of(employee)
        phone = self._phone(address, hertz, name, password=PASSWORD, answers=answers)
        self._online(name)
        return phone

    def scripted(self, employee: EmployeeRow, scenario: str, count: int = 1) -> Sipp:
        """An employee's telephone that does what a scenario says, registered."""
        name, address = phone_name(employee.id), self._address_of(employee)
        register(self.pbx.address, name, PASSWORD, address)
        self._running.callback(register, self.pbx.address, name, PASSWORD, address, seconds=0)
        sipp = self._sipp(address).start(scenario, count=count)
        self._online(name)
        return sipp

    def caller(self, office: Office, number: str, place: int = 0) -> Phone:
        """A telephone of somebody outside, who calls with this number."""
        return self._phone(office.callers[place], CALLER, number)

    def outside(self, office: Office, *numbers: str, answers: bool = True) -> Phone:
        """Telephones of people outside, who are called through the office's provider."""
        phone = self._phone(office.provider, OUTSIDE, *numbers, answers=answers)
        self._online(office.trunk.endpoint)
        return phone

    def scripted_outside(self, office: Office, scenario: str, count: int = 1) -> Sipp:
        """Everybody whom the office's provider connects does what a scenario says."""
        sipp = self._sipp(office.provider).start(scenario, count=count)
        self._online(office.trunk.endpoint)
        return sipp

    def check_recording(self, call: Call, recorded: bool) -> None:
        """While people talk: it is recorded, enough to be heard afterwards, or not at all."""
        token = call.row.token
        until(lambda: not recorded or self.pbx.recorded(token) > 1.5, "the talk is recorded")
        assert bool(self.pbx.recorded(token)) is recorded

    def scripted_caller(
        self, office: Office, scenario: str, count: int = 1, more: tuple[str, ...] = ()
    ) -> Sipp:
        """Somebody outside who calls as a scenario says."""
        return self._sipp(office.callers[1]).start(scenario, self.pbx.address, count, more)

    def stranger(self, scenario: str) -> Sipp:
        """Somebody whom Asterisk does not know, and who does what a scenario says."""
        return self._sipp(self._addresses.new()).start(scenario, self.pbx.address)

    def _address_of(self, employee: EmployeeRow) -> str:
        if employee.id not in self._phones:
            self._phones[employee.id] = self._addresses.new()
        return self._phones[employee.id]

    def _phone(
        self, address: str, hertz: int, *users: str, password: str = "", answers: bool = True
    ) -> Phone:
        folder = self.folder / f"phone-{next(self._count)}"
        phone = Phone(
            self.programs,
            folder,
            address,
            hertz,
            self.pbx.address,
            *users,
            password=password,
            answers=answers,
        )
        phone.start()
        self._running.callback(phone.stop)
        return phone

    def _sipp(self, address: str) -> Sipp:
        sipp = Sipp(self.programs, self.folder / f"sipp-{next(self._count)}", address)
        self._running.callback(sipp.stop)
        return sipp

    def _online(self, name: str) -> None:
        def online() -> bool:
            self.pbx.console(f"pjsip qualify {name}")
            return self.pbx.ask("GET", f"endpoints/PJSIP/{name}")["state"] == "online"

        until(online, f"{name} is online")

    @contextmanager
    def test(self) -> Iterator[None]:
        """One test: its telephones are switched off at the end."""
        with self.installation.used():
            try:
                if not self.gateway.lives:
                    self.run()
                yield
                assert not self.gateway.died, self.gateway.told()
            finally:
                self.switch_off()

    def story(self) -> str:
        """What happened last, for the report of a failed test."""
        there = self.pbx.console("core show channels concise")
        said = (self.installation.told(), self.pbx.log()[-4000:])
        phones = (
            path.read_text(errors="replace")[-1500:] for path in self.folder.glob("phone*/log")
        )
        parts = (self.installation.story(), there, *said, *phones)
        return "\n\n".join(parts)

    def switch_off(self) -> None:
        """End all telephones; nobody is rung in vain, and no call goes on into the next test."""
        self._running.close()
        for channel in self.pbx.ask("GET", "channels") if self.pbx.lives else ():
            self.pbx.hang_up(channel["id"])

    def stop(self) -> None:
        """End everything."""
        self.switch_off()
        self.installation.stop()
        self.pbx.stop()
