"""Two Asterisk servers, each with a company, served by one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from core.calls.tables import CallRow
from plugins.asterisk.models import ServerRow
from tests.live.addresses import Addresses
from tests.live.office import Office
from tests.live.pbx import Pbx
from tests.live.phone import Phone
from tests.live.sound import CALLER, PROMPT
from tests.live.stack import BACKUP, SERVER, SLOTS, Stack
from tests.live.waiting import until

OTHER = "other"


@pytest.fixture
def servers(
    stacks: Callable[..., Stack], addresses: Addresses
) -> Iterator[dict[str, tuple[Pbx, Office]]]:
    """The server and the company of each name, all of one installation, whose tables are used."""
    stack = stacks()
    pbx = Pbx(stack.programs, stack.folder / OTHER, addresses.new())
    office = stack.office("professional", "+390612345680")
    with stack.installation.used():
        row = ServerRow.create(name=OTHER, url=f"http://{pbx.address}:8088", user=pbx.user,
                               secret=pbx.secret, sip_host=pbx.address, slots=SLOTS)  # fmt: skip
        new = addresses.new
        others = Office(
            row, "professional", "+390212345680", new(), (new(), new()), stack.folder, BACKUP
        )
    stack.configure()
    where = ("--server", OTHER, "--to", str(pbx.etc))
    stack.installation.run("asterisk", "config", *where, *pbx.places)
    stack.pbx.start()
    pbx.start()
    try:
        stack.run()
        until(lambda: len(pbx.ask("GET", "applications")) >= SLOTS, "the other is served, too")
        with stack.installation.used():
            yield {SERVER: (stack.pbx, office), OTHER: (pbx, others)}
    finally:
        pbx.stop()
        stack.stop()


def test_one_process_serves_both_and_each_call_is_one(
    servers: dict[str, tuple[Pbx, Office]],
) -> None:
    """A call on each at the same time; who calls the one is not heard at the other."""
    phones = []
    try:
        for name, (pbx, office) in servers.items():
            office.menu(PROMPT, seconds=20)
            folder = pbx.folder.parent / f"phone-{name}"
            number = f"+39333{office.number[-7:]}"
            phone = Phone(pbx.programs, folder, office.callers[0], CALLER, pbx.address, number)
            phone.start()
            phones.append(phone)
            phone.dial(office.number)
        for phone in phones:
            until(lambda phone=phone: phone.heard().heard(PROMPT) > 1, "both hear their menus")
    finally:
        for phone in phones:
            phone.stop()
    until(lambda: not CallRow.select().where(CallRow.outcome.is_null()).count(), "both are over")
    calls = {row.ref.partition("/")[0]: row for row in CallRow.select()}
    assert {name: row.called for name, row in calls.items()} == {
        name: office.number for name, (_, office) in servers.items()
    }
    assert CallRow.select().count() == len(servers)
    until(lambda: not any(pbx.channels() for pbx, _ in servers.values()), "no channel is left")
