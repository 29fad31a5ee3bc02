"""Which slots a process serves, in a real database, beside other processes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.api import StoreUnavailable, Switchboard
from plugins.asterisk.models import ServerRow
from plugins.asterisk.running import holding as module
from plugins.asterisk.running.delivery import Delivery
from plugins.asterisk.running.holding import Holding
from plugins.asterisk.running.leases import LENGTH, Lease, Leases
from tests.support import loops

FIRST, SECOND = "desk/1:1:a", "away/1:2:b"


class Slot:
    """Serves until it is stopped, or until somebody else does."""

    now: dict[str, Slot] = {}

    def __init__(self, lease: Lease, delivery: Any) -> None:
        self.lease = lease
        self.replaced = asyncio.Event()
        Slot.now[lease.app] = self

    async def serve(self) -> None:
        try:
            await self.replaced.wait()
        finally:
            Slot.now = {app: slot for app, slot in Slot.now.items() if slot is not self}


@pytest.fixture(autouse=True)
def _slots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Slot", Slot)
    Slot.now = {}


@pytest.fixture
def board(centralino) -> Switchboard:
    ServerRow.create(name="one", url="http://h", user="u", secret="s", sip_host="h", slots=3)
    return Switchboard(centralino.app)


def run(board: Switchboard, work: Callable[[Delivery], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        delivery = Delivery(board)
        try:
            await work(delivery)
        finally:
            await delivery.close()

    loops.run(all_of_it())


def holders() -> list[str]:
    return [lease.holder for lease in Leases("").look()]


def test_alone_it_serves_all_and_gives_all_back(board) -> None:
    async def work(delivery: Delivery) -> None:
        holding = Holding(delivery, Leases(FIRST))
        await holding.look(renew=True)
        await asyncio.sleep(0)
        assert sorted(Slot.now) == ["centralino-1", "centralino-2", "centralino-3"]
        assert holders() == [FIRST, FIRST, FIRST]
        await holding.stop()
        assert holders() == ["", "", ""]
        assert Slot.now == {}

    run(board, work)


def test_a_password_that_is_set_right_is_used_for_the_next_connection(board) -> None:
    async def work(delivery: Delivery) -> None:
        holding = Holding(delivery, Leases(FIRST))
        await holding.look(renew=True)
        await asyncio.sleep(0)
        ServerRow.update(secret="right", url="http://new").execute()
        await holding.look(renew=False)
        served = [slot.lease.server for slot in Slot.now.values()]
        assert [(one.secret, one.url) for one in served] == [("right", "http://new")] * 3
        await holding.stop()

    run(board, work)


def test_a_second_process_gets_its_part_of_the_first_one_s(board) -> None:
    async def work(delivery: Delivery) -> None:
        first, second = Holding(delivery, Leases(FIRST)), Holding(delivery, Leases(SECOND))
        await first.look(renew=True)
        for _ in range(3):
            await second.look(renew=True)
            await first.look(renew=True)
        assert sorted(holders()) == [SECOND, FIRST, FIRST]
        await first.stop()
        await second.look(renew=True)
        assert holders() == [SECOND] * 3
        await second.stop()

    run(board, work)


def test_a_slot_that_others_hold_is_left_to_them_until_they_are_gone(centralino, board) -> None:
    async def work(delivery: Delivery) -> None:
        others = Leases(SECOND)
        others.take(others.look()[0], centralino.clock())
        holding = Holding(delivery, Leases(FIRST))
        await holding.look(renew=False)
        assert holders() == [SECOND, FIRST, FIRST]
        centralino.clock.now += LENGTH
        await holding.look(renew=True)
        assert holders() == [FIRST, FIRST, FIRST]
        await holding.stop()

    run(board, work)


def test_a_slot_that_somebody_took_is_served_no_longer(centralino, board) -> None:
    async def work(delivery: Delivery) -> None:
        holding = Holding(delivery, Leases(FIRST))
        await holding.look(renew=False)
        await asyncio.sleep(0)
        centralino.clock.now += LENGTH
        others = Leases(SECOND)
        assert others.take(others.look()[0], centralino.clock())
        await holding.look(renew=True)
        assert sorted(Slot.now) == ["centralino-2", "centralino-3"]
        assert holders() == [SECOND, FIRST, FIRST]
        await holding.stop()
        assert holders() == [SECOND, "", ""]

    run(board, work)


def test_a_slot_of_which_asterisk_says_that_it_is_replaced_is_not_renewed(
    centralino, board
) -> None:
    async def work(delivery: Delivery) -> None:
        holding = Holding(delivery, Leases(FIRST))
        await holding.look(renew=False)
        await asyncio.sleep(0)
        Slot.now["centralino-1"].replaced.set()
        await asyncio.sleep(0.01)
        await holding.look(renew=True)
        assert sorted(Slot.now) == ["centralino-2", "centralino-3"]
        await holding.stop()

    run(board, work)


def test_a_database_that_is_away_changes_nothing(centralino, board, monkeypatch, caplog) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)

    async def work(delivery: Delivery) -> None:
        leases = Leases(FIRST)
        holding = Holding(delivery, leases)
        running = asyncio.create_task(holding.run())
        while len(Slot.now) < 3:
            await asyncio.sleep(0.01)

        def away() -> None:
            raise StoreUnavailable("The database does not answer.")

        leases.look = away
        while "does not answer" not in caplog.text:
            await asyncio.sleep(0.01)
        assert len(Slot.now) == 3
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await holding.stop()

    run(board, work)
