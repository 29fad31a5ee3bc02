"""The statistics page: what callers think of whom, over the last 30 days (Q6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_admin import expose

from core import api
from core.api import lazy_gettext
from plugins.quality_rating.statistics import PERIOD_DAYS, per_employee, together


class RatingsPage(api.AdminPage):
    """For those who lead employees, not for the employees themselves."""

    plugin = "quality_rating"
    category = "Calls"
    roles_view = ("admin", "supervisor")

    @expose("/")
    def index(self) -> str:
        """Average and count per employee."""
        account, until = api.current_member().account, api.now()
        rated = per_employee(account, until - timedelta(days=PERIOD_DAYS), until)
        return self.render(
            "quality_rating/statistics.html", rated=rated, all=together(rated), days=PERIOD_DAYS
        )


def views() -> list[Any]:
    """The pages of this plugin."""
    return [RatingsPage(lazy_gettext("Ratings"), endpoint="quality_rating", url="/quality_rating")]
