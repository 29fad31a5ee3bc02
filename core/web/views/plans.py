"""The plan matrix, to read: what each plan includes, and which one the account has."""

from __future__ import annotations

from flask_admin import expose
from flask_babel import lazy_gettext

from core.plans.matrix import matrix
from core.web.base_view import AdminPage
from core.web.host import host
from core.web.member import ADMIN, BILLING, INSTALLATION_ROLES, SUPERVISOR, current_member
from core.web.menu import ACCOUNT


class PlansPage(AdminPage):
    """The comparison of plans."""

    roles_view = (ADMIN, SUPERVISOR, *INSTALLATION_ROLES)
    roles_edit = (BILLING,)
    needs_account = False
    category = ACCOUNT

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Plans"), endpoint="plans")

    @expose("/")
    def index(self) -> str:
        """The grid; those who run the installation also see the file's warnings."""
        member, book = current_member(), host().book
        revision = book.settled()
        wide = member.role in INSTALLATION_ROLES
        return self.render(
            "web/plans.html",
            document=revision.document,
            groups=matrix(revision.document, host().registry),
            own=member.account.plan if member.account else "",
            warnings=revision.document.warnings if wide else (),
        )
