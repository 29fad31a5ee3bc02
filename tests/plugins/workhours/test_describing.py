"""How working hours show themselves: the drawn way, the list of numbers, what leads where; and the
special dates with a way of their own."""

from datetime import date

import pytest

from core.api import END, NEXT, Connect, Destination, Exit, Hangup, Play, Reject, Say
from plugins.workhours import plugin
from plugins.workhours.models import HolidayRow
from tests.plugins.workhours.test_service import CHRISTMAS, MONDAY, SUNDAY_NIGHT


@pytest.fixture
def christmas(schedule):
    """Change the special date of Christmas, which has a prompt of its own."""

    def change(**columns):
        row = HolidayRow.get(HolidayRow.name == "Christmas")
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()

    return change


@pytest.mark.parametrize(
    ("columns", "step", "to"),
    [
        ({"outside": "hang-up"}, Hangup, None),
        ({"outside": "reject"}, Reject, None),
        ({"outside": "voicemail"}, Play, None),
        (
            {"outside": "forward", "destination": "number:+393331111111", "prompt": ""},
            Connect,
            Destination("number", "+393331111111"),
        ),
        (
            {"outside": "destination", "destination": "queue:3", "prompt": ""},
            Connect,
            Destination("queue", "3"),
        ),
    ],
)
def test_a_date_with_a_way_of_its_own_wins_over_the_numbers(
    company, settings, schedule, christmas, columns, step, to
):
    christmas(**columns)
    schedule.holiday_prompt = ""
    schedule.save()
    found = plugin.route_call(company.call(at=CHRISTMAS), settings(outside="reject"))
    assert isinstance(found, step)
    assert to is None or found.destination == to
    ordinary = plugin.route_call(company.call(at=SUNDAY_NIGHT), settings(outside="reject"))
    assert isinstance(ordinary, Reject)


def test_its_prompt_is_heard_before_its_way(company, settings, christmas):
    christmas(outside="destination", destination="queue:3")
    found = plugin.route_call(company.call(at=CHRISTMAS), settings(outside="reject"))
    assert found.prompts == (Say("Merry Christmas."),)
    assert found.state == {"connect": "queue:3"}


def test_a_message_on_a_date_is_for_the_numbers_recipient(company, settings, christmas):
    christmas(outside="voicemail")
    chosen = settings(outside="hang-up", recipient="voicemail:employee:17")
    found = plugin.route_call(company.call(at=CHRISTMAS), chosen)
    assert found.state == {"connect": "voicemail:employee:17"}
    box = plugin.describe_stage(company.account, company.line, chosen)
    assert box.exits[2] == Exit("“Christmas”", "voicemail:employee:17")


def test_hook_find_uses_names_the_date_that_leads_somewhere(company, schedule, christmas):
    queue = Destination("queue", "3")
    assert plugin.find_uses(company.account, queue) == []
    christmas(outside="destination", destination="queue:3")
    assert plugin.find_uses(company.account, queue) == ["Christmas of schedule Office"]
    assert plugin.find_uses(company.account, Destination("queue", "33")) == []
    other = type(company)("Bianchi", "+390687654321")
    assert plugin.find_uses(other.account, queue) == []


def test_the_box_on_the_way_has_the_week_and_where_calls_go(company, settings, schedule, christmas):
    christmas(outside="destination", destination="queue:3")
    chosen = settings(outside="forward", number="+393331111111")
    box = plugin.describe_stage(company.account, company.line, chosen)
    assert (box.title, box.lines) == ("Office", ("Mon–Sat 09:00-18:00", "Europe/Rome"))
    assert box.exits == (
        Exit("open", NEXT),
        Exit("closed", "number:+393331111111"),
        Exit("“Christmas”", "queue:3"),
    )
    assert box.link.endswith(f"?id={schedule.id}")


@pytest.mark.parametrize(
    ("changes", "exit"),
    [
        ({"outside": "hang-up"}, Exit("closed: hang up", END)),
        ({"outside": "reject"}, Exit("closed: reject", END)),
        ({"outside": "voicemail"}, Exit("closed: leave a message", "voicemail")),
        (
            {"outside": "voicemail", "recipient": "voicemail:employee:17"},
            Exit("closed: leave a message", "voicemail:employee:17"),
        ),
        ({"outside": "destination", "destination": "ivr:7"}, Exit("closed", "ivr:7")),
    ],
)
def test_what_happens_outside_the_hours_is_an_exit(company, settings, changes, exit):
    box = plugin.describe_stage(company.account, company.line, settings(**changes))
    assert box.exits[1] == exit


def test_without_a_schedule_there_is_no_box_and_no_badge(company, settings):
    chosen = settings(schedule="")
    assert plugin.describe_stage(company.account, company.line, chosen) is None
    assert plugin.describe_line(company.account, company.line, MONDAY, chosen) == []


def test_a_range_over_the_new_year_in_the_middle_of_the_night(company, settings, schedule):
    """mikopbx/Core#698: a range of days over two months."""
    HolidayRow.create(
        account=company.account.id,
        schedule=schedule,
        kind="range",
        name="Winter",
        date=date(2026, 11, 30),
        until=date(2027, 1, 5),
    )
    schedule.save()
    for day in (MONDAY.replace(day=30), MONDAY.replace(month=12, day=31)):
        assert plugin.route_call(company.call(at=day), settings(outside="reject")) is not None
    for day in (MONDAY.replace(day=28), MONDAY.replace(year=2027, month=1, day=7)):
        assert plugin.route_call(company.call(at=day), settings(outside="reject")) is None
