"""Bodies that a route of the REST interface takes, made from its schema."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf
from werkzeug.routing import Rule

from core import web
from core.registry import load
from core.web.api.routes import Route, Routes

SAMPLES = (
    (fields.Boolean, True),
    (fields.Integer, 1),
    (fields.Date, "2026-12-01"),
    (fields.DateTime, "2026-12-01T00:00:00+00:00"),
    (fields.List, []),
    (fields.Mapping, {}),
)


def routes() -> list[Route]:
    """All routes that there are, those of the built-in plugins included."""
    return [one for part in (*web.api.PARTS, *_of_plugins()) for one in part.all]


@cache
def _of_plugins() -> tuple[Routes, ...]:
    return web.api.parts(load())[len(web.api.PARTS) :]


def body_at(rule: Rule, method: str) -> dict[str, Any] | None:
    """The least body that a rule of the URL map takes; None when it takes none."""
    name = rule.endpoint.removeprefix("api.")
    found = (one for one in routes() if (one.view.__name__, one.method) == (name, method))
    route = next(found, None) if rule.endpoint.startswith("api.") else None
    return sample(route.body()) if route and route.body else None


def sample(schema: Schema) -> dict[str, Any]:
    """The least body that a schema takes."""
    found = {field.data_key or name: field for name, field in schema.fields.items()}
    return {name: _sample(field) for name, field in found.items() if field.required}


def bodies_with(schema: Schema, id: int) -> Iterator[dict[str, Any]]:
    """Bodies that a schema takes, each with the id at another place that takes a number."""
    for name, field in schema.fields.items():
        for value in _with(field, id):
            yield {**sample(schema), field.data_key or name: value}


def _with(field: fields.Field, id: int) -> Iterator[Any]:
    if isinstance(field, fields.Integer):
        yield id
    elif isinstance(field, fields.List):
        yield from ([value] for value in _with(field.inner, id))
    elif isinstance(field, fields.Nested):
        yield from ([one] if field.many else one for one in bodies_with(field.schema, id))


def _sample(field: fields.Field) -> Any:
    choices = [word for one in field.validators if isinstance(one, OneOf) for word in one.choices]
    if choices:
        return choices[0]
    if isinstance(field, fields.Nested):
        return [sample(field.schema)] if field.many else sample(field.schema)
    if isinstance(field, fields.List) and any(_asks_for_one(one) for one in field.validators):
        return [_sample(field.inner)]
    return next((value for kind, value in SAMPLES if isinstance(field, kind)), "x")


def _asks_for_one(validator: Any) -> bool:
    return isinstance(validator, Length) and bool(validator.min)
