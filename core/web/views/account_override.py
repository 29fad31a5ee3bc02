"""An account's own value for one feature."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.contract.errors import CentralinoError
from core.contract.features import Feature
from core.contract.texts import N_
from core.plans.accounts.refusing import refused
from core.plans.accounts.spans import live
from core.plans.accounts.terms import read_term
from core.plans.file.typed import typed_cell
from core.plans.file.written import Written
from core.plans.tables import PlanOverride
from core.store.accounts import AccountRow
from core.web.account_plan import own_values
from core.web.explain import problems
from core.web.host import host, now
from core.web.rows import row_id
from core.web.views.account_page import AccountPage, account_of, deciding, done, not_done, typed


class AccountOverridePage(AccountPage):
    """Sets and ends it."""

    def __init__(self) -> None:
        address = "/accounts/<int:id>/plan/override"
        super().__init__(lazy_gettext("Override"), endpoint="account_override", url=address)

    @expose("/", methods=("GET",))
    def index(self, id: int) -> str:
        """The form for a new one."""
        return self._form(account_of(id), _feature(), {})

    @expose("/", methods=("POST",))
    def set(self, id: int) -> Any:
        """Set it."""
        account, feature = account_of(id), _feature()
        try:
            _set(account, feature)
        except CentralinoError as error:
            return self._form(account, feature, problems(error))
        return done(account, gettext("Saved. The next call follows it."), feature.key)

    @expose("/<int:override>/end", methods=("GET",))
    def ask(self, id: int, override: int) -> str:
        """Ask before one is ended."""
        account = account_of(id)
        row = _override(account, override)
        (own,) = [one for one in own_values(account.picture(), now()) if one.row == row]
        return self.page("account_override_end", account, own=own)

    @expose("/<int:override>/end", methods=("POST",))
    def end(self, id: int, override: int) -> Any:
        """End one."""
        account = account_of(id)
        row, message = _override(account, override), request.form.get("message", "")
        try:
            host().overrides.end(row, message=message, **deciding())
        except CentralinoError as error:
            return not_done(account, error)
        return done(account, gettext("The override has ended."), row.feature)

    def _form(self, account: AccountRow, feature: Feature, errors: dict[str, str]) -> str:
        picture = account.picture()
        return self.page(
            "account_override",
            account,
            feature=feature,
            decision=host().gate.ask(picture, feature.key, now()),
            planned=host().gate.planned(picture, now()).ask(feature.key),
            own=own_values(picture, now(), feature.key),
            typed=typed(),
            errors=errors,
        )


def _feature() -> Feature:
    return host().registry.features.get(request.values.get("feature", "")) or abort(404)


def _override(account: AccountRow, id: int) -> PlanOverride:
    """One of the account's that holds or is to come."""
    rows = PlanOverride.of(account).where(live(PlanOverride, now()))
    return rows.where(PlanOverride.id == (row_id(id) or 0)).first() or abort(404)


def _set(account: AccountRow, feature: Feature) -> None:
    form = request.form
    written = _written(form.get("value", ""), feature)
    begin, end = read_term(
        form.get("from", ""), form.get("until", ""), account.picture().zone, now()
    )
    host().overrides.set(
        account,
        feature.key,
        written,
        reason=form.get("reason", ""),
        from_at=begin,
        until=end,
        pinned="pinned" in form,
        **deciding(),
    )


def _written(word: str, feature: Feature) -> Written:
    try:
        written = typed_cell(word, feature)
    except CentralinoError as error:
        raise refused("value", error.message) from error
    if written is None:
        raise refused("value", N_("Say what the account is to have of it."))
    return written
