"""Where gateways receive: an application of its own beside the admin, with nothing on its way.

A webhook needs no session, no language, no form token and no menu; sign-in and rate limits of
people must not stand between a provider and a call. Each blueprint checks its own signatures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from core.calls.order import Answer, Order
from core.contract.errors import PluginFault
from core.contract.events import Event
from core.registry import Registry
from core.store.database import Store
from core.web.host import attach, host

LARGEST = 64 * 1024
"""Bytes of a webhook; providers send a few hundred."""


def build_webhooks(
    centralino: Any, registry: Registry, clock: Callable[[], datetime] | None = None
) -> Flask:
    """An application with the blueprints of all gateways, under their own names.

    Args:
        centralino: the wired installation.
        registry: asked for ``register_blueprints``.
        clock: says what time it is; default the machine's.

    Raises:
        PluginFault: a blueprint has another name than its plugin.
    """
    app = Flask("centralino-webhooks", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    attach(app, centralino, clock)
    _connect(app, centralino.store)
    app.register_error_handler(HTTPException, _plain)
    for plugin, register in registry.every("register_blueprints"):
        for blueprint in register() or ():
            if blueprint.name != plugin:
                raise PluginFault(plugin, f"Blueprint {blueprint.name!r} must be named {plugin!r}.")
            app.register_blueprint(blueprint)
    return app


def _connect(app: Flask, store: Store) -> None:
    """A connection from the pool for each request."""

    @app.before_request
    def take() -> None:
        store.open()

    @app.teardown_request
    def give_back(error: BaseException | None) -> None:
        store.close()


def deliver(event: Event, render: Callable[[Order], str]) -> Answer:
    """Hand an event to the engine of the running installation; see ``Engine.deliver``."""
    return host().engine.deliver(event, render)


def _plain(error: HTTPException) -> Any:
    """Programs read this: the status, the allowed methods and one sentence, no page."""
    response = error.get_response()
    response.data = f"{error.code} {error.name}\n"
    response.content_type = "text/plain; charset=utf-8"
    return response


class Fork:
    """Sends the first word of a path that belongs to a gateway to the webhooks, all else on."""

    def __init__(
        self, others: Callable[..., Any], webhooks: Callable[..., Any], names: Iterable[str]
    ) -> None:
        self._others = others
        self._webhooks = webhooks
        self._names = frozenset(names)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """The WSGI call."""
        name = environ["PATH_INFO"].split("/", 2)[1:2]
        wanted = self._webhooks if name and name[0] in self._names else self._others
        return wanted(environ, start_response)
