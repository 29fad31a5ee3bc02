"""Where the other account's ids and texts can be put into what the REST interface is sent.

Nothing here names a route: they are walked by what they say of themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from core import web
from core.web.api.routes import Route
from tests.matrix.addresses import fill
from tests.matrix.two_accounts import TwoAccounts
from tests.matrix.walks import WORDS, is_id, some_ids, texts
from tests.matrix.watch import Body, Watch

SAMPLES = (
    (fields.Boolean, True),
    (fields.Integer, 1),
    (fields.Date, "2026-12-01"),
    (fields.DateTime, "2026-12-01T00:00:00+00:00"),
    (fields.List, []),
    (fields.Mapping, {}),
)


def routes() -> list[Route]:
    """All that there are."""
    return [one for part in web.api.PARTS for one in part.all]


def in_api(accounts: TwoAccounts, watch: Watch) -> None:
    """Every route, at addresses of our own: each word of its query and each number in its body."""
    rules = {one.endpoint: one for one in accounts.site.app.url_map.iter_rules()}
    for route in routes():
        rule = rules[f"api.{route.view.__name__}"]

        def ours(name: str, rule: Any = rule) -> Any:
            return 1 if is_id(rule._converters[name]) else WORDS[name](accounts)[0]

        address = fill(rule, ours)
        for name in route.query().fields if route.query else ():
            for value in (*some_ids(accounts), *texts(accounts)):
                watch.send(route.method, f"{address}?{urlencode({name: value})}")
        for id in some_ids(accounts) if route.body else ():
            for body in bodies(route.body(), id):
                watch.send(route.method, address, Body(body))


def bodies(schema: Schema, id: int) -> Iterator[dict[str, Any]]:
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
        yield from ([one] if field.many else one for one in bodies(field.schema, id))


def sample(schema: Schema) -> dict[str, Any]:
    """The least body that a schema takes."""
    found = {field.data_key or name: field for name, field in schema.fields.items()}
    return {name: _sample(field) for name, field in found.items() if field.required}


def _sample(field: fields.Field) -> Any:
    choices = [word for one in field.validators if isinstance(one, OneOf) for word in one.choices]
    if choices:
        return choices[0]
    if isinstance(field, fields.Nested):
        return [sample(field.schema)] if field.many else sample(field.schema)
    return next((value for kind, value in SAMPLES if isinstance(field, kind)), "x")
