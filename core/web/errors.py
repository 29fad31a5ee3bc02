"""What a user sees when something does not go: one sentence, never a traceback.

Under ``/api/`` the same three fields as everywhere: ``error_id``, ``status``, ``details``.
"""

from __future__ import annotations

import dataclasses
import logging
from typing import Any

import peewee
from flask import Flask, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from core.contract.errors import CentralinoError, OutcomesChanged, PlanDenied
from core.web.outcomes import ask_about
from core.web.words import say

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024

IDS = {401: "not-signed-in", 403: "not-allowed", 404: "not-found", 405: "wrong-method"}


def sentences() -> dict[int, str]:
    """What a page says of an HTTP status."""
    return {
        400: gettext("What you sent cannot be read."),
        401: gettext("Sign in first."),
        403: gettext("You may not do this."),
        404: gettext("There is no such page, or nothing with this id in your account."),
        405: gettext("This address cannot be used like this."),
        413: gettext(
            "What you sent is larger than %(most)s MB: go back and choose a smaller file.",
            most=(current_app.config["MAX_CONTENT_LENGTH"] or 0) // MEGABYTE,
        ),
        415: gettext("This kind of content is not understood here."),
        429: gettext("Too many attempts. Wait a minute and try again."),
        503: gettext("The database does not answer. Try again in a moment."),
    }


def handle_errors(app: Flask) -> None:
    """Give every kind of error its page."""
    app.register_error_handler(CentralinoError, _ours)
    app.register_error_handler(OutcomesChanged, ask_about)
    app.register_error_handler(CSRFError, _form_token)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OverflowError, _too_far)
    app.register_error_handler(peewee.DataError, _too_far)
    app.register_error_handler(Exception, _unexpected)


def problem(status: int, error_id: str, message: str, details: Any = None) -> Response:
    """An error for a program (RFC 9457, with our own fields)."""
    body = {
        "type": "about:blank",
        "title": message,
        "error_id": error_id,
        "status": status,
        "message": message,
        "details": plain(details or {}),
    }
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def plain(value: Any) -> Any:
    """A value as JSON can carry it."""
    if hasattr(value, "as_json"):
        return value.as_json()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def answer(status: int, error_id: str, message: str, details: Any = None) -> Any:
    """The error as the asker understands it."""
    if request.path.startswith("/api/"):
        return problem(status, error_id, message, details)
    decision = (details or {}).get("decision") if error_id == PlanDenied.error_id else None
    page = render_template("web/error.html", status=status, message=say(message), decision=decision)
    return page, status


def _ours(error: CentralinoError) -> Any:
    details = dict(error.details)
    if getattr(error, "fields", None):
        details["fields"] = error.fields
    return answer(error.status, error.error_id, error.message, details)


def _form_token(error: CSRFError) -> Any:
    sentence = gettext("The form is out of date. Go back, reload the page and try again.")
    return answer(400, "form-token", sentence)


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if error.response is not None or 300 <= status < 400:
        return error
    answered = answer(status, IDS.get(status, "error"), sentences().get(status, error.name))
    response = make_response(answered)
    if status == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _too_far(error: Exception) -> Any:
    # B9: a number that no database column can hold is a number of nothing.
    return answer(404, "not-found", sentences()[404])


def _unexpected(error: Exception) -> Any:
    log.exception("%s %s failed", request.method, request.path, exc_info=error)
    return answer(500, "error", gettext("Something went wrong here. It has been noted."))
