"""The gateway is killed, and the calls go on; it is away, and the backup number rings."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from plugins.asterisk.names import employee_of
from tests.live import sipp
from tests.live.office import Office
from tests.live.pbx import Pbx
from tests.live.sound import ANNA, BRUNO, CALLER, OUTSIDE, PROMPT, SECOND_PROMPT, read
from tests.live.stack import BACKUP, SLOTS, Stack
from tests.live.waiting import PATIENCE_SECONDS, until
from tests.support.postgres import cluster, new_database, programs

CALLS = 20
"""So many that each of two slots, chosen at random, has one of them."""


def test_in_the_menu(stack: Stack, office: Office) -> None:
    office.menu(PROMPT, seconds=8, _1=f"employee:{office.anna.id}")
    anna = stack.telephone(office.anna, ANNA)
    caller = stack.caller(office, "+393331000071")
    caller.dial(office.number)
    until(lambda: caller.heard().heard(PROMPT) > 1, "the caller hears the menu")
    stack.gateway.kill()
    caller.forget()
    stack.run()
    until(lambda: caller.heard().heard(PROMPT) > 1, "the caller hears the menu after that")
    caller.press("1")
    until(lambda: caller.heard().heard(ANNA) > 1, "the caller hears Anna")
    anna.hang_up()
    assert stack.installation.call("+393331000071").ended().outcome == "answered"
    assert len(stack.installation.calls("+393331000071")) == 1


@pytest.mark.parametrize("answered", ["after the restart", "while it was away"])
def test_while_it_rings(stack: Stack, office: Office, answered: str) -> None:
    """Who answers while nobody is there to connect them waits for it."""
    number = {"after the restart": "+393331000072", "while it was away": "+393331000073"}[answered]
    office.group(office.anna, rings=12)
    anna = stack.telephone(office.anna, ANNA, answers=False)
    caller = stack.caller(office, number)
    caller.dial(office.number)
    anna.wait("CALL_INCOMING")
    stack.gateway.kill()
    if answered == "after the restart":
        stack.run()
    anna.do("accept")
    if answered == "while it was away":
        anna.wait("CALL_ESTABLISHED")
        stack.run()
    until(lambda: anna.heard().heard(CALLER) > 1, "Anna hears the caller")
    until(lambda: caller.heard().heard(ANNA) > 1, "the caller hears Anna")
    caller.hang_up()
    row = stack.installation.call(number).ended()
    assert (row.outcome, row.employee_id) == ("answered", office.anna.id)


def test_two_answer_while_it_is_away(stack: Stack, office: Office) -> None:
    """One of them has the call then, and the other is let go."""
    office.group(office.anna, office.bruno, strategy="all", rings=12)
    phones = {
        employee.id: stack.telephone(employee, hertz, answers=False)
        for employee, hertz in ((office.anna, ANNA), (office.bruno, BRUNO))
    }
    caller = stack.caller(office, "+393331000082")
    caller.dial(office.number)
    for phone in phones.values():
        phone.wait("CALL_INCOMING")
    stack.gateway.kill()
    for phone in phones.values():
        phone.do("accept")
        phone.wait("CALL_ESTABLISHED")
    stack.run()
    until(lambda: any(one.happened("CALL_CLOSED") for one in phones.values()), "one is let go")
    (stays,) = (id for id, phone in phones.items() if not phone.happened("CALL_CLOSED"))
    until(lambda: phones[stays].heard().heard(CALLER) > 1, "the other hears the caller")
    caller.hang_up()
    call = stack.installation.call("+393331000082")
    row = call.ended()
    assert (row.outcome, row.employee_id) == ("answered", stays)
    assert sorted(ring for _, ring in call.legs()) == ["answered", "no-answer"]
    stack.pbx.wait_empty()


def test_between_making_and_dialling_a_phone(stack: Stack, office: Office) -> None:
    """Whoever comes next dials it."""
    office.group(office.anna, rings=12)
    anna = stack.telephone(office.anna, ANNA, answers=False)
    caller = stack.caller(office, "+393331000083")
    caller.dial(office.number)
    anna.wait("CALL_INCOMING")
    stack.gateway.kill()
    leg = next(one for one in stack.pbx.ask("GET", "channels") if employee_of(one["name"]))
    stack.pbx.hang_up(leg["id"])
    anna.wait("CALL_CLOSED")
    make(stack.pbx, leg)
    stack.run()
    anna.wait("CALL_INCOMING")
    anna.do("accept")
    until(lambda: anna.heard().heard(CALLER) > 1, "Anna hears the caller")
    caller.hang_up()
    row = stack.installation.call("+393331000083").ended()
    assert (row.outcome, row.employee_id) == ("answered", office.anna.id)


def make(pbx: Pbx, leg: dict[str, Any]) -> None:
    """Make a phone's channel again, and do not dial it, as a gateway that is killed just then."""
    app, *words = leg["dialplan"]["app_data"].split(",")
    address = f"ws://{pbx.address}:8088/ari/events?app={app}&api_key={pbx.user}:{pbx.secret}"
    with connect(address, proxy=None) as gateway:
        pbx.ask("POST", "channels/create", endpoint=leg["name"].rpartition("-")[0], app=app,
                appArgs=",".join(words), channelId=leg["id"])  # fmt: skip
        until(lambda: "StasisStart" in gateway.recv(PATIENCE_SECONDS), "it is the gateway's")


@pytest.mark.parametrize("hung_up", ["after the restart", "while it was away"])
def test_in_the_talk(stack: Stack, office: Office, hung_up: str) -> None:
    number = {"after the restart": "+393331000074", "while it was away": "+393331000075"}[hung_up]
    office.group(office.anna)
    office.tones(rating=SECOND_PROMPT)
    office.profile("recording", record_all=True, dual_channel=True, consent="off")
    office.profile("quality_rating", min_talk_seconds=1)
    anna = stack.telephone(office.anna, ANNA)
    caller = stack.caller(office, number)
    caller.dial(office.number)
    until(lambda: caller.heard().heard(ANNA) > 1, "the caller hears Anna")
    stack.gateway.kill()
    caller.forget()
    until(lambda: caller.heard().heard(ANNA) > 1, "they talk on while nobody watches")
    if hung_up == "while it was away":
        caller.hang_up()
        until(lambda: not caller_is_there(stack), "Asterisk knows that the caller is gone")
    stack.run()
    if hung_up == "after the restart":
        anna.hang_up()
        until(lambda: caller.heard().heard(SECOND_PROMPT) > 0.5, "the caller is asked for a rating")
        caller.press("4")
        caller.wait("CALL_CLOSED")
    call = stack.installation.call(number)
    row = call.ended()
    assert (row.outcome, row.employee_id) == ("answered", office.anna.id)
    assert row.talk_seconds >= 2
    assert call.recording().channels == 2
    said_by_caller, said_by_anna = read(call.file())
    assert said_by_caller.heard(CALLER) > 1.5, said_by_caller.says()
    assert said_by_anna.heard(ANNA) > 1.5, said_by_anna.says()
    stack.pbx.wait_empty()


def test_a_caller_who_comes_while_it_is_away_reaches_the_backup_number(
    stack: Stack, office: Office
) -> None:
    outside = stack.outside(office, BACKUP)
    stack.gateway.stop()
    caller = stack.caller(office, "+393331000076")
    caller.dial(office.spare.number)
    until(lambda: outside.heard().heard(CALLER) > 1, "the backup number hears the caller")
    until(lambda: caller.heard().heard(OUTSIDE) > 1, "the caller hears the backup number")
    caller.hang_up()
    outside.wait("CALL_CLOSED")


def test_a_phone_reaches_the_emergency_services_while_it_is_away(
    stack: Stack, office: Office
) -> None:
    emergency = stack.outside(office, "112")
    anna = stack.telephone(office.anna, ANNA)
    stack.gateway.stop()
    anna.dial("112")
    until(lambda: emergency.heard().heard(ANNA) > 1, "the emergency services hear Anna")
    anna.hang_up()
    emergency.wait("CALL_CLOSED")


def test_asterisk_itself_is_started_again(stack: Stack, office: Office) -> None:
    """Its calls are lost; they are written down, and the next ones are taken."""
    office.menu(PROMPT)
    caller = stack.caller(office, "+393331000080")
    caller.dial(office.number)
    until(lambda: caller.heard().heard(PROMPT) > 1, "the caller hears the menu")
    stack.pbx.stop()
    stack.pbx.start()
    until(lambda: len(stack.slots()) == SLOTS, "the gateway is connected again")
    assert stack.installation.call("+393331000080").ended().outcome == "abandoned"
    again = stack.caller(office, "+393331000081", place=1)
    again.dial(office.number)
    until(lambda: again.heard().heard(PROMPT) > 1, "the next caller hears the menu")
    again.hang_up()
    assert stack.installation.call("+393331000081").ended().outcome == "abandoned"
    stack.gateway.check()


def test_two_processes_share_the_calls_and_one_takes_over_from_the_other(
    stack: Stack, office: Office
) -> None:
    stack.gateway.stop()
    stack.run("--workers", "2")
    menu = office.menu(PROMPT, seconds=5)
    menu.first_seconds = 2
    menu.save()
    number = "+393331000077"
    calls = sipp.is_answered_until_bye(office.number, number)
    callers = stack.scripted_caller(office, calls, count=CALLS, more=("-r", str(CALLS)))
    until(lambda: len(stack.busy_slots()) == SLOTS, "both have calls")
    until(lambda: len(stack.installation.calls(number)) == CALLS, "all calls are there")
    stack.gateway.kill_child()
    callers.wait(90)
    rows = [call.ended() for call in stack.installation.calls(number)]
    assert [row.outcome for row in rows] == ["missed"] * CALLS, "each call was handled once"
    stack.gateway.stop()


def test_a_second_process_stands_by(stack: Stack, office: Office) -> None:
    """Started on its own beside the first, it serves as soon as the first is gone."""
    first = stack.gateway
    office.menu(PROMPT, seconds=8, _1=f"employee:{office.anna.id}")
    stack.telephone(office.anna, ANNA)
    caller = stack.caller(office, "+393331000079")
    caller.dial(office.number)
    until(lambda: caller.heard().heard(PROMPT) > 1, "the caller hears the menu")
    stack.stand_by()
    first.kill()
    until(stack.serves, "the second serves all slots")
    caller.forget()
    until(lambda: caller.heard().heard(PROMPT) > 1, "the caller hears the menu after that")
    caller.press("1")
    until(lambda: caller.heard().heard(ANNA) > 1, "the caller hears Anna")
    caller.hang_up()
    assert stack.installation.call("+393331000079").ended().outcome == "answered"


def caller_is_there(stack: Stack) -> bool:
    """Whether Asterisk has a channel of somebody outside."""
    return any("trunk" in name for name in stack.pbx.channels())


class Falling:
    """A PostgreSQL server that stands still, goes on, and is ended, as a test wants."""

    def __init__(self, binaries: Path) -> None:
        self._running = ExitStack()
        self.folder = self._running.enter_context(cluster(binaries))

    def stands_still(self) -> None:
        """It takes connections, and answers nothing: a machine that hangs."""
        self._tell(signal.SIGSTOP)

    def goes_on(self) -> None:
        """It answers again."""
        self._tell(signal.SIGCONT)

    def ends(self) -> None:
        """It is gone."""
        self.goes_on()
        self._running.close()

    def _tell(self, number: int) -> None:
        started = self.folder / "data/postmaster.pid"
        if started.exists():
            first = started.read_text().split()[0]
            others = Path(f"/proc/{first}/task/{first}/children").read_text().split()
            for one in (first, *others):
                os.kill(int(one), number)


@pytest.fixture
def database() -> Iterator[Falling]:
    """A database of the test's own."""
    binaries = programs()
    if binaries is None:  # what is on PostgreSQL is tested where it is installed
        pytest.skip("PostgreSQL's programs are not installed; its loss was not tested")
    server = Falling(binaries)
    yield server
    server.ends()


@pytest.fixture
def falling(stacks: Callable[..., Stack], database: Falling) -> Iterator[Stack]:
    """A stack with that database, not yet running."""
    stack = stacks(new_database(database.folder))
    yield stack
    stack.stop()


def test_the_database_is_away_and_the_backup_number_rings(
    falling: Stack, database: Falling
) -> None:
    """First it answers no more, then it is gone."""
    office = falling.office("professional", "+390512345670")
    falling.configure()
    falling.pbx.start()
    falling.run()
    with falling.installation.used():
        outside = falling.outside(office, BACKUP)
        caller = falling.caller(office, "+393331000078")
    for happens in (database.stands_still, database.ends):
        happens()
        outside.forget()
        caller.dial(office.spare.number)
        until(lambda: outside.heard().heard(CALLER) > 1, "the backup number hears the caller", 60)
        caller.hang_up()
        outside.wait("CALL_CLOSED")
    falling.gateway.check()
