"""What the pages about all settings of a number share; they are reached from its card."""

from __future__ import annotations

from typing import Any

from flask import abort
from flask_admin import expose

from core.store.lines import LineRow
from core.web.base_view import AdminPage
from core.web.member import ADMIN, SUPERVISOR, current_member
from core.web.rows import row_id


class NumberPage(AdminPage):
    """Base of a page about a number of the account."""

    roles_view = (ADMIN, SUPERVISOR)

    def is_visible(self) -> bool:
        """It belongs to a number, not into the menu."""
        return False

    @expose("/")
    def index(self) -> Any:
        """Without a number there is nothing to show."""
        abort(404)


def find_line(id: Any) -> LineRow:
    """The number of this account with this id; 404 when there is none."""
    known = row_id(id)
    row = known and LineRow.of(current_member().account).where(LineRow.id == known).first()
    return row or abort(404)


def all_lines() -> list[LineRow]:
    """All numbers of the account, by number."""
    return list(LineRow.of(current_member().account).order_by(LineRow.number))
