"""The start page: today's calls at a glance."""

from __future__ import annotations

from flask_admin import AdminIndexView, expose
from flask_babel import lazy_gettext

from core.web.access import Access
from core.web.member import ACCOUNT_ROLES, INSTALLATION_ROLES


class HomeView(Access, AdminIndexView):
    """What an admin sees first."""

    roles_view = (*ACCOUNT_ROLES, *INSTALLATION_ROLES)
    needs_account = False

    def __init__(self) -> None:
        super().__init__(name=lazy_gettext("Start"), url="/")

    @expose("/")
    def index(self) -> str:
        """Today."""
        return self.render("web/home.html")
