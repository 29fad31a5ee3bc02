"""A scripted caller, as a scenario file describes it (S3)."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from core.contract.call import Outcome
from core.contract.errors import BadInput
from core.contract.events import RingOutcome
from core.contract.reasons import reason
from core.contract.texts import N_, joined, phrase

PARTY = ("answer", "no-answer", "busy", "decline", "failed")
"""What an employee or an outside number can do when it is rung."""

MOST_KEYS = 32
KEYS = rf"^[0-9*#]{{1,{MOST_KEYS}}}$"

LONGEST_WAIT = 3_600
"""So many seconds a caller waits or speaks at most, at a time."""

LONGEST_TALK = 36_000
"""So many seconds a talk lasts at most."""


class _CallSchema(Schema):
    """Who calls which number, when, and on which plan."""

    class Meta:
        """A key that nobody reads is a typing mistake."""

        unknown = RAISE

    to = fields.String(required=True)
    from_ = fields.String(data_key="from", load_default="")
    at = fields.String(load_default="")
    plan = fields.String(load_default="")
    sip_to = fields.String(load_default="")


class _ActionSchema(Schema):
    """One thing the caller does."""

    class Meta:
        """A key that nobody reads is a typing mistake."""

        unknown = RAISE

    press = fields.String(validate=validate.Regexp(KEYS, error="{input!r} are no keys."))
    wait = fields.Integer(validate=validate.Range(0, LONGEST_WAIT))
    say = fields.Integer(validate=validate.Range(0, LONGEST_WAIT))
    hangup = fields.Boolean()

    @validates_schema
    def one_thing(self, data: dict, **_: Any) -> None:
        """An action is one thing at a time."""
        if len(data) != 1:
            raise ValidationError(phrase(N_("Give one of press, wait, say or hangup.")))


class _ExpectationSchema(Schema):
    """What the call should become, and where it should end; "" is anything."""

    class Meta:
        """A key that nobody reads is a typing mistake."""

        unknown = RAISE

    outcome = fields.String(load_default="", validate=validate.OneOf(["", *map(str, Outcome)]))
    ends = fields.String(load_default="", validate=validate.Length(max=255))


class _ScenarioSchema(Schema):
    """A whole scenario."""

    class Meta:
        """A key that nobody reads is a typing mistake."""

        unknown = RAISE

    name = fields.String(load_default="")
    call = fields.Nested(_CallSchema, required=True)
    caller = fields.List(fields.Nested(_ActionSchema), load_default=list)
    employees = fields.Dict(
        keys=fields.String(), values=fields.String(validate=validate.OneOf(PARTY)),
        load_default=dict,
    )  # fmt: skip
    numbers = fields.Dict(
        keys=fields.String(), values=fields.String(validate=validate.OneOf(PARTY)),
        load_default=dict,
    )  # fmt: skip
    talk_seconds = fields.Integer(load_default=60, validate=validate.Range(0, LONGEST_TALK))
    expect = fields.Nested(_ExpectationSchema, load_default=lambda: {"outcome": "", "ends": ""})


def read_scenario(data: Any) -> dict[str, Any]:
    """Check a scenario.

    Args:
        data: ``call`` (to, from, at as ``core.calls.moment`` reads it, plan, sip_to), ``caller``
            (a list of ``press``, ``wait`` seconds, ``say`` seconds, ``hangup``), ``employees`` by
            extension, ``numbers`` by E.164, ``talk_seconds``, ``name``, ``expect`` (outcome,
            ends). Who is not named answers.

    Raises:
        BadInput: names every faulty place of the scenario.
    """
    if not isinstance(data, dict):
        raise BadInput(phrase(N_("A scenario is a mapping with call, caller and employees.")))
    try:
        return _ScenarioSchema().load(data)
    except ValidationError as error:
        faults = dict(_places(error.messages))
        first = next(iter(faults.items()))
        words = N_("Scenario, %(place)s: %(why)s")
        raise BadInput(phrase(words, place=first[0], why=first[1]), fields=faults) from error


def ring_outcome(word: str) -> RingOutcome:
    """How ringing ends for what a party does."""
    words = {"answer": RingOutcome.ANSWERED, "decline": RingOutcome.DECLINED}
    return words.get(word) or RingOutcome(word)


def _places(messages: Any, path: str = "") -> Any:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            here = path if key == "_schema" else f"{path}.{key}".lstrip(".")
            yield from _places(inner, here)
    else:
        yield path or "scenario", joined(map(reason, messages), " ")
