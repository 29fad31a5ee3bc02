"""What is said when a number's working hours are saved, and what the demo makes."""

from types import SimpleNamespace

import pytest
from marshmallow import ValidationError

from core.api import LineRow
from plugins.workhours import plugin
from plugins.workhours.models import HolidayRow, HoursRow
from plugins.workhours.opening import opening
from plugins.workhours.schedules import schedules
from plugins.workhours.schemas import WorkhoursSettings
from tests.plugins.workhours.test_service import MONDAY, SUNDAY_NIGHT


@pytest.fixture
def problems(company, settings):
    def check(**changes):
        found = plugin.check_settings(company.account, settings(**changes))
        return [(one.field, one.sentence, one.warning) for one in found]

    return check


def test_sensible_settings_have_no_problem(problems):
    assert problems() == []
    assert problems(schedule="") == []
    assert problems(outside="forward", number="+393331111111") == []
    assert problems(outside="destination", destination="queue:3") == []


def test_a_deleted_schedule_is_refused(problems):
    sentence = "This schedule does not exist any more; choose another."
    assert problems(schedule="schedule:99") == [("schedule", sentence, False)]


def test_a_schedule_that_never_opens_is_warned_of(problems, schedule):
    HoursRow.delete().execute()
    HolidayRow.delete().execute()
    schedule.save()
    sentence = "The schedule 'Office' never opens: every call would find it closed."
    assert problems() == [("schedule", sentence, True)]


def test_a_schedule_that_opens_on_one_date_does_open(problems, schedule):
    HoursRow.delete().execute()
    HolidayRow.update(hours="09:00-12:00").where(HolidayRow.name == "Christmas").execute()
    schedule.save()
    assert problems() == []


@pytest.mark.parametrize("field", ["number", "destination"])
def test_calls_need_somewhere_to_go(problems, field):
    outside = "forward" if field == "number" else field
    ((named, _, warning),) = problems(outside=outside)
    assert (named, warning) == (field, False)


@pytest.mark.parametrize("own", ["+390612345678", "+390600000001"])
def test_an_own_number_would_send_the_call_back(problems, company, own):
    LineRow.create(account=company.row, number="+390600000001")
    sentence = f"{own} is a number of this account: the call would come back."
    assert problems(outside="forward", number=own) == [("number", sentence, False)]
    assert problems(outside="destination", destination=f"number:{own}") == [
        ("destination", sentence, False)
    ]


def test_a_number_is_international():
    with pytest.raises(ValidationError) as refused:
        WorkhoursSettings().load({"number": "06 12345"})
    assert refused.value.messages == {
        "number": ["'06 12345' is no international number; write +39…, digits only."]
    }


def test_schedules_are_offered_by_name(company, schedule):
    ((offer),) = plugin.offer_destinations(company.account)
    assert (offer.value, offer.title) == (f"schedule:{schedule.id}", "Office")


def test_the_demo_company_keeps_office_hours(company):
    plugin.demo_company_created(company.account, SimpleNamespace(rented=[company.line_row]))
    ((value, schedule),) = schedules(company.account).items()
    zone = company.line.zone
    assert opening(schedule, MONDAY, zone).open
    assert not opening(schedule, SUNDAY_NIGHT, zone).open
    (profile,) = company.line_row.profiles
    assert (profile.plugin, profile.on, profile.stored) == ("workhours", True, {"schedule": value})
