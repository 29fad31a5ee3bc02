"""Who is told of which event."""

from __future__ import annotations

from typing import Any

from plugins.asterisk.running.roster import Early, Roster

A = "A" * 24


def about(**things: Any) -> dict[str, Any]:
    return {"type": "Something"} | things


def test_a_call_hears_of_all_that_bears_its_name_once() -> None:
    roster, call = Roster(), Early()
    roster.add("1.7", call)
    roster.add(A, call)
    events = [
        about(channel={"id": "1.7"}),
        about(channel={"id": f"{A}.1"}),
        about(peer={"id": f"{A}.2"}, caller={"id": "1.7"}),
        about(playback={"id": f"{A}.3.0", "target_uri": "channel:1.7"}),
        about(recording={"name": f"centralino/{A}.3-in"}),
        about(channel={"id": "1.7"}, bridge={"id": A}),
    ]
    assert all(roster.tell(event) for event in events)
    assert call.events == events


def test_others_hear_nothing() -> None:
    roster = Roster()
    roster.add(A, Early())
    assert not roster.tell(about(channel={"id": "1.8"}))
    assert not roster.tell(about(channel={"id": "B" * 24 + ".1"}))


def test_who_follows_hears_too_and_no_more_when_removed() -> None:
    roster, own, other = Roster(), Early(), Early()
    roster.add("1.7", own)
    roster.add("1.7", other)
    roster.add("1.7", other)
    assert roster.tell(about(channel={"id": "1.7"}))
    roster.remove(own)
    assert roster.tell(about(channel={"id": "1.7"}))
    assert (len(own.events), len(other.events)) == (1, 2)
    roster.remove(other)
    roster.remove(other)
    assert "1.7" not in roster
    assert len(roster) == 0
