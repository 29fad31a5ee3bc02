"""The engine for a plugin's own process: events in, answers out, without a web server.

A gateway that keeps a connection to its PBX open runs beside the server, as the jobs do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from core.app import Centralino, installation
from core.calls.open_calls import OpenCall, open_calls
from core.calls.order import Answer, Order
from core.calls.sounding import find_melody, find_sound, speak
from core.contract.call import Account
from core.contract.events import Event
from core.contract.sounds import SoundFile
from core.contract.steps import Step
from core.store.lines import LineRow


class Switchboard:
    """What such a process may ask of the installation; every method may be called in any thread."""

    def __init__(self, centralino: Centralino) -> None:
        self._centralino = centralino

    def deliver(
        self,
        event: Event,
        render: Callable[[Order], str],
        decided: Callable[[Step], None] | None = None,
    ) -> Answer:
        """Hand an event to the engine, on a connection of its own.

        Args:
            event: what the gateway reports.
            render: turns an order into the answer that is stored; see ``Engine.deliver``.
            decided: is told the step for a new call before it is written; see there, too.

        Raises:
            NotFound: no such call, or no such number at this gateway.
            StoreUnavailable: the database does not answer.
            Conflict: the call kept changing; the event may be sent again.
        """
        with self.connection():
            return self._centralino.engine.deliver(event, render, decided)

    def open_calls(self, kind: str) -> tuple[OpenCall, ...]:
        """The calls of all gateways of a kind that have no outcome yet, oldest first, for a process
        that was started again."""
        with self.connection():
            return open_calls(self._centralino.store, kind)

    def speak(self, text: str, language: str) -> bytes | None:
        """A text as a WAV file; None where nobody can speak it."""
        with self.connection():
            return speak(self._centralino.registry, text, language)

    def sound_file(self, account: Account, key: str) -> SoundFile | None:
        """The files of a sound of an account; None when it is gone."""
        with self.connection():
            return find_sound(self._centralino.registry, account, key)

    def melody(self, account: Account, name: str, line: LineRow | None = None) -> SoundFile | None:
        """The files of a melody, for a gateway that plays it without an order.

        Args:
            account: whose.
            name: one of ``TONES``.
            line: the number it is for; None: one that says nothing of its own.

        Returns:
            The files; None where nobody has such a melody, or it is a text.
        """
        number = line and line.picture(account)
        with self.connection():
            return find_melody(self._centralino.thinker, account, number, name, self.now())

    def connection(self) -> AbstractContextManager[None]:
        """A database connection for this thread, for reading tables."""
        return self._centralino.store.connection()

    def now(self) -> datetime:
        """The instant, UTC."""
        return self._centralino.clock()


@contextmanager
def switchboard() -> Iterator[Switchboard]:
    """The installation of the environment's settings, open for a command or a process of a plugin;
    the thread that opens it has a connection meanwhile.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    with installation() as centralino:
        yield Switchboard(centralino)
