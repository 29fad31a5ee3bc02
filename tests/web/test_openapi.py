"""The document of the REST interface: whole, valid, and what the routes really do.

That every answer in any test is what the document promises, ``tests.support.openapi`` checks.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from marshmallow import Schema, fields

from core.contract.errors import Conflict
from core.web.api import PARTS, document
from core.web.api.document import path_of
from core.web.api.routes import Routes
from core.web.api.schemas import Answer, RowId
from core.web.member import INSTALLATION_ROLES
from tests.support.from_schema import ANYTHING, nearly
from tests.support.openapi import check, validator
from tests.web.test_api import Program, problem

META = json.loads((Path(__file__).parent / "openapi-3.1-schema.json").read_text("utf-8"))
"""The OpenAPI Initiative's own schema of documents (Apache-2.0)."""

ROUTES = [(one.method, one.path) for routes in PARTS for one in routes.all]


@pytest.fixture
def described(site):
    with site.app.app_context():
        return document()


def test_the_document_is_what_openapi_says(described):
    faults = [
        f"{one.json_path}: {one.message}"
        for one in Draft202012Validator(META).iter_errors(described)
    ]
    assert faults == []
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_route_is_in_the_document_and_the_reverse(site, described):
    rules = {
        (path_of(rule.rule.removeprefix("/api")), method.lower())
        for rule in site.app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    told = {(path, method) for path, one in described["paths"].items() for method in one}
    assert told == rules
    names = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) >= 6


def test_every_route_says_in_words_what_it_does_and_who_may(described):
    for path in described["paths"].values():
        for one in path.values():
            assert one["summary"].endswith(".")
            assert one["description"].startswith("For ")


def test_settings_of_the_installed_plugins_are_described(described):
    schemas = described["components"]["schemas"]
    assert {"settings.crm", "settings.recording"} <= set(schemas)
    assert "settings.ivr" not in schemas  # not installed here
    seconds = schemas["settings.extension"]["properties"]["seconds"]
    assert (seconds["minimum"], seconds["maximum"], seconds["title"]) == (
        5,
        120,
        "Seconds an employee is rung",
    )


@pytest.mark.parametrize("name", ["anna", "aldo", "olga", "bill", "nobody"])
def test_whoever_has_signed_in_reads_it(site, described, name):
    assert site.sign_in(name).get("/api/openapi.json").json == described


def test_it_is_english_whoever_asks_first(site):
    client = site.app.test_client()
    headers = {"Authorization": f"Bearer {Program(site, 'Anna', site.rome).token}"}
    answer = client.get("/api/openapi.json", headers={**headers, "Accept-Language": "it"})
    crm = answer.json["components"]["schemas"]["settings.crm"]["properties"]
    assert all(one["title"].isascii() for one in crm.values())
    assert answer.json["components"]["schemas"]["settings.recording"]["properties"]["key"][
        "title"
    ].startswith("Key to refuse")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {"account": "Rossi", "plan": "free"}),
        (200, {"account": "Rossi", "plan": 1, "features": {}}),
        (200, {"account": "Rossi", "plan": "free", "features": {}, "more": 1}),
        (201, {"account": "Rossi", "plan": "free", "features": {}}),
        (500, {}),
    ],
)
def test_an_answer_that_is_not_promised_is_noticed(site, status, body):
    text = json.dumps(body)
    answer = SimpleNamespace(
        status_code=status, mimetype="application/json", json=body, get_data=lambda **options: text
    )
    with pytest.raises(AssertionError, match="GET /api/features answers"):
        check(site.app, "GET", "/api/features", answer)


# --- What programs send ---------------------------------------------------------------------------


@pytest.fixture
def programs(site):
    """One in an account, two in the installation."""
    return [
        Program(site, "Anna", site.rome),
        Program(site, "Olga", None),
        Program(site, "Bill", None),
    ]


def drawn_address(data, operation, path, described):
    """Path and query, and whether the document takes the query."""
    query, good = {}, True
    for one in operation["parameters"]:
        if one["in"] == "path":
            ids = st.integers(0, 4) | st.integers(2**31 - 1, 2**64)
            words = st.sampled_from(["crm", "recording", "voicemail", "unknown", "%00", "ü"])
            value = data.draw(ids if one["schema"]["type"] == "integer" else words)
            path = path.replace(f"{{{one['name']}}}", str(value))
        elif data.draw(st.booleans()):
            value = data.draw(nearly(one["schema"], described["components"]) | st.text(max_size=5))
            query[one["name"]] = str(value).encode("utf-8", "replace").decode()
    if query and data.draw(st.integers(0, 9)) == 0:
        query["unknown"], good = "1", False
    return path, query, good


@pytest.mark.slow
@pytest.mark.parametrize(("method", "route"), ROUTES)
def test_whatever_is_sent_the_answer_is_documented(site, programs, described, method, route):
    operation = described["paths"][path_of(route)][method.lower()]
    # A plugin's settings are read as forms send them: "yes" is true, "25" is 25.
    schemas = {**described["components"]["schemas"], "PluginSettings": {"type": "object"}}
    read = {"components": {**described["components"], "schemas": schemas}}
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def walk(data):
        path, query, good = drawn_address(data, operation, path_of(route), described)
        options = {}
        if schema is not None:
            body = data.draw(nearly(schema, described["components"]) | ANYTHING)
            good &= validator(read, schema).is_valid(body)
            options = {"data": json.dumps(body), "content_type": "application/json"}
        program = data.draw(st.sampled_from(programs))
        answer = program.send(method, path.removeprefix("/api"), query_string=query, **options)
        assert good or answer.status_code >= 400, (path, query, options)

    walk()


BROKEN = [
    (b"{", 400),
    (b"", 400),
    (b"\xff", 400),
    (b'{"a": "\\ud800"}', 400),
    (b"[" * 200_000, 400),
    (b"1" * 5000, 400),
    (b"null", 422),
    (b"[]", 422),
    (b'"text"', 422),
    (b"NaN", 422),
    (b'{"\\u0000": 1}', 400),
    (b'{"a": "b\\u0000"}', 400),
    (rb'{"a": "\\u0000"}', 422),
]


@pytest.mark.parametrize(("body", "status"), BROKEN, ids=[str(one[:20]) for one, _ in BROKEN])
def test_what_is_no_body(site, programs, body, status):
    path = f"/lines/{site.company.line.id}/settings/crm"
    answer = programs[0].send("PUT", path, data=body, content_type="application/json")
    told = problem(answer, status, "error" if status == 400 else "bad-input")
    assert len(told["message"]) < 300


# --- A new route, as its author writes it ---------------------------------------------------------


class PairSchema(Answer):
    left = fields.Integer()
    right = fields.List(fields.String())


class PairChangeSchema(Schema):
    left = RowId(required=True)
    right = fields.List(fields.String(), load_default=list)


class PairQuerySchema(Schema):
    page = RowId(strict=False)


@pytest.fixture
def pairs(site, monkeypatch):
    """A site with routes of the installation, and programs that ask it."""
    routes = Routes("Pairs")
    common = {"roles": INSTALLATION_ROLES, "account": False}

    @routes.get("/pairs/<int:id>", query=PairQuerySchema, answer=PairSchema, **common)
    def show_pair(id, query):
        """A pair."""
        return SimpleNamespace(left=id, right=[str(query.get("page"))])

    @routes.post(
        "/pairs/<int:id>",
        body=PairChangeSchema,
        answer=PairSchema,
        status=201,
        problems={409: "Taken."},
        **common,
    )
    def add_pair(id, body):
        """Add a pair."""
        if body["left"] == 409:
            raise Conflict("Somebody was faster.", newest=7)
        return body

    @routes.delete("/pairs/<int:id>", **common)
    def delete_pair(id):
        """Delete a pair."""

    monkeypatch.setattr("core.web.api.PARTS", (*PARTS, routes))
    site.app = site.build()
    return {
        name: Program(site, name.title(), account)
        for name, account in (("olga", None), ("bill", None), ("anna", site.rome))
    }


def test_a_new_route_answers_by_its_schemas(pairs):
    bill = pairs["bill"]
    assert bill.get("/pairs/3?page=4").json == {"left": 3, "right": ["4"]}
    answer = bill.send("POST", "/pairs/3", json={"left": 5})
    assert (answer.status_code, answer.json) == (201, {"left": 5, "right": []})
    answer = bill.send("DELETE", "/pairs/3")
    assert (answer.status_code, answer.data) == (204, b"")
    found = bill.get("/openapi.json").json["paths"]["/api/pairs/{id}"]
    assert set(found) == {"get", "post", "delete"}
    assert set(found["post"]["responses"]) > {"201", "409", "422"}
    told = problem(bill.send("POST", "/pairs/3", json={"left": 409}), 409, "conflict")
    assert told["details"] == {"newest": 7}


def test_a_new_route_is_for_its_roles_only(site, pairs):
    assert pairs["olga"].get("/pairs/1").status_code == 200
    for method in ("GET", "POST", "DELETE"):
        problem(pairs["anna"].send(method, "/pairs/1", json={}), 403, "not-allowed")
    answer = pairs["bill"].send("PUT", "/pairs/1", json={})
    problem(answer, 405, "wrong-method")
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST", "DELETE"}


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({}, "left", "“left”: Missing data for required field."),
        ({"left": "5"}, "left", '“left”: "5" cannot be taken. Not a valid integer.'),
        ({"left": 1, "rihgt": []}, "rihgt", '“rihgt” is unknown, did you mean "right"?'),
        ({"left": 1, "x": 1}, "x", "“x” is unknown; known here: left, right."),
        ({"left": 1, "right": [1]}, "right.0", "“right.0”: 1 cannot be taken. Not a valid string."),
        ([], "", "Send an object with “left”, “right”."),
    ],
)
def test_a_body_is_refused_with_what_was_sent(pairs, body, field, sentence):
    told = problem(pairs["bill"].send("POST", "/pairs/1", json=body), 422, "bad-input")
    assert told["message"] == sentence
    assert told["details"]["fields"] == {field: sentence}


def test_a_query_is_refused_with_what_was_sent(pairs):
    told = problem(pairs["bill"].get("/pairs/1?page=last"), 422, "bad-input")
    assert told["message"] == '“page”: "last" cannot be taken. Not a valid integer.'
    assert pairs["bill"].get("/pairs/1?page=").status_code == 200
