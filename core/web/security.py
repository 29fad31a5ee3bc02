"""Sign-in: Flask-Security with argon2 and TOTP, limited in its rate (docs/decisions/sign-in.md)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any, NoReturn

from flask import Flask, abort, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import PeeweeUserDatastore, Security, hash_password
from flask_security.datastore import UserDatastore

from core.config import Config
from core.store.people import UserRow

SIGN_IN_RATE = "10 per minute; 100 per hour"
"""Per address. A password takes 150 ms of a core to check (argon2), a code has six digits."""

LIMITED = ("login", "two_factor_token_validation", "mf_recovery", "verify", "change_password")


class Users(PeeweeUserDatastore):
    """Users of our own table, without Flask-Security's roles."""

    def __init__(self, database: Any) -> None:
        super().__init__(database, UserRow, None, None)

    def delete(self, model: Any) -> None:
        """Delete one row; the inherited method would delete all that refers to it."""
        model.delete_instance()


def sign_in(app: Flask, config: Config, database: Any) -> UserDatastore:
    """Set up signing in, out, the second factor and the change of a password.

    Args:
        app: gets the routes ``/login``, ``/logout``, ``/change``, ``/tf-setup`` …
        config: the secret key everything is derived from, and whether cookies need TLS.
        database: where the users are.
    """
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=config.secure_cookies,
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SALT=_derived(config, "passwords"),
        SECURITY_TOTP_SECRETS={"1": _derived(config, "second factor")},
        SECURITY_TOTP_ISSUER="Centralino",
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TWO_FACTOR_RESCUE_EMAIL=False,
        SECURITY_TWO_FACTOR_POST_SETUP_VIEW="/profile/",
        SECURITY_MULTI_FACTOR_RECOVERY_CODES=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_POST_CHANGE_VIEW="/profile/",
        SECURITY_PASSWORD_LENGTH_MIN=10,
        SECURITY_RETURN_GENERIC_RESPONSES=True,  # a stranger cannot find out who has an account
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_DATETIME_FACTORY=lambda: datetime.now(UTC),
        SECURITY_POST_LOGOUT_VIEW="/login",
        SECURITY_LOGOUT_CSRF=True,
        SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS=False,
    )
    users = Users(database)
    Security(app, users)
    app.view_functions["security.two_factor_rescue"] = _no_rescue
    _limit(app)
    return users


def create_user(users: UserDatastore, email: str, password: str, name: str = "") -> UserRow:
    """Make a user who can sign in; ``password`` is stored as an argon2 hash. Needs an app context.

    Raises:
        peewee.IntegrityError: the address is taken.
    """
    return users.create_user(
        email=email,
        name=name,
        password=hash_password(password),
        created_at=datetime.now(UTC),
        confirmed_at=datetime.now(UTC),
    )


def password_fault(app: Flask, password: str) -> str:
    """Why nobody may sign in with this password, in one sentence; "" when it is good."""
    wrong, _ = app.extensions["security"]._password_util.validate(password, True)
    return wrong[0] if wrong else ""


def turn_factor_off(users: UserDatastore, user: UserRow) -> None:
    """Take a user's second factor and recovery codes away, and end their sessions."""
    users.tf_reset(user)
    users.mf_set_recovery_codes(user, None)
    users.set_uniquifier(user)
    users.commit()


def _no_rescue() -> NoReturn:
    """Flask-Security would write an e-mail; whoever has lost their phone has recovery codes."""
    abort(404)


def _derived(config: Config, use: str) -> str:
    """A key of its own for each use, so that one leaking does not open the other."""
    key = config.secret_key.encode()
    return hmac.new(key, use.encode(), hashlib.sha256).hexdigest()


def _limit(app: Flask) -> None:
    app.config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
    app.config.setdefault("RATELIMIT_SIGN_IN", SIGN_IN_RATE)
    limiter = Limiter(get_remote_address, app=app)
    limited = limiter.shared_limit(
        app.config["RATELIMIT_SIGN_IN"],
        scope="sign-in",
        exempt_when=lambda: request.method != "POST",
    )
    for name in LIMITED:
        endpoint = f"security.{name}"
        app.view_functions[endpoint] = limited(app.view_functions[endpoint])
