"""Who serves which slot: free, ours, others'."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.asterisk.models import ServerRow, SlotRow
from plugins.asterisk.running.leases import (
    LENGTH,
    Lease,
    Leases,
    Server,
    choose,
    is_alive,
    is_free,
    new_holder,
)

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SOON = NOW + timedelta(seconds=9)
ME = "desk/1:100:aaaa"
SERVER = Server("one", "http://127.0.0.1:8088", "centralino", "secret", 4)


def lease(id: int = 1, holder: str = "", until: datetime | None = None) -> Lease:
    return Lease(id, SERVER, id, holder, until)


@pytest.mark.parametrize(
    ("holder", "until", "alive", "free"),
    [
        ("", None, True, True),
        ("desk/1:200:bbbb", SOON, True, False),
        ("desk/1:200:bbbb", SOON, False, True),
        ("desk/1:200:bbbb", NOW, True, True),
        ("desk/2:200:bbbb", SOON, False, False),
        ("away/1:200:bbbb", SOON, False, False),
        ("away/1:200:bbbb", NOW - LENGTH, False, True),
        ("something else", SOON, False, False),
        ("desk/1:200:bbbb", None, True, True),
    ],
)
def test_free(holder: str, until: datetime | None, alive: bool, free: bool) -> None:
    assert is_free(lease(1, holder, until), NOW, ME, lambda pid: alive) is free


@pytest.mark.parametrize(
    ("holders", "taken"),
    [
        ("....", [1, 2, 3, 4]),
        ("m..a", [2, 3]),
        ("aaaa", [4]),
        ("aaam", [3]),
        ("aamm", []),
        ("aabb", [4]),
        ("aabm", []),
        ("aaabm", [3]),
        ("aaaabm", [4]),
        ("a", []),
        ("mmmm", []),
        ("mmma", []),
        ("", []),
    ],
)
def test_what_nobody_serves_then_one_of_who_has_two_more(holders: str, taken: list[int]) -> None:
    leases = [lease(id, holder) for id, holder in enumerate(holders, 1)]
    mine = {one.id for one in leases if one.holder == "m"}
    free = {one.id for one in leases if one.holder == "."}
    assert [one.id for one in choose(leases, mine, "m", free)] == taken


@given(slots=st.integers(0, 12), order=st.lists(st.integers(0, 4), min_size=60, max_size=60))
def test_processes_come_to_have_equally_many_and_then_nothing_moves(
    slots: int, order: list[int]
) -> None:
    """Whoever looks when: after some rounds nobody has two more than another."""
    holders = [""] * slots
    moves = 0
    for process in map(str, [*order, *(list(range(5)) * 15)]):
        leases = [lease(id, holder) for id, holder in enumerate(holders)]
        mine = {id for id, holder in enumerate(holders) if holder == process}
        free = {id for id, holder in enumerate(holders) if not holder}
        for one in choose(leases, mine, process, free):
            holders[one.id] = process
            moves += 1
    counts = [holders.count(str(process)) for process in range(5)]
    assert max(counts) - min(counts) <= 1
    assert moves <= slots * 5


def test_a_holder_is_told_from_others_of_its_process() -> None:
    one, two = new_holder(), new_holder()
    assert one != two
    assert is_free(lease(1, one, SOON), NOW, two, lambda pid: False)
    assert not is_free(lease(1, one, SOON), NOW, two)


def test_alive() -> None:
    assert is_alive(1)
    assert not is_alive(2**22 + 1)


def test_a_secret_is_not_shown() -> None:
    assert "secret" not in repr(lease())


@pytest.fixture
def server(centralino) -> ServerRow:
    return ServerRow.create(
        name="one", url="http://127.0.0.1:8088", user="centralino", secret="s", sip_host="h",
        slots=2,
    )  # fmt: skip


def test_two_processes_take_a_slot_one_gets_it(server: ServerRow) -> None:
    first, second = Leases("desk/1:1:a"), Leases("desk/1:2:b")
    seen, seen_too = first.look()[0], second.look()[0]
    assert first.take(seen, NOW)
    assert not second.take(seen_too, NOW)
    assert [(one.app, one.holder) for one in first.look()] == [
        ("centralino-1", "desk/1:1:a"),
        ("centralino-2", ""),
    ]


def test_an_expired_lease_is_taken_over_and_not_renewed_by_the_first(server: ServerRow) -> None:
    first, second = Leases("desk/1:1:a"), Leases("desk/1:2:b")
    first.take(first.look()[0], NOW)
    later = NOW + LENGTH
    assert second.take(second.look()[0], later)
    first.renew([one.id for one in first.look()], later)
    assert first.look()[0].holder == "desk/1:2:b"
    first.release([first.look()[0].id])
    assert first.look()[0].holder == "desk/1:2:b"


def test_a_lease_is_renewed_and_given_back(server: ServerRow) -> None:
    leases = Leases("desk/1:1:a")
    leases.take(leases.look()[0], NOW)
    leases.renew([leases.look()[0].id], NOW + timedelta(seconds=5))
    assert leases.look()[0].until == NOW + timedelta(seconds=5) + LENGTH
    leases.release([leases.look()[0].id])
    assert (leases.look()[0].holder, leases.look()[0].until) == ("", None)


def test_only_the_servers_that_were_named_and_only_their_slots(server: ServerRow) -> None:
    ServerRow.create(name="two", url="http://h", user="u", secret="s", sip_host="h", slots=1)
    assert len(Leases("x").look()) == 3
    assert [one.server.name for one in Leases("x", ["two"]).look()] == ["two"]
    server.slots = 1
    server.save()
    assert len(Leases("x", ["one"]).look()) == 1
    assert SlotRow.select().count() == 3
