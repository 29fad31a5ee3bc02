"""Builds the web admin: sign-in, headers, languages, errors, and all pages of core and plugins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, g, request, session
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader

from core.registry import Registry
from core.store.database import Store
from core.web import account_plan, naming, scenarios, words
from core.web import format as formats
from core.web.access import READING
from core.web.alerts import alerts
from core.web.api import build_api
from core.web.characters import refuse_unreadable
from core.web.csp import nonce, protect
from core.web.errors import handle_errors
from core.web.host import attach, host
from core.web.language import LANGUAGES, locale, translate
from core.web.matrix import words as matrix_words
from core.web.member import INSTALLATION_ROLES, accounts_of, current_member
from core.web.menu import categories
from core.web.security import sign_in
from core.web.views import HomeView, add_language_switch, core_views

LARGEST_FORM = 4 * 1024 * 1024


def build_site(app: Flask, centralino: Any, clock: Callable[[], datetime] | None = None) -> Admin:
    """Put the web admin on an application.

    Args:
        app: a new application; gets all routes, headers and error pages.
        centralino: the wired object: config, store, registry, book, gate, quota, engine.
        clock: says what time it is; default the machine's.

    Returns:
        Flask-Admin's site with all views of core and of every installed plugin.
    """
    registry = centralino.registry
    attach(app, centralino, clock)
    refuse_unreadable(app)
    _connection(app, centralino.store)
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_FORM
    _own_files(app, registry)
    app.extensions["users"] = sign_in(app, centralino.config, centralino.store.database)
    _form_tokens(app)
    protect(app)
    catalogues = translate(
        app,
        list(_rooms(registry, "translations").values()),
        centralino.config.data / "translations",
    )
    handle_errors(app)
    formats.add(app)
    words.add(app)
    naming.add(app)
    matrix_words.add(app)
    scenarios.add(app)
    account_plan.add(app)
    app.register_blueprint(build_api(registry))
    return _pages(app, registry, catalogues)


def _connection(app: Flask, store: Store) -> None:
    """A connection from the pool for each request, given back when it is over (P6)."""

    @app.before_request
    def take() -> None:
        g.own_connection = store.open()

    @app.teardown_request
    def give_back(error: BaseException | None) -> None:
        if g.pop("own_connection", False):
            store.close()


def _own_files(app: Flask, registry: Registry) -> None:
    """Our templates come before Flask-Admin's and Flask-Security's, which they replace."""
    own = Blueprint("web", __name__, template_folder="templates", static_folder="static",
                    static_url_path="/static/centralino")  # fmt: skip
    add_language_switch(own)
    app.register_blueprint(own)
    for plugin, folder in _rooms(registry, "static").items():
        app.register_blueprint(_files_of(plugin, folder))
    rooms = [FileSystemLoader(str(one)) for one in _rooms(registry, "templates").values()]
    app.jinja_loader = ChoiceLoader([one for one in (app.jinja_loader, *rooms) if one])


def _files_of(plugin: str, folder: Path) -> Blueprint:
    """A plugin's scripts and styles: ``url_for("NAME-files.static", filename=…)``."""
    return Blueprint(f"{plugin}-files", __name__, static_folder=str(folder),
                     static_url_path=f"/static/{plugin}")  # fmt: skip


def _rooms(registry: Registry, name: str) -> dict[str, Path]:
    """The folders of this name that stand beside the plugins' modules, by plugin."""
    files = {key: getattr(one.module, "__file__", None) for key, one in registry.plugins.items()}
    folders = {key: Path(file).parent / name for key, file in files.items() if file}
    return {key: folder for key, folder in folders.items() if folder.is_dir()}


def _form_tokens(app: Flask) -> None:
    """Whoever writes with a browser's session must show the token of our forms (CSRF).

    Requests without a session (signed webhooks, bearer tokens) have nothing a foreign page could
    borrow.
    """
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session, or forms left open fail
    tokens = CSRFProtect(app)

    @app.before_request
    def check() -> None:
        writes = request.method not in READING and request.routing_exception is None
        if writes and "_user_id" in session:
            tokens.protect()


def _pages(app: Flask, registry: Registry, catalogues: Path) -> Admin:
    admin = Admin(
        app,
        name="Centralino",
        url="/",
        index_view=HomeView(),
        theme=Bootstrap4Theme(swatch="default"),
        csp_nonce_generator=nonce,
        translations_path=str(catalogues),
    )
    for title in categories():
        admin.add_category(title)
    for view in core_views():
        admin.add_view(view)
    for _, register in registry.every("register_views"):
        for view in register() or ():
            admin.add_view(view)

    @app.context_processor
    def everywhere() -> dict[str, Any]:
        return {
            "member": current_member(),
            "own_accounts": lambda: accounts_of(current_member().user),
            "site": admin,
            "nonce": nonce,
            "languages": LANGUAGES,
            "language": locale(),
            "plan_faults": plan_faults,
            "admin_alerts": alerts,
        }

    return admin


def plan_faults() -> list[Any]:
    """What is wrong with the plan file, for those who run the installation: on all their pages."""
    member, book = current_member(), host().book
    if not member or member.role not in INSTALLATION_ROLES:
        return []
    book.settled()
    return list(book.faults)
