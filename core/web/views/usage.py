"""Balance and statistics: what the month has used of the plan, and when it begins anew (S1, Q4)."""

from __future__ import annotations

from datetime import timedelta

from flask_admin import expose
from flask_babel import lazy_gettext

from core.web.access import quotas
from core.web.base_view import AdminPage
from core.web.call_list import counts, midnight
from core.web.host import now
from core.web.member import ADMIN, SUPERVISOR, current_member
from core.web.menu import ACCOUNT


class UsagePage(AdminPage):
    """What is used and left."""

    roles_view = (ADMIN, SUPERVISOR)
    category = ACCOUNT

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Balance and statistics"), endpoint="usage")

    @expose("/")
    def index(self) -> str:
        """This month, on the account's clock."""
        member = current_member()
        local = now().astimezone(member.account.zone)
        first = local.date().replace(day=1)
        before = (first - timedelta(days=1)).replace(day=1)
        starts = [midnight(one, member.account) for one in (before, first)]
        return self.render(
            "web/usage.html",
            quotas=quotas(),
            month=first,
            this_month=counts(member, starts[1]),
            last_month=counts(member, starts[0], starts[1]),
        )
