"""One's own profile: name, language, password, second factor, and keys for programs."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, session, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext, refresh

from core.contract.errors import BadInput
from core.store.people import ApiToken
from core.web.base_view import AdminPage
from core.web.host import now
from core.web.language import LANGUAGES, PICKED
from core.web.member import (
    ACCOUNT_ROLES,
    INSTALLATION_ROLES,
    current_member,
    role_in_installation,
)
from core.web.rows import row_id

INSTALLATION = "installation"
"""What the form says a key is for that belongs to no account."""


class ProfilePage(AdminPage):
    """For everybody who has signed in."""

    roles_view = roles_edit = (*ACCOUNT_ROLES, *INSTALLATION_ROLES, "")
    needs_account = False

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Profile"), endpoint="profile")

    def is_visible(self) -> bool:
        """It is in the user's menu, not in the main one."""
        return False

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Any:
        """Show and change the profile."""
        user = current_member().user
        if request.method == "POST":
            user.name = request.form.get("name", "").strip()[:120]
            language = request.form.get("language", "")
            user.language = language if language in LANGUAGES else ""
            session.pop(PICKED, None)
            user.save()
            refresh()
            flash(gettext("Saved."), "success")
            return redirect(url_for(".index"))
        return self._show()

    @expose("/token/", methods=("POST",))
    def new_token(self) -> Any:
        """Make a key for a program, for the account or the installation; it is shown this once."""
        member = current_member()
        name = request.form.get("name", "").strip()
        account = None if request.form.get("for") == INSTALLATION else member.account
        if not name or (account is None and not role_in_installation(member.user)):
            raise BadInput(gettext("Give the key a name, and work in the account it is for."))
        token = ApiToken.new()
        ApiToken.create(
            user=member.user,
            account=account.id if account else None,
            name=name[:120],
            hashed=ApiToken.hash(token),
            created_at=now(),
        )
        return self._show(token)

    @expose("/token/delete/", methods=("POST",))
    def delete_token(self) -> Any:
        """Take a key back; programs that use it stop working."""
        known = row_id(request.form.get("id", ""))
        for row in self._tokens().where(ApiToken.id == known):
            row.delete_instance()
        return redirect(url_for(".index"))

    def _tokens(self) -> Any:
        return ApiToken.select().where(ApiToken.user == current_member().user.id)

    def _show(self, token: str = "") -> str:
        tokens = self._tokens().order_by(ApiToken.created_at.desc())
        return self.render(
            "web/profile.html",
            tokens=list(tokens),
            token=token,
            installation=INSTALLATION if role_in_installation(current_member().user) else "",
        )
