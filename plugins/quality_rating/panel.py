"""The box on the page of a call: the rating it got."""

from __future__ import annotations

from core.api import Call, EmployeeRow, Panel
from plugins.quality_rating.models import RatingRow


def panels(call: Call) -> list[Panel]:
    """The rating and whom it belongs to; nothing for a call after which nobody was asked."""
    row = RatingRow.of(call.account).where(RatingRow.call == call.id).first()
    if row is None:
        return []
    rating = "asked, not given" if row.rating is None else f"{row.rating} of 5"
    rows = [("Rating", rating)]
    employee = EmployeeRow.of(call.account).where(EmployeeRow.id == row.employee_id).first()
    if employee is not None:
        rows.append(("Employee", employee.name))
    return [Panel("Quality rating", tuple(rows))]
