"""The card as a page (C1): of a call, or of a number somebody looks for."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from flask_babel import format_currency
from werkzeug.wrappers import Response

from core import api
from core.api import gettext
from plugins.crm.card import KIND_TITLES, build
from plugins.crm.leads import create_lead, title
from plugins.crm.matches import Kind, Match


class CardPage(api.AdminPage):
    """Everybody who answers calls may look at cards."""

    plugin = "crm"
    category = "CRM"
    roles_view = roles_edit = ("admin", "supervisor", "agent")

    @expose("/")
    def index(self) -> str:
        """Find a client by number."""
        typed = request.args.get("number", "").strip()
        account = api.current_member().account
        card = wrong = None
        try:
            card = build(account, api.e164(typed, account.country)) if typed else None
        except api.BadInput as error:
            wrong = error.message
        return self._page(card=card, typed=typed, wrong=wrong)

    @expose("/<int:call>")
    def of_call(self, call: int) -> str:
        """The card of a call."""
        row = self._call(call)
        return self._page(card=build(api.current_member().account, row.client_number), call=row)

    @expose("/<int:call>/lead", methods=("POST",))
    def create_lead(self, call: int) -> Response:
        """Make the caller a lead (C2); it belongs to the employee who pressed the button."""
        row, member = self._call(call), api.current_member()
        if not row.client_number:
            raise api.BadInput(
                gettext("The caller withheld the number, so there is nobody to call back.")
            )
        outcome = api.Outcome(row.outcome) if row.outcome else None
        lead = create_lead(
            member.account.id,
            row.client_number,
            title(outcome, row.client_number),
            api.now(),
            row.id,
            member.employee.id if member.employee else None,
        )
        if lead is None:
            flash(gettext("%(number)s has an open lead already.", number=row.client_number), "info")
            return redirect(self.get_url(".of_call", call=call))
        flash(gettext("Lead created: %(lead)s.", lead=lead.title), "success")
        return redirect(self.get_url("crm_leads.edit_view", id=lead.id))

    def _call(self, call: int) -> api.CallRow:
        row = api.CallRow.of(api.current_member().account).where(api.CallRow.id == call).first()
        if row is None:
            raise api.NotFound(gettext("There is no call %(id)s.", id=call))
        return row

    def _page(self, **values: Any) -> str:
        team = api.employees(api.current_member().account)
        return self.render(
            "crm/card.html",
            team=team,
            kinds=KIND_TITLES,
            money=format_currency,
            address=self.match_address,
            **values,
        )

    def match_address(self, match: Match) -> str:
        """Where a match is edited."""
        place = {
            Kind.CONTACT: "crm_contacts",
            Kind.COMPANY: "crm_companies",
            Kind.LEAD: "crm_leads",
        }[match.kind]
        return self.get_url(f"{place}.edit_view", id=match.id)
