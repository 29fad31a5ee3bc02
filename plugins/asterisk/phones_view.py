"""The page of SIP phones: who has one, and a new password, which is shown exactly once."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from core import api
from core.api import BadInput, EmployeeRow, NotFound, gettext, lazy_gettext
from plugins.asterisk.changes import by_member
from plugins.asterisk.models import PhoneRow, ServerRow
from plugins.asterisk.phones import address_of, give_phone, reset_password, take_phone

GREATEST_ID = 2**63 - 1


class PhonesView(api.AccountView):
    """The employees of the account, with their phones."""

    plugin = "asterisk"
    category = "Account"
    can_create = can_edit = can_delete = can_view_details = False
    list_template = "asterisk/phones.html"
    column_list = ("name", "extension", "phone", "server", "rung_at")
    column_sortable_list = ("name", "extension")
    column_searchable_list = ("name", "extension")
    column_default_sort = "name"
    column_labels = {
        "name": lazy_gettext("Employee"),
        "extension": lazy_gettext("Extension"),
        "phone": lazy_gettext("User name"),
        "server": lazy_gettext("Server"),
        "rung_at": lazy_gettext("Rung at"),
    }
    column_formatters = {
        "phone": lambda view, context, row, name: row.phone and row.phone.endpoint,
        "server": lambda view, context, row, name: row.phone and row.phone.server.sip_host,
        "rung_at": lambda view, context, row, name: rung_at(row),
    }

    def __init__(self) -> None:
        super().__init__(EmployeeRow, lazy_gettext("SIP phones"), endpoint="asterisk_phones")

    def get_list(self, *args: Any, **kwargs: Any) -> Any:
        """One page, with the phones of its employees in one further query."""
        count, rows = super().get_list(*args, **kwargs)
        phones = PhoneRow.of(_account()).select_extend(ServerRow).join(ServerRow)
        shown = phones.where(PhoneRow.employee.in_([row.id for row in rows]))
        found = {phone.employee_id: phone for phone in shown}
        for row in rows:
            row.phone = found.get(row.id)
        return count, rows

    def row_address(self, row: EmployeeRow) -> str:
        """Name, extension and SIP address are the employee's."""
        return url_for("employees.edit_view", id=row.id, url=self.get_url(".index_view"))

    def render(self, template: str, **kwargs: Any) -> str:
        """As inherited; the page knows where a phone can register."""
        return super().render(template, servers=self.servers(), **kwargs)

    def servers(self) -> list[ServerRow]:
        """Where a phone can register."""
        return list(ServerRow.select().order_by(ServerRow.name))

    @expose("/<int:id>/give", methods=("POST",))
    def give(self, id: int) -> Any:
        """Give an employee a phone, and show its password."""
        try:
            with api.rehearsed():
                phone, password = give_phone(_employee(id), self._server(id), by_member())
        except BadInput as error:
            flash(error.message, "error")
            return redirect(self.get_url(".index_view"))
        return self._show(phone, password)

    @expose("/<int:id>/password")
    def ask_password(self, id: int) -> str:
        """Ask before a phone loses its password."""
        phone = _phone(id)
        question = gettext(
            "Give the phone of %(who)s another password? The phone works with it only when it has"
            " been typed there and the configuration of Asterisk is written again.",
            who=phone.employee.name,
        )
        return self.render("asterisk/ask.html", question=question, label=gettext("New password"))

    @expose("/<int:id>/password", methods=("POST",))
    def password(self, id: int) -> Any:
        """Give an employee's phone another password, and show it."""
        phone = _phone(id)
        return self._show(phone, reset_password(phone, by_member()))

    @expose("/<int:id>/remove")
    def ask_remove(self, id: int) -> str:
        """Ask before a phone is taken away."""
        phone = _phone(id)
        question = gettext(
            "Take the phone %(name)s away from %(who)s? It cannot register any more once the"
            " configuration of Asterisk is written again.",
            name=phone.endpoint,
            who=phone.employee.name,
        )
        question = f"{question} {without(phone)}"
        return self.render("asterisk/ask.html", question=question, label=gettext("Take away"))

    @expose("/<int:id>/remove", methods=("POST",))
    def remove(self, id: int) -> Response:
        """Take an employee's phone away."""
        phone = _phone(id)
        with api.rehearsed():
            take_phone(phone, by_member())
        flash(gettext("%(who)s has no phone any more.", who=phone.employee.name), "success")
        return redirect(self.get_url(".index_view"))

    def _show(self, phone: PhoneRow, password: str) -> Response:
        """The password, in an answer that no browser keeps."""
        page = self.render("asterisk/phone_password.html", phone=phone, password=password)
        return Response(page, mimetype="text/html", headers={"Cache-Control": "no-store"})

    def _server(self, employee: int) -> ServerRow:
        """The server that was chosen for an employee's phone, or the only one.

        Raises:
            BadInput: there is none, or it was not chosen.
        """
        rows = self.servers()
        if not rows:
            raise BadInput(gettext("There is no Asterisk server yet; the operator adds it."))
        wanted = request.form.get(f"server-{employee}", "")
        found = next((row for row in rows if str(row.id) == wanted), None)
        if found is None and len(rows) > 1:
            raise BadInput(gettext("Choose where the phone registers."))
        return found or rows[0]


def rung_at(row: EmployeeRow) -> str:
    """Where a call for an employee goes."""
    if row.phone and row.sip:
        return gettext("this phone")
    return row.sip or api.spaced(row.mobile)


def without(phone: PhoneRow) -> str:
    """Where calls go when a phone has been taken away, in a sentence."""
    employee = phone.employee
    if employee.sip not in ("", address_of(phone)):
        return gettext("Calls then go to their SIP address, %(address)s.", address=employee.sip)
    if employee.mobile:
        return gettext("Calls then go to their mobile.")
    return gettext("They have no mobile: calls do not reach them any more then.")


def _account() -> Any:
    return api.current_member().account


def _employee(id: int) -> EmployeeRow:
    row = EmployeeRow.of(_account()).where(EmployeeRow.id == min(id, GREATEST_ID)).first()
    if row is None:
        raise NotFound(gettext("There is no employee %(id)s.", id=id))
    return row


def _phone(id: int) -> PhoneRow:
    row = PhoneRow.of(_account()).where(PhoneRow.employee == min(id, GREATEST_ID)).first()
    if row is None:
        raise NotFound(gettext("This employee has no phone."))
    return row
