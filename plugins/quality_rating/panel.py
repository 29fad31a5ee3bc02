"""The box on the page of a call: the rating it got."""

from __future__ import annotations

from core.api import N_, Call, EmployeeRow, Panel, gettext
from plugins.quality_rating.models import RatingRow


def panels(call: Call) -> list[Panel]:
    """The rating and whom it belongs to; nothing for a call after which nobody was asked."""
    row = RatingRow.of(call.account).where(RatingRow.call == call.id).first()
    if row is None:
        return []
    if row.rating is None:
        rating = gettext("asked, not given")
    else:
        rating = gettext("%(rating)s of 5", rating=row.rating)
    rows = [(N_("Rating"), rating)]
    employee = EmployeeRow.of(call.account).where(EmployeeRow.id == row.employee_id).first()
    if employee is not None:
        rows.append((N_("Employee"), employee.name))
    return [Panel(N_("Quality rating"), tuple(rows))]
