"""The way to the engine, which is synchronous and writes the database: a few threads.

One hop brings an event there and its instruction back; whatever must be read for it is read on the
same hop and on the same connection.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import peewee

from core.api import (
    CallArrived,
    CallDialled,
    Conflict,
    Event,
    GatewayRow,
    Gather,
    NotFound,
    OpenCall,
    Play,
    Step,
    StoreUnavailable,
    Switchboard,
    TakeMessage,
    Wait,
)
from plugins.asterisk.instructions import Instruction, render
from plugins.asterisk.models import KIND
from plugins.asterisk.names import call_ref
from plugins.asterisk.running.arriving import Arrival, readings

log = logging.getLogger("centralino.asterisk")

THREADS = 16
"""Events that one process can have in hand; a slow plugin holds one of them for a second."""

PAUSES = (1, 2, 4)
"""Seconds until an event in the middle of a call is tried again."""

HEARD = (Play, Gather, Wait, TakeMessage)
"""For these a caller is answered whatever else they say."""

ADMIT_SECONDS = 8
"""How long a new caller may wait until the engine says anything; many callers queue for a database
that does not answer."""

STEP_SECONDS = 20
"""How long a caller may hear nothing in the middle of a call: a database that hangs, as that of a
machine that is gone, says nothing for many minutes."""

T = TypeVar("T")


class EngineDown(Exception):
    """The engine cannot say what to do: its database does not answer, or it made a mistake."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What the engine says of a new call. ``instruction`` None: it is none of ours, ``why`` says
    it; ``repeated``: it was here before."""

    instruction: Instruction | None
    repeated: bool = False
    why: str = ""


class Delivery:
    """Hands events to the engine.

    Args:
        board: the core's side.
    """

    def __init__(self, board: Switchboard) -> None:
        self.board = board
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="engine")

    async def admit(
        self, server: str, arrival: Arrival, will_hear: Callable[[], None]
    ) -> Admission:
        """A call has come; what is to be done with it?

        Args:
            server: the name of the Asterisk server.
            arrival: the call.
            will_hear: called in the loop when the caller is going to hear something, while the
                engine still writes down what. Should that fail, the engine thinks again, or
                nobody can say: then the next instruction, or the backup number, has a caller who
                is answered already.

        Raises:
            EngineDown: nobody can say; the caller must not wait.
        """
        try:
            async with asyncio.timeout(ADMIT_SECONDS):
                tell = partial(asyncio.get_running_loop().call_soon_threadsafe, will_hear)
                return await self.work(self._admit, server, arrival, tell)
        except NotFound as error:
            return Admission(None, why=str(error))
        except TimeoutError as error:
            raise EngineDown("The engine does not answer in time.") from error
        except (StoreUnavailable, Conflict) as error:
            raise EngineDown(str(error)) from error

    async def deliver(self, server: str, event: Event) -> Instruction | None:
        """Something happened in a call; what is to be done now? None: nothing.

        Raises:
            EngineDown: nobody can say, though we asked again and again.
        """
        for pause in (*PAUSES, None):
            try:
                async with asyncio.timeout(STEP_SECONDS):
                    return await self.work(self._deliver, server, event)
            except NotFound as error:
                log.info("%s: %s", event.key, error)
                return None
            except TimeoutError as error:
                raise EngineDown("The engine does not answer in time.") from error
            except (StoreUnavailable, Conflict) as error:
                if pause is None:
                    raise EngineDown(str(error)) from error
            await asyncio.sleep(pause)
        raise AssertionError  # the last pause is None

    async def open_calls(self, server: str) -> dict[str, OpenCall]:
        """The calls of a server that are not over, by the id of the caller's channel.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        calls = await self.work(self.board.open_calls, KIND)
        start = call_ref(server, "")
        return {call.ref.removeprefix(start): call for call in calls if call.ref.startswith(start)}

    async def work(self, do: Callable[..., T], *arguments: Any) -> T:
        """Do something in a thread, with a connection to the database.

        Raises:
            EngineDown: it broke; the log has the whole story.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._connected, do, arguments)

    async def close(self) -> None:
        """Let the events in hand be written; those that wait are told again by the next process."""
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)

    def _connected(self, do: Callable[..., T], arguments: tuple) -> T:
        try:
            with self.board.connection():
                return do(*arguments)
        except (NotFound, StoreUnavailable, Conflict):
            raise
        except (peewee.OperationalError, peewee.InterfaceError) as error:
            raise StoreUnavailable(f"The database does not answer: {error}") from error
        except Exception as error:
            log.exception("the engine failed")
            raise EngineDown(str(error)) from error

    def _admit(self, server: str, arrival: Arrival, will_hear: Callable[[], object]) -> Admission:
        event = self._event(server, arrival)

        def decided(step: Step) -> None:
            if isinstance(step, HEARD):
                will_hear()

        answer = self.board.deliver(event, partial(render, event.gateway_id, server), decided)
        return Admission(Instruction.read(answer.body), answer.repeated)

    def _deliver(self, server: str, event: Event) -> Instruction | None:
        body = self.board.deliver(event, partial(render, event.gateway_id, server)).body
        return Instruction.read(body) if body else None

    def _event(self, server: str, arrival: Arrival) -> CallArrived | CallDialled:
        ref = call_ref(server, arrival.channel)
        if arrival.employee:
            return CallDialled(arrival.gateway, ref, arrival.employee, arrival.dialled, arrival.at)
        country = country_of(arrival.gateway)
        meant = line_number(arrival.gateway, readings(arrival.dialled, country))
        return CallArrived(
            gateway_id=arrival.gateway,
            ref=ref,
            number=meant or arrival.dialled,  # what is no number is refused by its name
            caller=next(iter(readings(arrival.caller, country)), ""),
            at=arrival.at,
            sip_to=arrival.sip_to,
        )


def country_of(gateway_id: int) -> str:
    """The country whose numbers a gateway's account may write without their code.

    Raises:
        NotFound: there is no such gateway of this kind.
    """
    row = _row(
        "SELECT a.country FROM gateways g JOIN accounts a ON a.id = g.account_id"
        " WHERE g.id = {} AND g.kind = {}",
        (gateway_id, KIND),
    )
    if row is None:
        raise NotFound(f"There is no trunk {gateway_id}.")
    return row[0]


def line_number(gateway_id: int, meant: tuple[str, ...]) -> str:
    """Which of the numbers that were meant is one of the gateway's; the likeliest if none is."""
    if len(meant) > 1:
        marks = ", ".join(["{}"] * len(meant))
        row = _row(
            f"SELECT number FROM lines WHERE gateway_id = {{}} AND number IN ({marks})",
            (gateway_id, *meant),
        )
        if row is not None:
            return row[0]
    return meant[0] if meant else ""


def _row(sql: str, values: tuple[Any, ...]) -> tuple | None:
    database = GatewayRow._meta.database
    return database.execute_sql(sql.replace("{}", database.param), values).fetchone()
