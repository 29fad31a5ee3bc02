"""Q1, Q3: on what terms a conversation is recorded."""

import pytest
from marshmallow import ValidationError

from core.api import Say, TalkTerms, Tone
from plugins.recording.schemas import RecordingSettings
from plugins.recording.terms import problems, terms


def test_a_number_that_does_not_record_has_no_terms(settings):
    assert terms(settings()) is None


def test_a_recording_takes_a_unit_and_gives_notice(settings):
    assert terms(settings(record_all=True)) == TalkTerms(
        unit="recording.monthly_calls",
        dual_channel=True,
        notice=(Tone("notice", "This call will be recorded."),),
        consent="notice",
        key="1",
    )


def test_without_two_channels_in_the_plan_there_is_one(settings):
    # The gate makes the effective value of a locked setting its fallback (N3).
    assert terms(settings(record_all=True, dual_channel=False)).dual_channel is False


@pytest.mark.parametrize(
    ("consent", "said", "mode"),
    [
        ("off", (), "notice"),
        ("notice", ("This call will be recorded.",), "notice"),
        (
            "opt-out",
            ("This call will be recorded. If you do not want that, press 7.",),
            "opt-out",
        ),
        ("opt-in", ("We would like to record this call. If you agree, press 7.",), "opt-in"),
    ],
)
def test_each_consent_mode_says_what_it_needs(settings, consent, said, mode):
    made = terms(settings(record_all=True, consent=consent, key="7"))
    assert tuple(tone.text for tone in made.notice) == said
    assert (made.consent, made.key) == (mode, "7")


@pytest.mark.parametrize("consent", ["opt-out", "opt-in"])
def test_a_key_without_a_text_is_named_by_a_ready_sentence(settings, consent):
    (tone,) = terms(settings(record_all=True, consent=consent, key="*")).notice
    assert (tone.name, tone.key) == (f"notice-{consent}", "*")


def test_an_own_text_replaces_the_standard_one(settings):
    made = terms(settings(record_all=True, consent="opt-in", prompt=" Taste {key}! ", key="2"))
    assert made.notice == (Say("Taste 2!"),)


@pytest.mark.parametrize("key", ["", "12", "#", "a", "1\n"])
def test_the_key_is_one_key(key):
    with pytest.raises(ValidationError) as refused:
        RecordingSettings().load({"key": key})
    assert refused.value.messages == {"key": ["The key is one of 0 to 9 and *."]}


def test_the_switch_reminds_of_the_law():
    assert "law" in RecordingSettings().fields["record_all"].metadata["help"]


def test_recording_in_silence_is_warned_of(settings):
    (problem,) = problems(settings(record_all=True, consent="off"))
    assert (problem.field, problem.warning) == ("consent", True)


def test_a_text_without_the_key_is_warned_of(settings):
    (problem,) = problems(settings(record_all=True, consent="opt-out", prompt="Hi", key="9"))
    assert problem.sentence == "The text does not name the key 9; write {key} where it belongs."


@pytest.mark.parametrize(
    "changes",
    [
        {"consent": "off"},
        {"record_all": True},
        {"record_all": True, "consent": "opt-in"},
        {"record_all": True, "consent": "opt-out", "prompt": "press 1 for no"},
    ],
)
def test_other_settings_are_fine(settings, changes):
    assert problems(settings(**changes)) == []
