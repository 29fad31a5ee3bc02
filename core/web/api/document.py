"""The OpenAPI document: written from what the routes and the installed plugins' settings say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from inspect import getdoc
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema
from marshmallow.fields import Field

from core.web.api.routes import Route, Routes
from core.web.api.schemas import PluginSettings, ProblemSchema

PROBLEM = "application/problem+json"

YAML = "application/yaml"
AS_TEXT = {YAML: {"schema": {"type": "string"}}}

EVERYWHERE = {
    400: "It cannot be read: no JSON, or a NUL in it; or a browser's session sent it without the"
    " form token.",
    401: "No key, a wrong one, or nobody is signed in.",
    403: "The role does not include it, or the plan does not: `details.decision` says why.",
}
WITH_A_PLACE = {404: "There is no such thing in the account."}
WHEN_SENDING = {
    413: "It is too large.",
    415: "It is not sent as application/json.",
}
WHEN_CHANGING = {
    409: "A saved scenario would come out differently: `details.differences` has both runs. Send it"
    " again with the header Confirm-Outcomes (or ?confirm=), which is `details.confirm`.",
}
WITH_WORDS = {422: "Something in it cannot be taken; `details.fields` says what to change."}
ELSE = {"default": "Anything else, such as 503 when the database does not answer."}
COMMON = {**EVERYWHERE, **WITH_A_PLACE, **WHEN_SENDING, **WHEN_CHANGING, **WITH_WORDS, **ELSE}

SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": "session",
    "description": "A browser's own; what it writes carries its form token as X-CSRFToken.",
}

PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
"""What stands for a value in a path of Flask's."""


def write_document(parts: Iterable[Routes], settings: Mapping[str, type[Schema]]) -> dict[str, Any]:
    """The document (OpenAPI 3.1) as plain data.

    Args:
        parts: the routes of each subject.
        settings: the settings schema of each installed plugin that has one, by its name.
    """
    schemas = MarshmallowPlugin()
    spec = APISpec(
        "Centralino",
        version("centralino"),
        "3.1.1",
        plugins=[schemas],
        info={"description": "Sign each request with a key from your profile page."},
        security=[{"key": []}, {"session": []}],
    )
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    spec.components.security_scheme("session", SESSION)
    for status, sentence in COMMON.items():
        spec.components.response(str(status), _problem(sentence))
    for one in (_labelled, _anchored, _of_a_plugin):
        schemas.converter.add_attribute_function(one)
    for name, schema in settings.items():
        spec.components.schema(f"settings.{name}", schema=schema)
    known = [{"$ref": f"#/components/schemas/settings.{name}"} for name in settings]
    spec.components.schema("PluginSettings", {"anyOf": known} if known else {"type": "object"})
    for part in parts:
        spec.tag({"name": part.title})
        for route in part.all:
            operation = _operation(route, part.title)
            spec.path(path_of(route.path), operations={route.method.lower(): operation})
    return spec.to_dict()


def path_of(rule: str) -> str:
    """A route's path as OpenAPI writes it, with ``/api``.

    Args:
        rule: as Flask takes it, without ``/api``.
    """
    return "/api" + PLACE.sub(r"{\2}", rule)


def _labelled(converter: Any, field: Field, **options: Any) -> dict[str, str]:
    """What a settings schema says of its fields for forms."""
    texts = {"title": field.metadata.get("label"), "description": field.metadata.get("help")}
    return {name: str(text) for name, text in texts.items() if text}


def _anchored(converter: Any, field: Field, ret: dict[str, Any], **options: Any) -> dict[str, str]:
    """Marshmallow looks for a pattern at the beginning of a text, JSON Schema anywhere in it."""
    pattern = ret.get("pattern", "").replace(r"\Z", "$")
    return {"pattern": pattern if pattern[0] == "^" else f"^(?:{pattern})"} if pattern else {}


def _of_a_plugin(converter: Any, field: Field, **options: Any) -> dict[str, str]:
    is_one = isinstance(field, PluginSettings)
    return {"$ref": "#/components/schemas/PluginSettings"} if is_one else {}


def _operation(route: Route, tag: str) -> dict[str, Any]:
    summary, _, more = (getdoc(route.view) or "").partition("\n")
    roles = ", ".join(one for one in route.roles if one)
    where = ", in the account they work in" if route.account else ""
    operation: dict[str, Any] = {
        "tags": [tag],
        "operationId": route.view.__name__,
        "summary": summary,
        "description": f"For {roles}{where}.\n\n{more.strip()}".strip(),
        "parameters": [_place(*found) for found in PLACE.findall(route.path)],
        "responses": _responses(route),
    }
    if route.query is not None:
        operation["parameters"].append({"in": "query", "schema": route.query})
    if route.body is not None:
        content = {"application/json": {"schema": route.body}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.document is not None:
        content = {"application/json": {"schema": route.document}, **AS_TEXT}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _place(converter: str, name: str) -> dict[str, Any]:
    kind = {"type": "integer", "minimum": 0} if converter == "int" else {"type": "string"}
    return {"in": "path", "name": name, "required": True, "schema": kind}


def _responses(route: Route) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done."}
    if route.answer is not None:
        as_text = AS_TEXT if route.in_yaml else {}
        good["content"] = {"application/json": {"schema": route.answer}, **as_text}
    common = [
        *EVERYWHERE,
        *(WITH_A_PLACE if PLACE.search(route.path) else ()),
        *(WHEN_SENDING if route.method != "GET" else ()),
        *(WHEN_CHANGING if route.method != "GET" and route.account else ()),
        *(WITH_WORDS if route.query or route.body or route.document else ()),
        *ELSE,
    ]
    return {
        str(route.status if route.answer else 204): good,
        **{str(status): str(status) for status in common},
        **{str(status): _problem(sentence) for status, sentence in route.problems.items()},
    }


def _problem(sentence: str) -> dict[str, Any]:
    return {"description": sentence, "content": {PROBLEM: {"schema": ProblemSchema}}}
