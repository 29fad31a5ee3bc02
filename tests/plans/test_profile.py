"""A number's settings: what is stored, what takes effect, and what the plan locks (N3)."""

from __future__ import annotations

import json
from types import MappingProxyType, SimpleNamespace

import pytest
from marshmallow import ValidationError, fields, validate, validates_schema

from core.contract.errors import BadInput, PluginFault
from core.contract.plugin import Plugin
from core.contract.settings import Settings, setting
from core.plans.decision import Decision, Reason
from core.plans.profile import effective, load_settings


class QueueSettings(Settings):
    strategy = setting(
        fields.String(
            load_default="evenly",
            validate=validate.OneOf(["evenly", "all"], error="Choose evenly or all."),
        ),
        "Strategy",
        feature="queue.ring_all",
        fallback="evenly",
    )
    seconds = setting(
        fields.Integer(load_default=25, validate=validate.Range(5, 600)), "Ring for", "Seconds."
    )
    people = setting(fields.List(fields.Integer(), load_default=list), "People")
    texts = setting(fields.Dict(load_default=dict), "Texts", feature="queue.texts", fallback=[1])
    opens = setting(fields.Time(load_default=None, allow_none=True), "Opens")

    @validates_schema
    def check(self, data, **_):
        if data["seconds"] == 13:
            raise ValidationError("Thirteen is unlucky.")
        if data["seconds"] == 14:
            raise ValidationError("Fourteen, too.", "seconds")


QUEUE = Plugin("queue", "Queue", settings=QueueSettings)
DEFAULTS = {"strategy": "evenly", "seconds": 25, "people": (), "texts": {}, "opens": None}


class FakeGrants:
    """Grants that include the given features only."""

    def __init__(self, *features: str) -> None:
        self.features = features

    def ask(self, feature: str) -> Decision:
        included = feature in self.features
        return Decision(feature, included, Reason.OK if included else Reason.NOT_IN_PLAN)


ALL = FakeGrants("queue.ring_all", "queue.texts")
NONE = FakeGrants()


def test_a_number_that_says_nothing_has_a_complete_profile():
    profile = effective(QUEUE, "{}", ALL)
    assert dict(profile.values) == DEFAULTS
    assert vars(profile.settings) == DEFAULTS
    assert (dict(profile.locked), dict(profile.problems)) == ({}, {})


def test_a_field_outside_the_plan_is_locked_and_acts_as_its_fallback():
    profile = effective(QUEUE, '{"strategy": "all", "texts": {"a": [1]}}', NONE)
    assert profile.settings.strategy == "evenly"
    assert profile.settings.texts == (1,)
    assert profile.values["strategy"] == "all"
    assert set(profile.locked) == {"strategy", "texts"}
    assert profile.locked["strategy"].reason is Reason.NOT_IN_PLAN


def test_a_downgrade_deletes_nothing_and_an_upgrade_brings_it_back():
    stored = json.dumps(load_settings(QUEUE, {"strategy": "all"}))
    before, locked, after = (effective(QUEUE, stored, one) for one in (ALL, NONE, ALL))
    assert [one.settings.strategy for one in (before, locked, after)] == ["all", "evenly", "all"]
    assert locked.values == before.values


def test_a_profile_is_built_once_per_text_and_grants():
    stored = '{"seconds": 30}'
    assert effective(QUEUE, stored, ALL) is effective(QUEUE, str(stored), ALL)
    assert effective(QUEUE, stored, ALL) is not effective(QUEUE, stored, NONE)


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr("core.plans.profile.REMEMBERED_PROFILES", 1)
    first = effective(QUEUE, '{"seconds": 31}', ALL)
    effective(QUEUE, '{"seconds": 32}', ALL)
    assert effective(QUEUE, '{"seconds": 31}', ALL) is not first


def test_nobody_can_change_what_all_calls_share():
    profile = effective(QUEUE, '{"people": [1, 2], "texts": {"a": [1, {"b": 2}]}}', ALL)
    with pytest.raises(AttributeError, match="read-only"):
        profile.settings.seconds = 5
    with pytest.raises(TypeError):
        profile.values["seconds"] = 5
    assert profile.settings.people == (1, 2)
    assert isinstance(profile.settings.texts, MappingProxyType)
    assert isinstance(profile.settings.texts["a"][1], MappingProxyType)
    assert "seconds=25" in repr(SimpleNamespace(**vars(profile.settings)))
    assert repr(profile.settings).startswith("Effective({'strategy': 'evenly'")


def test_a_plugin_without_settings_has_an_empty_profile():
    profile = effective(Plugin("forward", "Forward"), "{}", ALL)
    assert (dict(profile.values), vars(profile.settings)) == ({}, {})
    with pytest.raises(BadInput, match=r"Forward has no settings\."):
        load_settings(Plugin("forward", "Forward"), {})


@pytest.mark.parametrize(
    ("stored", "expected", "problems"),
    [
        (
            {"seconds": "soon", "strategy": "all"},
            {"strategy": "all"},
            {"seconds": 'Ring for: "soon" cannot be taken. Not a valid integer.'},
        ),
        (
            {"secnods": 5, "people": [3]},
            {"people": (3,)},
            {"secnods": 'Queue has no setting "secnods", did you mean "seconds"?'},
        ),
        (
            {"people": [1, "x"], "gone": 1},
            {},
            {
                "people": 'People: "x" cannot be taken. Not a valid integer.',
                "gone": 'Queue has no setting "gone".',
            },
        ),
        ({"seconds": 13}, {}, {"_schema": "Queue: Thirteen is unlucky."}),
        (
            {"seconds": 14, "strategy": "all"},
            {"strategy": "all"},
            {"seconds": "Ring for: 14 cannot be taken. Fourteen, too."},
        ),
    ],
)
def test_stored_settings_of_an_older_version_never_stop_a_call(stored, expected, problems):
    profile = effective(QUEUE, json.dumps(stored), ALL)
    assert dict(profile.values) == {**DEFAULTS, **expected}
    assert dict(profile.problems) == problems


@pytest.mark.parametrize("stored", ["", "nonsense", "[1]", "null"])
def test_stored_text_that_is_no_object_counts_as_nothing_stored(stored):
    profile = effective(QUEUE, stored, ALL)
    assert dict(profile.values) == DEFAULTS
    assert dict(profile.problems) == {
        "_schema": "The stored settings of Queue are not a JSON object."
    }


def test_a_schema_that_refuses_its_own_defaults_is_the_plugins_fault():
    class Broken(Settings):
        name = setting(fields.String(required=True), "Name")

    with pytest.raises(PluginFault, match="no valid defaults") as fault:
        effective(Plugin("broken", "Broken", settings=Broken), '{"nam": 1}', ALL)
    assert fault.value.plugin == "broken"


def test_what_was_typed_comes_back_as_plain_json_of_the_same_fields():
    assert load_settings(QUEUE, {"seconds": "30", "opens": "09:30"}) == {
        "seconds": 30,
        "opens": "09:30:00",
    }


def test_each_field_that_cannot_be_taken_has_one_sentence():
    with pytest.raises(BadInput) as refused:
        load_settings(QUEUE, {"seconds": 3, "strategy": "loudest", "colour": "red"})
    assert refused.value.fields == {
        "seconds": "Ring for: 3 cannot be taken. "
        "Must be greater than or equal to 5 and less than or equal to 600.",
        "strategy": 'Strategy: "loudest" cannot be taken. Choose evenly or all.',
        "colour": 'Queue has no setting "colour".',
    }
    assert all(sentence in str(refused.value) for sentence in refused.value.fields.values())
