"""The page of SIP phones: who has one, and a new password, which is shown exactly once."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from werkzeug.wrappers import Response

from core import api
from core.api import BadInput, EmployeeRow, NotFound, gettext
from plugins.asterisk import service
from plugins.asterisk.models import PhoneRow, ServerRow

GREATEST_ID = 2**63 - 1


class PhonesPage(api.AdminPage):
    """The employees of the account, with their phones."""

    plugin = "asterisk"
    category = "Account"

    @expose("/")
    def index(self) -> str:
        """Everybody."""
        return self._page()

    @expose("/<int:id>/give", methods=("POST",))
    def give(self, id: int) -> Any:
        """Give an employee a phone, and show its password."""
        try:
            with api.rehearsed():
                phone, password = service.give_phone(_employee(id), _server(), api.now())
        except BadInput as error:
            flash(error.message, "error")
            return redirect(self.get_url(".index"))
        return self._page(phone, password)

    @expose("/<int:id>/password", methods=("POST",))
    def password(self, id: int) -> Any:
        """Give an employee's phone another password, and show it."""
        phone = _phone(id)
        return self._page(phone, service.reset_password(phone))

    @expose("/<int:id>/remove")
    def ask_remove(self, id: int) -> str:
        """Ask before a phone is taken away."""
        return self.render("asterisk/remove_phone.html", phone=_phone(id))

    @expose("/<int:id>/remove", methods=("POST",))
    def remove(self, id: int) -> Response:
        """Take an employee's phone away."""
        phone = _phone(id)
        with api.rehearsed():
            service.take_phone(phone)
        flash(gettext("%(who)s has no phone any more.", who=phone.employee.name), "success")
        return redirect(self.get_url(".index"))

    def _page(self, phone: PhoneRow | None = None, password: str = "") -> Any:
        """The list; with a password, an answer that no browser keeps."""
        account = api.current_member().account
        rows = PhoneRow.of(account).join(ServerRow)
        page = self.render(
            "asterisk/phones.html",
            employees=list(EmployeeRow.of(account).order_by(EmployeeRow.name)),
            phones={row.employee_id: row for row in rows},
            servers=list(ServerRow.select().order_by(ServerRow.name)),
            shown=phone,
            password=password,
        )
        return Response(page, mimetype="text/html", headers={"Cache-Control": "no-store"})


def _employee(id: int) -> EmployeeRow:
    account = api.current_member().account
    row = EmployeeRow.of(account).where(EmployeeRow.id == min(id, GREATEST_ID)).first()
    if row is None:
        raise NotFound(gettext("There is no employee %(id)s.", id=id))
    return row


def _phone(id: int) -> PhoneRow:
    account = api.current_member().account
    row = PhoneRow.of(account).where(PhoneRow.employee == min(id, GREATEST_ID)).first()
    if row is None:
        raise NotFound(gettext("This employee has no phone."))
    return row


def _server() -> ServerRow:
    """The server that was chosen, or the only one.

    Raises:
        BadInput: there is none, or it was not chosen.
    """
    rows = list(ServerRow.select().order_by(ServerRow.name))
    if not rows:
        raise BadInput(gettext("There is no Asterisk server yet; the operator adds it."))
    wanted = request.form.get("server", "")
    found = next((row for row in rows if str(row.id) == wanted), None)
    if found is None and len(rows) > 1:
        raise BadInput(gettext("Choose where the phone registers."))
    return found or rows[0]
