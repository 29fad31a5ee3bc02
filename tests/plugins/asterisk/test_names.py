"""Names that are computed, and what they say when they are read back."""

import pytest

from plugins.asterisk import names

TOKEN = "a_B-9"


@pytest.mark.parametrize(
    "name",
    [
        names.leg_channel(TOKEN, 3),
        names.bridge(TOKEN),
        names.playback(TOKEN, 4),
        names.snoop(TOKEN, 4, "in"),
        names.recording(TOKEN, 4),
        names.recording(TOKEN, 4, "out"),
    ],
)
def test_all_that_a_call_has_bears_its_token(name):
    assert names.token_of(name) == TOKEN


def test_a_callers_channel_is_found_in_the_calls_name():
    assert names.caller_channel(names.call_ref("pbx", "main-1.7")) == "main-1.7"


@pytest.mark.parametrize(
    ("channel", "leg"),
    [(f"{TOKEN}.3", 3), (f"{TOKEN}.4.in", 0), ("other.3", 0), (TOKEN, 0), ("1763000000.12", 0)],
)
def test_a_leg_is_known_by_its_channel(channel, leg):
    assert names.leg_of(TOKEN, channel) == leg


@pytest.mark.parametrize(
    ("dual", "files"),
    [
        (False, [f"centralino/{TOKEN}.4"]),
        (True, [f"centralino/{TOKEN}.4-in", f"centralino/{TOKEN}.4-out"]),
    ],
)
def test_a_recordings_address_names_its_server_and_its_files(dual, files):
    url = names.recording_url("pbx-2", TOKEN, 4, dual=dual)
    assert names.read_recording_url(url) == ("pbx-2", files)


@pytest.mark.parametrize(
    "url",
    ["", "pbx", "pbx/centralino/T/../../etc/1", "http://x/centralino/T.1", "pbx/centralino/T.1-in"],
)
def test_no_other_address_is_one(url):
    assert names.read_recording_url(url) is None


@pytest.mark.parametrize(
    ("name", "employee"),
    [
        ("PJSIP/employee-17-0000002a", 17),
        ("PJSIP/employee-17", 17),
        ("PJSIP/trunk-17-0000002a", None),
        ("PJSIP/employee-x-1", None),
    ],
)
def test_an_employees_phone_is_known_by_its_channels_name(name, employee):
    assert names.employee_of(name) == employee


def test_an_event_is_about_all_that_it_names():
    played = {"type": "PlaybackFinished", "playback": {"id": "T.1.0", "target_uri": "channel:c"}}
    assert names.things_of(played) == {"T.1.0", "c"}
    recorded = {"type": "RecordingFinished", "recording": {"name": "centralino/T.1"}}
    assert names.things_of(recorded) == {"centralino/T.1"}
    assert names.things_of({"type": "Dial", "peer": {"id": "T.1"}}) == {"T.1"}


def test_a_transfer_is_about_who_transfers():
    event = {
        "type": "ChannelTransfer",
        "referred_by": {"source_channel": {"id": "T.1"}},
        "refer_to": {"connected_channel": {"id": "U.1"}},
    }
    assert names.things_of(event) == {"T.1"}
