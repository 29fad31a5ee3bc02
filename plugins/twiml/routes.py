"""The addresses a provider calls. Each one fails closed, and never keeps a caller waiting.

What a live call asks for is answered with a document; news is answered with 204. When the database
does not answer, both get 503: the provider tries again, then calls the fallback address, which may
be outside this machine.
"""

from __future__ import annotations

import logging
import re
from functools import partial

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound as NoSuchAddress

from core.api import (
    Conflict,
    Event,
    LegChanged,
    NotFound,
    RingOutcome,
    StoreUnavailable,
    WebhookRefused,
    deliver,
    now,
    send_public_sound,
)
from plugins.twiml import documents, reading
from plugins.twiml.gateway import KIND, Gateway
from plugins.twiml.receive import Webhook, receive

log = logging.getLogger(__name__)

LONGEST_PIECE = 60
"""Seconds of a sound that are played while a caller waits."""

LARGEST_ID = 2**31 - 1
"""Larger numbers are no ids, and too large for a column."""

_PREFIX = f"/{KIND}/<int(max={LARGEST_ID}):gateway_id>"
_NUMBER = f"<int(max={LARGEST_ID}):number>"
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")
LONGEST_TOKEN = 40
LONGEST_SOUND_TOKEN = 200
_STEP = re.compile(rf"/{KIND}/[0-9]+/step/([A-Za-z0-9_-]{{1,40}})/([0-9]{{1,9}})/([a-z]+)")


def make_blueprint() -> Blueprint:
    """The routes of all gateways of this kind."""
    blueprint = Blueprint(KIND, __name__, url_prefix=_PREFIX)
    for rule, view in (
        ("/voice", voice),
        ("/fallback", fallback),
        ("/status", status),
        (f"/step/<token>/{_NUMBER}/<kind>", step),
        (f"/whisper/<token>/{_NUMBER}", whisper),
        (f"/accept/<token>/{_NUMBER}", accept),
        (f"/leg/<token>/{_NUMBER}", leg),
        ("/recording/<token>/<kind>", recording),
    ):
        blueprint.add_url_rule(
            rule, view_func=view, methods=["POST"], provide_automatic_options=False
        )
    blueprint.add_url_rule(
        "/sound/<token>.mp3", view_func=sound, methods=["GET"], provide_automatic_options=False
    )
    blueprint.add_url_rule(
        f"/sound/<token>/<int(max={LARGEST_ID}):first>/<int(max={LONGEST_PIECE}):seconds>.mp3",
        view_func=sound, methods=["GET"], provide_automatic_options=False,
    )  # fmt: skip
    blueprint.register_error_handler(WebhookRefused, _refused)
    blueprint.register_error_handler(NotFound, _not_found)
    for kind in (StoreUnavailable, Conflict):
        blueprint.register_error_handler(kind, _unavailable)
    return blueprint


# --- A live call asks what to do ----------------------------------------------------------------


def voice(gateway_id: int) -> Response:
    """A call comes in."""
    return _arrive(receive(request, gateway_id))


def step(gateway_id: int, token: str, number: int, kind: str) -> Response:
    """A step has its result; what is next?"""
    _check(token, kind, reading.STEP_KINDS)
    return _end_step(receive(request, gateway_id), token, number, kind)


def fallback(gateway_id: int) -> Response:
    """The provider could not use an earlier answer, or did not get it in time. The question is
    asked again: the engine repeats what it has answered already."""
    webhook = receive(request, gateway_id)
    failed = _STEP.search(webhook.fields.get("ErrorUrl", ""))
    try:
        if failed and failed[3] in reading.STEP_KINDS:
            return _end_step(webhook, failed[1], int(failed[2]), failed[3])
        return _arrive(webhook)
    except (NotFound, StoreUnavailable, Conflict):
        return _document(documents.apology(webhook.gateway))


def whisper(gateway_id: int, token: str, number: int) -> Response:
    """A rung person has picked up: are they a person?"""
    _check(token)
    return _document(documents.whisper(receive(request, gateway_id).gateway, token, number))


def accept(gateway_id: int, token: str, number: int) -> Response:
    """1: they take the call. Another key: they decline. No key: it may be a voicemail box."""
    _check(token)
    webhook = receive(request, gateway_id)
    result = reading.step_result("gather", webhook.fields)
    changed = partial(LegChanged, webhook.gateway.id, token, number, at=now())
    if result.digits == "1":
        event = changed("accepted")
    else:
        event = changed(
            "ended", ring=RingOutcome.DECLINED if result.digits else RingOutcome.NO_ANSWER
        )
    try:
        _tell(webhook, event)
    except NotFound:
        return _document(documents.hangup())
    except (StoreUnavailable, Conflict):
        log.warning("Gateway %d: a phone's answer could not be stored.", gateway_id)
    # Two people are on the line: they talk, whether we could note it or not.
    return _document(documents.bridge() if result.digits == "1" else documents.hangup())


# --- News -------------------------------------------------------------------------------------


def status(gateway_id: int) -> Response:
    """The caller's leg has a new status."""
    webhook = receive(request, gateway_id, json_allowed=True)
    return _news(webhook, reading.call_ended(webhook.gateway.id, webhook.fields, now()))


def leg(gateway_id: int, token: str, number: int) -> Response:
    """A rung phone has a new status."""
    _check(token)
    webhook = receive(request, gateway_id, json_allowed=True)
    fields = webhook.fields
    return _news(webhook, reading.leg_changed(webhook.gateway.id, token, number, fields, now()))


def recording(gateway_id: int, token: str, kind: str) -> Response:
    """A recording was begun, is ready, or came to nothing."""
    _check(token, kind, ("conversation", "message"))
    webhook = receive(request, gateway_id, json_allowed=True)
    fields = webhook.fields
    return _news(webhook, reading.recording_changed(webhook.gateway.id, token, kind, fields, now()))


# --- Sounds -----------------------------------------------------------------------------------


def sound(gateway_id: int, token: str, first: int = 0, seconds: int = 0) -> Response:
    """A sound that one of our documents plays, or a piece of it. The address is the secret: a
    provider's own fetching is signed by some and cached by others, so that nothing else is asked.
    """
    _check(token, longest=LONGEST_SOUND_TOKEN)
    return send_public_sound(token, first, seconds)


# --- Shared -----------------------------------------------------------------------------------


def _arrive(webhook: Webhook) -> Response:
    gateway = webhook.gateway
    event = reading.arrival(gateway.id, webhook.fields, now())
    try:
        return _document(_ask(gateway, event))
    except NotFound as error:
        log.warning("Gateway %d: %s", gateway.id, error)
        return _document(documents.refusal(gateway))


def _end_step(webhook: Webhook, token: str, number: int, kind: str) -> Response:
    gateway = webhook.gateway
    event = reading.step_ended(gateway.id, token, number, kind, webhook.fields, now())
    try:
        return _document(_ask(gateway, event) or documents.hangup())
    except NotFound:
        if not event.result.caller_gone:
            raise
        return _document(documents.hangup())


def _ask(gateway: Gateway, event: Event) -> str:
    return deliver(event, partial(documents.document, gateway)).body


def _tell(webhook: Webhook, event: Event) -> None:
    _ask(webhook.gateway, event)


def _news(webhook: Webhook, event: Event | None) -> Response:
    if event is not None:
        _tell(webhook, event)
    return Response(status=204)


def _check(
    token: str, kind: str = "", kinds: tuple[str, ...] = ("",), longest: int = LONGEST_TOKEN
) -> None:
    """An address that we never gave out is no address."""
    if not _TOKEN.fullmatch(token) or len(token) > longest or kind not in kinds:
        raise NoSuchAddress()


def _document(text: str) -> Response:
    return Response(text, mimetype="text/xml")


def _refused(error: WebhookRefused) -> Response:
    log.warning("%s refused: %s", request.path, error)
    return Response(
        "This webhook is refused; the reason is in the log.\n", 403, mimetype="text/plain"
    )


def _not_found(error: NotFound) -> Response:
    return Response(f"{error}\n", 404, mimetype="text/plain")


def _unavailable(error: StoreUnavailable | Conflict) -> Response:
    log.error("%s could not be answered: %s", request.path, error)
    return Response("Try again.\n", 503, mimetype="text/plain")
