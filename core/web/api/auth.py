"""Who a program acts for: the owner of its key, in the key's account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, g, request
from flask_babel import gettext

from core.contract.errors import NotAllowed
from core.store.people import ApiToken, UserRow
from core.web.member import current_member, find_member


def authenticate() -> None:
    """Before every request: a good key, or a browser's session; else 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        g.member = _owner(token.strip())
    member = current_member()
    if member is None:
        abort(401)
    if member.account is None:
        raise NotAllowed(gettext("Choose the account to work in first."))


def roles(*wanted: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a route: only for these roles of the account."""

    def decorate(route: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(route)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_member().has(wanted):
                raise NotAllowed(gettext("Your role does not include this."))
            return route(*args, **kwargs)

        return guarded

    return decorate


def _owner(token: str) -> Any:
    row = (
        ApiToken.select(ApiToken, UserRow)
        .join(UserRow)
        .where(ApiToken.hashed == ApiToken.hash(token), UserRow.active)
        .first()
    )
    if row is None:
        abort(401)
    member = find_member(row.user, row.account_id)
    # The user has left the account since: the key opens nothing any more.
    if member.account is None or member.account.id != row.account_id:
        abort(401)
    return member
