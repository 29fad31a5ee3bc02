"""The REST interface: the same members, wall and gate as the pages, for programs.

A program signs each request with a key made on a user's profile page (``Authorization: Bearer …``);
a browser's own session works too. Errors are ``application/problem+json`` with ``error_id``,
``status``, ``message`` and ``details``. All of it is described at ``/api/openapi.json``.

A new route is a function with what it says of itself; add its ``routes`` to ``PARTS``, or, in a
plugin, hand them over in ``register_api``::

    routes = Routes("Plans")

    class TrialSchema(Answer):                     # every field is always there
        plan = fields.String()
        until = fields.AwareDateTime(allow_none=True)

    class TrialStartSchema(Schema):                # unknown fields are refused
        plan = fields.String(required=True)
        until = fields.Date(required=True)

    @routes.post("/accounts/<int:id>/trial", roles=INSTALLATION_ROLES, account=False,
                 body=TrialStartSchema, answer=TrialSchema, status=201,
                 problems={409: "Another trial is running."})
    def start_trial(id: int, body: dict[str, Any]) -> Any:
        \"\"\"Start a trial. (The document's summary.)\"\"\"
        return …                                   # a row, object or dict that TrialSchema dumps

``account=False``: it is not about the account somebody works in. ``query=`` takes a schema, too
(all is text there: ``RowId(strict=False)``). Raise ``core.contract.errors``; ``abort(404)`` for
what is not there. The document, the checks of the tests and the walks know the route from then on.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from flask_babel import force_locale
from marshmallow import INCLUDE, Schema

from core.registry import Registry
from core.web.api import (
    accounts,
    audit,
    calls,
    exceptions,
    features,
    flow,
    lines,
    plans,
    profiles,
    publishing,
    scenarios,
)
from core.web.api.auth import authenticate
from core.web.api.document import write_document
from core.web.api.routes import ANYBODY, Routes
from core.web.host import host

about = Routes("About")

PARTS = (
    lines.routes,
    flow.routes,
    profiles.routes,
    scenarios.routes,
    features.routes,
    calls.routes,
    plans.routes,
    publishing.routes,
    accounts.routes,
    exceptions.routes,
    audit.routes,
    about,
)


def parts(registry: Registry) -> tuple[Routes, ...]:
    """The routes of the core, then those of the installed plugins (hook ``register_api``)."""
    return (*PARTS, *(one for _, hand in registry.every("register_api") for one in hand() or ()))


def build_api(registry: Registry) -> Blueprint:
    """All routes under ``/api/``, none of them open."""
    api = Blueprint("api", __name__, url_prefix="/api")
    api.before_request(authenticate)
    for routes in parts(registry):
        routes.add_to(api)
    return api


class DocumentSchema(Schema):
    """An OpenAPI document."""

    class Meta:
        """OpenAPI says what stands in it."""

        unknown = INCLUDE


@about.get("/openapi.json", roles=ANYBODY, account=False, answer=DocumentSchema)
def show_document() -> Response:
    """This document."""
    return jsonify(document())


def document() -> dict[str, Any]:
    """The OpenAPI document of this installation, in English; written once."""
    known = current_app.extensions
    if "openapi" not in known:
        plugins = [one.plugin for one in host().registry.plugins.values()]
        settings = {one.name: one.settings for one in plugins if one.settings is not None}
        with force_locale("en"):
            known["openapi"] = write_document(parts(host().registry), settings)
    return known["openapi"]
