"""An installation of the test's own: data folder, database, and Centralino's processes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import peewee

from core.app import bind
from core.calls.tables import CallEventRow, CallRow, RecordingRow
from core.config import PROJECT, Config
from core.contract.errors import StoreUnavailable
from core.migrating import migrate
from core.plans.quota.counters import find_count, make_count
from core.store.accounts import AccountRow
from core.store.folders import keep_in
from core.testing import Kit, open_kit
from tests.live.programs import Program, run
from tests.live.waiting import until


class Installation:
    """One installation.

    Args:
        folder: its data folder, empty.
        database: default: SQLite in the folder.
    """

    def __init__(self, folder: Path, database: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._plans = folder / "plans.yaml"
        shutil.copyfile(PROJECT / "plans.yaml", self._plans)
        self._database = database or f"sqlite:///{folder / 'centralino.db'}"
        self._programs: list[Program] = []
        migrate(Config(folder, self._database, self._plans, "a key for tests"))
        self.kit: Kit = open_kit(folder, database=self._database, plans=self._plans)
        self.kit.clock.now = datetime.now(UTC)
        self.kit.app.store.close()

    @contextmanager
    def used(self) -> Iterator[None]:
        """The tables of this process are those of this installation, while this lasts."""
        app = self.kit.app
        keep_in(app.config.data)
        bind(app.store, app.registry)
        self.kit.clock.now = datetime.now(UTC)
        app.store.open()
        try:
            yield
        finally:
            app.store.close()

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are told."""
        return {
            "CENTRALINO_DATA": str(self.folder),
            "CENTRALINO_DATABASE": self._database,
            "CENTRALINO_PLANS": str(self._plans),
        }

    def run(self, *words: str) -> str:
        """A command of this installation, to its end."""
        return run(list(words), self.environment)

    def told_by(self, *words: str) -> str:
        """What a command says that may fail."""
        return run(list(words), self.environment, must=False)

    def start(self, *words: str) -> Program:
        """A process of this installation; ``stop`` ends it at the latest."""
        log = self.folder / f"{len(self._programs)}-{'-'.join(words)}.log"
        program = Program(list(words), self.environment, log)
        self._programs.append(program)
        return program

    def stop(self) -> None:
        """Kill its processes, and close the database."""
        for program in self._programs:
            program.kill()
        self.kit.app.store.database.close_all()

    def story(self) -> str:
        """Everything about the newest call, for messages of failed tests."""
        try:
            row = CallRow.select().order_by(CallRow.id.desc()).first()
            return Call(self, row.id).story() if row else "There was no call."
        except (StoreUnavailable, peewee.PeeweeException) as error:
            return str(error)

    def told(self) -> str:
        """What its processes wrote last, for messages of failed tests."""
        return "\n".join(f"--- {one.words}\n{one.told()}" for one in self._programs)

    def calls(self, caller: str) -> list[Call]:
        """All calls of a caller; "": of those who withheld their number."""
        return [Call(self, row.id) for row in CallRow.select().where(CallRow.caller == caller)]

    def count(self, account: AccountRow) -> int:
        """How many calls an account had."""
        return CallRow.select().where(CallRow.account == account).count()

    def latest(self, account: AccountRow) -> Call:
        """The newest call of an account."""
        rows = CallRow.select().where(CallRow.account == account)
        return Call(self, rows.order_by(CallRow.id.desc()).get().id)

    def call(self, caller: str) -> Call:
        """The newest call of a caller, as soon as there is one."""

        def newest() -> CallRow | None:
            found = CallRow.select().where(CallRow.caller == caller)
            return found.order_by(CallRow.id.desc()).first()

        return Call(self, until(newest, f"a call of {caller}").id)

    def use_units(self, account: AccountRow, feature: str, units: int) -> None:
        """As if an account had used so many units of a quota this month, and held none."""
        store, at = self.kit.app.store, datetime.now(UTC)
        count = find_count(store, account.picture(), feature, at)
        if count.id is None:
            count = make_count(store, account.picture(), feature, at)
        store.execute(
            "UPDATE quota_counters SET used = ?, held = 0 WHERE id = ?", (units, count.id)
        )

    def units_left(self, account: AccountRow, feature: str) -> int | None:
        """How many units of a quota an account has left this month."""
        gate = self.kit.app.gate
        return gate.ask(account.picture(), feature, datetime.now(UTC)).remaining

    def recordings(self) -> list[Path]:
        """All files of the storage folder."""
        return [path for path in self.kit.app.config.storage.rglob("*.wav") if path.is_file()]


class Call:
    """One call, as the database knows it now."""

    def __init__(self, installation: Installation, id: int) -> None:
        self._installation = installation
        self.id = id

    @property
    def row(self) -> CallRow:
        """Its record."""
        return CallRow.get_by_id(self.id)

    def ended(self) -> CallRow:
        """Its record, when it is over."""

        def over() -> CallRow | None:
            row = self.row
            return row if row.outcome and row.ended_at else None

        return until(over, lambda: f"call {self.id} is over: {self.story()}")

    def events(self) -> list[tuple[str, Any]]:
        """Keys of its events, and the answers they got."""
        rows = self._installation.kit.app.store.rows(
            "SELECT key, answer FROM call_events WHERE call_id = ? ORDER BY id", (self.id,)
        )
        return [(key, json.loads(answer) if answer else None) for key, answer in rows]

    def times(self) -> dict[str, datetime]:
        """When each event of it happened, by key."""
        return {
            event.key: event.at
            for event in CallEventRow.select().where(CallEventRow.call == self.id)
        }

    def legs(self) -> list[tuple[int | None, str]]:
        """Who was rung, in order, and how it ended for them."""
        rows = self._installation.kit.app.store.rows(
            "SELECT employee, ring, address FROM call_legs WHERE call_id = ? ORDER BY number",
            (self.id,),
        )
        return [(employee or address, ring) for employee, ring, address in rows]

    def recording(self, status: str = "stored") -> RecordingRow:
        """Its recording or message, when it has this status."""

        def found() -> RecordingRow | None:
            wanted = (RecordingRow.call == self.id) & (RecordingRow.status == status)
            return RecordingRow.get_or_none(wanted)

        return until(found, lambda: f"a recording {status} of call {self.id}: {self.story()}")

    def file(self) -> Path:
        """The file of its stored recording."""
        return self._installation.kit.app.config.storage / self.recording().path

    def story(self) -> str:
        """Everything about it, for messages of failed tests."""
        row = self.row
        told = [f"{key}: {answer}" for key, answer in self.events()]
        return "\n".join((f"call {row.ref} is {row.outcome}, legs {self.legs()}", *told))
