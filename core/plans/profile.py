"""A number's settings as they take effect: stored values, less what the plan does not include (N3).

Nothing is deleted on a downgrade: a locked field keeps its stored value and acts as its
``fallback``, so that an upgrade brings the value back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from marshmallow import ValidationError
from marshmallow.exceptions import SCHEMA

from core.contract.errors import BadInput, PluginFault
from core.contract.plugin import Plugin
from core.contract.reasons import reason
from core.contract.texts import N_, joined, phrase
from core.plans.catalogue import did_you_mean
from core.plans.decision import Decision
from core.plans.file.faults import printable
from core.plans.gate import Grants

LONGEST_SHOWN = 80
"""So many characters of what was typed stand in a sentence."""

REMEMBERED_PROFILES = 20_000
"""How many profiles one process remembers; building one costs more than all else in a call."""


class Effective:
    """Effective settings: one attribute per field, read-only."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"settings are read-only; {name} was not set")

    def __repr__(self) -> str:
        return f"Effective({self.__dict__!r})"


@dataclass(frozen=True, slots=True)
class Profile:
    """The settings of one plugin for one number.

    Args:
        values: what is stored, read by the schema, defaults filled in.
        settings: what takes effect: the same, with the fallback of each locked field.
        locked: why each locked field is, by field.
        problems: what is stored but cannot be read any more, by field; its default holds.
    """

    values: Mapping[str, Any]
    settings: Effective
    locked: Mapping[str, Decision]
    problems: Mapping[str, str]


_remembered: dict[tuple[str, str, Grants], Profile] = {}


def effective(plugin: Plugin, stored_json: str, grants: Grants) -> Profile:
    """The profile of a number; never raises for what is stored, because a call must go on.

    Args:
        plugin: whose settings.
        stored_json: the stored values as JSON text.
        grants: what the plan gives.

    Raises:
        PluginFault: the plugin's schema refuses even its own defaults.
    """
    key = (plugin.name, stored_json, grants)
    profile = _remembered.get(key)
    if profile is None:
        if len(_remembered) >= REMEMBERED_PROFILES:
            _remembered.clear()
        profile = _remembered[key] = _build(plugin, stored_json, grants)
    return profile


def load_settings(plugin: Plugin, data: Mapping[str, Any]) -> dict[str, Any]:
    """Check what was typed.

    Args:
        plugin: whose settings.
        data: values by field; fields that are left out are not checked and not returned.

    Returns:
        The same fields as plain JSON, in the schema's own form, to be stored.

    Raises:
        BadInput: one sentence per field that cannot be taken.
    """
    if plugin.settings is None:
        raise BadInput(f"{plugin.title} has no settings.")
    schema = plugin.settings()
    try:
        loaded = schema.load(dict(data))
    except ValidationError as error:
        fields = _sentences(plugin, data, error)
        raise BadInput(" ".join(fields.values()), fields=fields) from None
    dumped = schema.dump(loaded)
    return {field: dumped[field] for field in data}


def _build(plugin: Plugin, stored_json: str, grants: Grants) -> Profile:
    if plugin.settings is None:
        empty: Mapping[str, Any] = MappingProxyType({})
        return Profile(empty, Effective(empty), empty, empty)
    stored, problems = _parse(plugin, stored_json)
    values = {name: _frozen(value) for name, value in _load(plugin, stored, problems).items()}
    fields = plugin.settings().fields
    locked = {}
    for name, field in fields.items():
        feature = field.metadata.get("feature")
        if feature and not grants.ask(feature).allowed:
            locked[name] = grants.ask(feature)
    fallbacks = {name: _frozen(fields[name].metadata.get("fallback")) for name in locked}
    return Profile(
        MappingProxyType(values),
        Effective({**values, **fallbacks}),
        MappingProxyType(locked),
        MappingProxyType(problems),
    )


def _parse(plugin: Plugin, text: str) -> tuple[dict[str, Any], dict[str, str]]:
    try:
        stored = json.loads(text)
    except ValueError:
        stored = None
    if isinstance(stored, dict):
        return stored, {}
    return {}, {SCHEMA: f"The stored settings of {plugin.title} are not a JSON object."}


def _load(plugin: Plugin, stored: dict[str, Any], problems: dict[str, str]) -> dict[str, Any]:
    """Read what can be read; each round drops the fields that were refused."""
    while True:
        try:
            return plugin.settings().load(stored)
        except ValidationError as error:
            if not stored:
                sentence = f"The settings of {plugin.title} have no valid defaults: {error}"
                raise PluginFault(plugin.name, sentence) from error
            problems.update(_sentences(plugin, stored, error))
            refused = set(error.messages) & set(stored)
            stored = {key: stored[key] for key in stored if refused and key not in refused}


def _sentences(plugin: Plugin, data: Mapping[str, Any], error: ValidationError) -> dict[str, str]:
    """One sentence per field, with its label and what was typed."""
    fields = plugin.settings().fields
    sentences: dict[str, str] = {}
    for name, messages in error.normalized_messages().items():
        if name == SCHEMA:
            words = N_("%(plugin)s: %(reason)s")
            sentences[name] = phrase(words, plugin=phrase(plugin.title), reason=_flat(messages))
        elif name not in fields:
            hint = did_you_mean(name, fields)
            sentences[name] = f'{plugin.title} has no setting "{name}"{hint or "."}'
        else:
            label = phrase(fields[name].metadata.get("label", name))
            sentences[name] = joined(_refused(label, data.get(name), messages), " ")
    return sentences


def _refused(label: str, typed: Any, messages: Any) -> Iterator[str]:
    """A sentence for what was typed; of a list, one for each of its elements that is wrong."""
    if isinstance(messages, dict) and isinstance(typed, list | tuple):
        for place, inner in messages.items():
            if isinstance(place, int) and place < len(typed):
                yield from _refused(label, typed[place], inner)
        return
    shown = printable(json.dumps(typed, ensure_ascii=False, default=str), LONGEST_SHOWN)
    words = N_("%(label)s: %(typed)s cannot be taken. %(reason)s")
    yield phrase(words, label=label, typed=shown, reason=_flat(messages))


def _flat(messages: Any) -> str:
    if isinstance(messages, dict):
        return joined((f"{key}: {_flat(inner)}" for key, inner in messages.items()), " ")
    return joined(map(reason, messages), " ") if isinstance(messages, list) else reason(messages)


def _frozen(value: Any) -> Any:
    """The value, unchangeable: it is shared by all calls of the number."""
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(inner) for key, inner in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(_frozen(inner) for inner in value)
    return frozenset(value) if isinstance(value, set) else value
