"""A gateway's own copy of a recording goes when ours is there, and never before."""

from __future__ import annotations

import pytest

from core.contract.errors import NotFound
from core.contract.events import RecordingChanged
from core.contract.plugin import GatewayKind
from tests.calls.plugins import Desk
from tests.calls.test_terms import units


class Carrier:
    """A gateway that keeps its recordings until it is told to remove them."""

    def __init__(self) -> None:
        self.kept = {}
        self.down = self.stuck = False

    def fetch(self, gateway, url):
        if self.down:
            raise ValueError("no answer")
        if url not in self.kept:
            raise NotFound("no such recording")
        return self.kept[url]

    def discard(self, gateway, url):
        if self.stuck:
            raise ValueError("a full disk")
        if url not in self.kept:
            raise NotFound("no such recording")
        del self.kept[url]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def kit(request, install):
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    return install(database=url, desk=Desk(terms={}))


@pytest.fixture
def carrier(kit):
    made = Carrier()
    kind = GatewayKind("test", "Test", (), lambda row: [], made.fetch, made.discard)
    kit.app.registry.gateways["test"] = kind
    return made


def announce(kit, call, name, seconds=30):
    event = RecordingChanged(
        call.company.gateway.id, call.order.token, name, "completed", kit.clock(), name, seconds
    )
    kit.app.engine.deliver(event, lambda order: "")


def talked(kit):
    call = kit.company("full").call()
    call.answered()
    call.talked(30)
    return call


def statuses(kit):
    return [status for (status,) in kit.app.store.rows("SELECT status FROM recordings ORDER BY id")]


def test_what_is_stored_is_removed_there_even_if_it_takes_a_while(kit, carrier):
    call = talked(kit)
    carrier.kept["one"] = b"sound"
    announce(kit, call, "one")
    carrier.stuck = True
    for _ in range(3):
        kit.jobs(seconds=700)
    assert statuses(kit) == ["stored"]
    assert carrier.kept
    carrier.stuck = False
    kit.jobs(seconds=700)
    assert not carrier.kept


def test_silence_is_removed_and_what_cannot_be_fetched_is_kept(kit, carrier):
    call = talked(kit)
    carrier.kept |= {"silence": b"", "sound": b"sound"}
    announce(kit, call, "silence")
    kit.jobs(seconds=3)
    kit.jobs(seconds=600)
    assert set(carrier.kept) == {"sound"}
    announce(kit, call, "sound")
    carrier.down = True
    for _ in range(9):
        kit.jobs(seconds=10 * 3600)
    carrier.down = False
    kit.jobs(seconds=10 * 3600)
    assert statuses(kit) == ["absent", "failed"]
    assert set(carrier.kept) == {"sound"}


def test_of_two_talks_one_without_sound_keeps_the_unit_of_the_other(kit, carrier):
    company = kit.company("full")
    anna = company.employee("101")
    call = company.dial(anna, "+393470001112")
    call.answered()
    call.transferred("+393470001113", seconds=30, by_caller=True)
    carrier.kept["second"] = b"sound"
    announce(kit, call, "first")
    call.answered()
    call.talked(20)
    announce(kit, call, "second")
    kit.jobs(seconds=3)
    assert statuses(kit) == ["absent", "stored"]
    assert units(kit) == ((1, 0), ["committed"])
