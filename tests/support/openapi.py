"""A client for tests that holds every answer of the REST interface against its own document."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from core.web.api import document
from core.web.api.document import PROBLEM, YAML, path_of

PROBLEM_SCHEMA = {"$ref": "#/components/schemas/Problem"}


class CheckedClient(FlaskClient):
    """Raises AssertionError when an answer is not what the document promises."""

    def open(self, *arguments: Any, **options: Any) -> Any:
        """Send a request, and look at what comes back."""
        response = super().open(*arguments, **options)
        request = response.request
        if request.path.startswith("/api/") and request.method not in ("HEAD", "OPTIONS"):
            check(self.application, request.method, request.path, response)
        return response


def check(app: Flask, method: str, path: str, response: Any) -> None:
    """Hold an answer against the document: status, type of content, and every field."""
    told = (
        f"{method} {path} answers {response.status_code}: {response.get_data(as_text=True)[:500]}"
    )
    with app.app_context():
        described = document()
    operation = operation_of(app, described, method, path)
    if operation is None:
        assert response.status_code in (401, 404, 405), told
        content: dict[str, Any] = {PROBLEM: {"schema": PROBLEM_SCHEMA}}
    else:
        assert str(response.status_code) in operation["responses"], told
        promised = operation["responses"][str(response.status_code)]
        name = promised.get("$ref", "").rpartition("/")[2]
        promised = described["components"]["responses"][name] if name else promised
        content = promised.get("content", {})
    if not content:
        assert response.get_data() == b"", told
        return
    assert response.mimetype in content, told
    sent = response.text if response.mimetype == YAML else response.json
    schema = content[response.mimetype]["schema"]
    faults = list(validator(described, schema).iter_errors(sent))
    assert not faults, f"{told}\n" + "\n".join(f"{one.json_path}: {one.message}" for one in faults)


def validator(described: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    """Checks values by a schema that stands somewhere in the document."""
    return Draft202012Validator({**schema, "components": described["components"]})


def operation_of(
    app: Flask, described: dict[str, Any], method: str, path: str
) -> dict[str, Any] | None:
    """What the document says of a request; None for what is no route."""
    try:
        rule, _ = app.url_map.bind("localhost").match(path, method, return_rule=True)
    except (NotFound, MethodNotAllowed, RequestRedirect):
        return None
    return described["paths"][path_of(rule.rule.removeprefix("/api"))][method.lower()]
