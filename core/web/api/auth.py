"""Who a program acts for: the owner of its key, in the key's account or in the installation."""

from __future__ import annotations

from flask import abort, g, request

from core.store.people import ApiToken, UserRow
from core.web.member import INSTALLATION_ROLES, NOWHERE, Member, current_member, find_member


def authenticate() -> None:
    """Before every request: a good key, or a browser's session; else 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        g.member = _owner(token.strip())
    if current_member() is None:
        abort(401)


def _owner(token: str) -> Member:
    row = (
        ApiToken.select(ApiToken, UserRow)
        .join(UserRow)
        .where(ApiToken.hashed == ApiToken.hash(token), UserRow.active)
        .first()
    )
    if row is None:
        abort(401)
    member = find_member(row.user, row.account_id or NOWHERE)
    # The user has left the account or the role since: the key opens nothing any more.
    works_in = member.account.id if member.account else None
    if works_in != row.account_id or (works_in is None and member.role not in INSTALLATION_ROLES):
        abort(401)
    return member
