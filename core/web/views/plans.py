"""The comparison of plans: what each includes, which one the account has, and what it uses."""

from __future__ import annotations

from flask_admin import expose
from flask_babel import lazy_gettext

from core.web.base_view import AdminPage
from core.web.comparison import compare
from core.web.host import host, now
from core.web.member import ADMIN, BILLING, INSTALLATION_ROLES, SUPERVISOR, current_member
from core.web.menu import ACCOUNT


class PlansPage(AdminPage):
    """Where every lock of a page leads; billers change the plans on a page of their own."""

    roles_view = (ADMIN, SUPERVISOR, *INSTALLATION_ROLES)
    roles_edit = (BILLING,)
    needs_account = False
    category = ACCOUNT

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Plans"), endpoint="plans")

    @expose("/")
    def index(self) -> str:
        """The plans side by side; those who run the installation also see the file's warnings."""
        member, book = current_member(), host().book
        account, wide = member.account, member.role in INSTALLATION_ROLES
        revision = book.in_force(account.zone, now()) if account else book.settled()
        return self.render(
            "web/plans.html",
            comparison=compare(revision.document, account, now()),
            wide=wide,
            warnings=revision.document.warnings if wide else (),
        )
