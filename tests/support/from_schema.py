"""Makes values by a JSON Schema, and values that are nearly so: what a program could send."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Strategy = st.SearchStrategy[Any]

TEXTS = st.text(st.characters(exclude_categories=()), max_size=12)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def valid(schema: dict[str, Any], components: dict[str, Any]) -> Strategy:
    """Values that a schema takes; ``components`` are the document's, for ``$ref``."""
    if "$ref" in schema:
        return valid(components["schemas"][schema["$ref"].rpartition("/")[2]], components)
    if "anyOf" in schema:
        return st.one_of([valid(one, components) for one in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if not kinds:
        return ANYTHING
    return st.one_of([_of_kind(kind, schema, components) for kind in kinds])


def _of_kind(kind: str, schema: dict[str, Any], components: dict[str, Any]) -> Strategy:
    if kind == "object":
        return _object(schema, components)
    if kind == "array":
        return st.lists(valid(schema.get("items", {}), components), max_size=3)
    if kind == "string":
        return _string(schema)
    return {
        "null": st.none(),
        "boolean": st.booleans(),
        "integer": st.integers(schema.get("minimum"), schema.get("maximum")),
        "number": st.floats(schema.get("minimum"), schema.get("maximum"), allow_nan=False),
    }[kind]


def _object(schema: dict[str, Any], components: dict[str, Any]) -> Strategy:
    fields = {name: valid(one, components) for name, one in schema.get("properties", {}).items()}
    required = {name: fields.pop(name) for name in schema.get("required", ())}
    others = schema.get("additionalProperties", {})
    if not isinstance(others, dict) or fields or required:
        return st.fixed_dictionaries(required, optional=fields)
    return st.dictionaries(TEXTS, valid(others, components), max_size=3)


def _string(schema: dict[str, Any]) -> Strategy:
    if schema.get("format") == "date":
        return st.dates().map(str)
    if schema.get("format") == "date-time":
        return st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat())
    if "pattern" in schema:
        return st.from_regex(schema["pattern"])
    return st.text(max_size=min(schema.get("maxLength", 20), 20))


@st.composite
def nearly(draw: st.DrawFn, schema: dict[str, Any], components: dict[str, Any]) -> Any:
    """Values that a schema takes, or takes but for one place."""
    value = draw(valid(schema, components))
    place = value
    while isinstance(place, dict) and draw(st.booleans()):
        key = draw(st.sampled_from([*place, "unknown"]))
        if isinstance(place.get(key), dict) and draw(st.booleans()):
            place = place[key]
        else:
            place[key] = draw(ANYTHING)
            break
    return value
