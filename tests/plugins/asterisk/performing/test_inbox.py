"""The clock of a call is Asterisk's, whatever ours says."""

import pytest

from plugins.asterisk.performing.inbox import Inbox
from tests.plugins.asterisk.performing.hurried import run


def told(at):
    return {"type": "ChannelStateChange", "channel": {"id": "1.7"}, "timestamp": at}


@pytest.mark.parametrize("year", [2001, 2099])
def test_a_clock_that_is_behind_ours_is_believed_as_is_one_that_is_ahead(year):
    async def now():
        inbox = Inbox("1.7")
        inbox.take(told(f"{year}-11-23T08:00:00.000+0000"))
        await inbox.next()
        return inbox.now().year

    assert run(now()) == year


def test_what_is_put_back_comes_again_first_and_turns_no_clock_back():
    async def heard():
        inbox = Inbox("1.7")
        events = [told(f"2026-11-23T08:00:0{second}.000+0000") for second in range(3)]
        for event in events:
            inbox.take(event)
        inbox.put_back([await inbox.next(), await inbox.next()])
        again = [await inbox.next() for _ in events]
        return again == events, inbox.now().second

    assert run(heard()) == (True, 2)
