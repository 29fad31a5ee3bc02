"""One connection of a slot, and the calls that live on it: they end with it, and are found again.

A session holds nothing that cannot be computed anew: when the connection breaks, its calls are
dropped as they stand, and the next session, in this process or another, finds them (``care``).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from datetime import datetime
from functools import partial
from typing import Any

from core.api import Event, OpenCall, StepEnded, StoreUnavailable
from plugins.asterisk.ari.client import Ari, AriError, AriLost
from plugins.asterisk.ari.events import HEARD
from plugins.asterisk.instructions import Instruction
from plugins.asterisk.performing.call import LiveCall
from plugins.asterisk.running.arriving import Arrival, from_event
from plugins.asterisk.running.delivery import Admission, Delivery, EngineDown
from plugins.asterisk.running.leases import Lease
from plugins.asterisk.running.roster import Early, Roster

log = logging.getLogger("centralino.asterisk")

UNALLOCATED = 1
"""The cause (Q.850) with which a call to a number that is not in service ends."""

HELD = 10_000
"""So many events are kept while the calls they belong to are being found."""


class Session:
    """The ground that calls stand on; see ``performing.ground``.

    Args:
        lease: the slot.
        delivery: the way to the engine.
        quiet_since: since when nobody has heard this slot's events; None: nobody knows.
    """

    def __init__(
        self, lease: Lease, delivery: Delivery, quiet_since: datetime | None = None
    ) -> None:
        self.lease = lease
        self.quiet_since = quiet_since
        self.app = lease.app
        self.server = lease.server.name
        self.board = delivery.board
        self.delivery = delivery
        self.roster = Roster()
        self.replaced = False
        self._ari: Ari | None = None
        self._arrivals: dict[str, Arrival] = {}
        self._held: deque[dict[str, Any]] | None = deque(maxlen=HELD)
        self._tasks: set[asyncio.Task[None]] = set()

    async def connect(self) -> None:
        """Connect, and ask for those events only that we use.

        Raises:
            AriLost: it did not work; the sentence says why.
        """
        server = self.lease.server
        self._ari = await Ari.connect(server.url, server.user, server.secret, self.app, self.hear)

    async def run(self) -> None:
        """Serve until the connection is over.

        Raises:
            AriLost: always, in the end; the sentence says why.
        """
        self.start(self._ari.filter(HEARD))
        try:
            await self._ari.listen()
        finally:
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._ari.close()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside everything else, at most until the connection is over."""
        task = asyncio.create_task(self._quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        """What has gone already when we ask for it needs nothing."""
        try:
            await work
        except AriError as error:
            if error.status != 404:
                log.warning("%s: Asterisk refuses: %s", self.app, error)
        except AriLost:
            pass  # the session ends, and says why
        except Exception:
            log.exception("%s: a call could not be served", self.app)

    # Events

    def hear(self, event: dict[str, Any]) -> None:
        """Asterisk tells something. What cannot be understood stops nothing else."""
        try:
            self._hear(event)
        except Exception:
            log.exception("%s: %s could not be understood", self.app, event.get("type"))

    def _hear(self, event: dict[str, Any]) -> None:
        kind = event["type"]
        if kind == "ApplicationReplaced":
            self.replaced = True
            self._ari.drop()
        elif kind == "StasisStart" and (arrival := from_event(event)):
            if arrival.channel not in self.roster:
                self.admit(arrival)
        elif not self.roster.tell(event):
            self._unknown(event)

    def _unknown(self, event: dict[str, Any]) -> None:
        """Nobody knows what this is about. While calls are being found, it may be about one of
        them; later, a phone that answers a call that is over is hung up."""
        if self._held is not None:
            self._held.append(event)
        elif event["type"] == "StasisStart":
            self.start(self.hang_up(event["channel"]["id"]))

    def found_all(self) -> None:
        """All calls that were there are found: what was held is for them, or for nobody."""
        held, self._held = self._held, None
        for event in held or ():
            self.hear(event)

    # Calls

    def admit(self, arrival: Arrival) -> None:
        """A call has come: bring it to the engine, at once."""
        early = Early()
        self.roster.add(arrival.channel, early)
        self.start(self._admit(arrival, early))

    async def _admit(self, arrival: Arrival, early: Early) -> None:
        try:
            answer = partial(self._answer, arrival, early)
            admission = await self.delivery.admit(self.server, arrival, answer)
            resumed = await self._open_call(arrival) if admission.repeated else None
        except (EngineDown, StoreUnavailable) as error:
            log.error("%s: nobody can say what to do with a call: %s", self.app, error)
            self.roster.remove(early)
            await self._give_up(arrival)
            return
        if admission.instruction is None or (admission.repeated and resumed is None):
            self.roster.remove(early)
            await self._refuse(arrival, admission)
            return
        call = self.enter(arrival, admission.instruction, resumed, early.answering)
        self.roster.remove(early)
        for event in early.events:
            call.take(event)
        await self.perform(call)

    def _answer(self, arrival: Arrival, early: Early) -> None:
        """Answer a caller who has nothing to wait for but a commit. Should we be killed before it
        is done, the engine knows nothing of the channel, and it arrives anew (``care``)."""
        if early.answering is None and early in self.roster.at(arrival.channel):
            request = self.ask("POST", f"channels/{arrival.channel}/answer")
            early.answering = asyncio.ensure_future(request)
            early.answering.add_done_callback(_forgive)

    async def _open_call(self, arrival: Arrival) -> OpenCall | None:
        """The call of a channel that the engine knew already; None: it is over."""
        return (await self.delivery.open_calls(self.server)).get(arrival.channel)

    async def _refuse(self, arrival: Arrival, admission: Admission) -> None:
        if admission.why:
            log.warning("%s: a call to %s is refused: %s", self.app, arrival.dialled, admission.why)
        await self.hang_up(arrival.channel, UNALLOCATED)

    def enter(
        self,
        arrival: Arrival,
        instruction: Instruction,
        resumed: OpenCall | None = None,
        answering: asyncio.Future[Any] | None = None,
    ) -> LiveCall:
        """Make a call that hears its events from now on.

        Args:
            arrival: how it came.
            instruction: the first.
            resumed: what is known of a call that was there before.
            answering: the request that answers the caller, if it is sent already.
        """
        gateway = instruction.gateway
        call = LiveCall(self, arrival.channel, instruction, gateway, resumed, answering)
        self.roster.add(arrival.channel, call)
        self.roster.add(call.token, call)
        self._arrivals[call.token] = arrival
        return call

    async def perform(self, call: LiveCall) -> None:
        """Let a call live, until it is over; one that breaks off is given to the dialplan."""
        try:
            await call.run()
        except (AriLost, asyncio.CancelledError):
            raise
        except Exception:
            log.exception("%s: call %s broke off", self.app, call.token)
            await self._give_up(self._arrivals[call.token])
        finally:
            self.forget(call)
            del self._arrivals[call.token]

    # What calls stand on

    async def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Send a request to Asterisk; see ``Ari.ask``."""
        return await self._ari.ask(method, path, body, **query)

    async def read(self, path: str) -> Any:
        """Read what Asterisk may have many of; see ``Ari.read``."""
        return await self._ari.read(path)

    async def deliver(self, event: Event) -> Instruction | None:
        """Hand an event to the engine. When it cannot say what follows a step, the caller is given
        to the dialplan; other news is lost, and what can be mended is mended by ``care``."""
        try:
            return await self.delivery.deliver(self.server, event)
        except EngineDown as error:
            log.error("%s: %s", self.app, error)
            arrival = self._arrivals.get(getattr(event, "token", ""))
            if isinstance(event, StepEnded) and arrival and not event.result.caller_gone:
                await self._give_up(arrival)
            return None

    def follow(self, channel_id: str, call: LiveCall) -> None:
        """Send this channel's events to the call, too."""
        self.roster.add(channel_id, call)

    def forget(self, call: LiveCall) -> None:
        """The call is over."""
        self.roster.remove(call)

    async def hang_up(self, channel: str, cause: int | None = None) -> None:
        """End a channel; ``cause`` as in Q.850."""
        await self.ask("DELETE", f"channels/{channel}", reason_code=cause)

    async def _give_up(self, arrival: Arrival) -> None:
        """Give a channel to the dialplan, which rings the backup number (O5)."""
        where = {"context": arrival.refuge, "extension": arrival.dialled, "priority": 1}
        log.warning("%s: a call to %s goes to %s", self.app, arrival.dialled, arrival.refuge)
        await self.ask("POST", f"channels/{arrival.channel}/continue", **where)


def _forgive(answering: asyncio.Future[Any]) -> None:
    """A call that waits for the answer hears why it failed; where there is none, nobody need."""
    if not answering.cancelled():
        answering.exception()
