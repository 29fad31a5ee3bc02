"""A call on a stage: a scripted Asterisk behind it, and an engine that has its lines ready."""

import asyncio
from dataclasses import replace

from core.api import CallEnded, LegChanged, OpenCall, RecordingChanged, StepEnded
from plugins.asterisk.instructions import Instruction, RungLeg
from plugins.asterisk.names import call_ref, things_of, token_of
from plugins.asterisk.performing.call import LiveCall
from tests.plugins.asterisk.performing.pbx import CALLER, Pbx

TOKEN = "tOkEn_-123"


def instruct(kind, number=1, **more):
    """An instruction of the call."""
    return Instruction(kind=kind, token=TOKEN, number=number, gateway=1, account=2, **more)


def ring(*endpoints, seconds=20, confirm=False, **more):
    """Ring these endpoints."""
    legs = tuple(
        RungLeg(number, endpoint, "<+390212345>", confirm)
        for number, endpoint in enumerate(endpoints, start=1)
    )
    return instruct("ring", legs=legs, seconds=seconds, **more)


def sound(name):
    """Prompts of one sound."""
    return (("sound", name, ""),)


class Stage:
    """The ground of one call.

    Args:
        instructions: what the engine says, one after the other; behind the last, to hang up.
        phones, latency: see ``Pbx``.
        delay: seconds until the engine has taken an event.
    """

    app = "centralino-1"
    server = "pbx"
    board = None

    def __init__(self, *instructions, phones=None, latency=0.001, delay=0.002):
        self.pbx = Pbx(phones, latency)
        self.pbx.hear = self.hear
        self.told = []
        self.lines = [
            replace(one, number=number) for number, one in enumerate(instructions, start=1)
        ]
        self.lines.append(instruct("hangup", len(self.lines) + 1))
        self.number = 1
        self.accepted, self.answered_at = 0, None
        self.followed = {}
        self.delay = delay
        self.call = None
        self.keys = set()
        self.left = []

    @property
    def results(self):
        """How the steps ended, as the engine was told."""
        return [event.result for event in self.told if isinstance(event, StepEnded)]

    @property
    def legs(self):
        """What was told of the phones: (leg, status, how it ended)."""
        told = [event for event in self.told if isinstance(event, LegChanged)]
        return [(event.leg, event.status, event.ring and str(event.ring)) for event in told]

    @property
    def news(self):
        """What was told of recordings."""
        return [event for event in self.told if isinstance(event, RecordingChanged)]

    def hear(self, event):
        """As the running process does it: by the names in the event."""
        if self.call is None:
            return
        things = things_of(event)
        if CALLER in things or any(
            token_of(one) == TOKEN or one in self.followed for one in things
        ):
            self.call.take(event)

    async def ask(self, method, path, body=None, **query):
        return await self.pbx.ask(method, path, body, **query)

    async def read(self, path):
        return await self.pbx.ask("GET", path)

    async def deliver(self, event):
        telling = self.call
        if telling:
            await asyncio.sleep(self.delay)
        if telling is None or telling is not self.call:
            return None  # what a killed process has not told yet is lost
        if event.key in self.keys and not isinstance(event, StepEnded):
            return None
        if event.key not in self.keys:
            self.keys.add(event.key)
            self.told.append(event)
        if isinstance(event, StepEnded):
            self.left += sorted(self.things() - {self.call and self.call.channel})
        if isinstance(event, LegChanged) and event.status in ("answered", "accepted"):
            legs = {leg.number: leg for leg in self.lines[self.number - 1].legs}
            confirms = event.leg in legs and legs[event.leg].confirm
            if event.status == ("accepted" if confirms else "answered") and not self.accepted:
                self.accepted, self.answered_at = event.leg, event.at
        if not isinstance(event, StepEnded):
            return None
        if event.result.caller_gone:
            return instruct("hangup", event.step + 1)
        self.number = event.step + 1
        self.accepted = 0
        return self.lines[event.step]

    def things(self):
        """What Asterisk has of the call beside the caller's channel."""
        pbx = self.pbx
        names = [*pbx.channels, *pbx.bridges, *pbx.live]
        return {name for name in names if token_of(name) == TOKEN}

    def follow(self, channel_id, call):
        self.followed[channel_id] = call

    def forget(self, call):
        self.call = None

    def begin(self, resumed=False, answering=None):
        """Let the call live; returns its task. ``answering``: the caller's answer, if it is asked
        for already."""
        line = self.lines[self.number - 1]
        known = None
        if resumed:
            known = OpenCall(
                account_id=2,
                gateway_id=1,
                ref=call_ref(self.server, CALLER),
                token=TOKEN,
                number=self.number,
                pending=line.kind,
                answer=line.as_text(),
                accepted=self.accepted,
                answered_at=self.answered_at,
                ended_at=None,
            )
        line = Instruction.read(line.as_text())
        self.call = LiveCall(self, CALLER, line, 1, known, answering)
        return asyncio.create_task(self.call.run())

    async def kill(self, task, dead):
        """Kill the process that performs the call; nobody serves for so many seconds."""
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        self.call = None
        await asyncio.sleep(dead)

    async def play(self, *happenings, seconds=3600):
        """Perform to the end.

        Args:
            happenings: ``(seconds, what, *words)``: methods of the ``Pbx`` or functions.
            seconds: by when it must be over.
        """
        for after, what, *words in happenings:
            do = getattr(self.pbx, what) if isinstance(what, str) else what
            self.pbx.later(after, do, *words)
        await asyncio.wait_for(self.begin(), seconds)
        await asyncio.sleep(1)
        self.check_clean()
        return self

    def check_clean(self):
        """Nothing of the call is left at Asterisk, nor was it when a step's end was told; and it
        ended exactly once."""
        assert self.left == []
        assert self.pbx.channels == {}
        assert self.pbx.bridges == {}
        assert self.pbx.playbacks == {}
        assert self.pbx.live == {}
        assert len([event for event in self.told if isinstance(event, CallEnded)]) == 1
