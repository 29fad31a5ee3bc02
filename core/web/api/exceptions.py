"""What an account has otherwise than its plan says, for the installation's programs: overrides and
trials."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import abort

from core.contract.errors import BadInput
from core.plans.accounts.listing import overrides, trials
from core.plans.accounts.plain import override_json, overrides_json, trial_json
from core.plans.accounts.terms import read_term
from core.plans.catalogue import require_known
from core.plans.file.typed import typed_cell
from core.plans.file.written import Written
from core.plans.tables import PlanOverride, PlanTrial
from core.store.accounts import AccountRow
from core.web.api.account_schemas import (
    EndQuerySchema,
    OverQuerySchema,
    OverrideSchema,
    OverrideSetSchema,
    OverridesSchema,
    TrialSchema,
    TrialsSchema,
    TrialStartSchema,
)
from core.web.api.accounts import CHANGED, INSTALLATION, find
from core.web.api.routes import Routes
from core.web.host import host, now
from core.web.member import current_member
from core.web.rows import row_id

routes = Routes("Overrides and trials")

Row = TypeVar("Row", PlanOverride, PlanTrial)


@routes.get(
    "/accounts/<int:id>/overrides", query=OverQuerySchema, answer=OverridesSchema, **INSTALLATION
)
def list_overrides(id: int, query: dict[str, Any]) -> dict[str, Any]:
    """The overrides of an account that hold or are to come."""
    found = overrides(find(id), now(), query["over"])
    return {"overrides": overrides_json(found, now())}


@routes.post(
    "/accounts/<int:id>/overrides",
    body=OverrideSetSchema,
    answer=OverrideSchema,
    status=201,
    **INSTALLATION,
)
def set_override(id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Give an account its own value of a feature.

    What equals the plan is refused, unless it is pinned.
    """
    row, at = find(id), now()
    written = _written(body["feature"], body["value"])
    begin, end = read_term(body["from"], body["until"], row.picture().zone, at)
    made = host().overrides.set(
        row,
        body["feature"],
        written,
        reason=body["reason"],
        author=current_member().user.email,
        at=at,
        from_at=begin,
        until=end,
        pinned=body["pinned"],
    )
    return override_json(made, at)


@routes.delete(
    "/accounts/<int:id>/overrides/<int:override>",
    query=EndQuerySchema,
    problems=CHANGED,
    **INSTALLATION,
)
def end_override(id: int, override: int, query: dict[str, Any]) -> None:
    """End an override now, with the older ones that it has replaced."""
    row = _row(PlanOverride, find(id), override)
    by = current_member().user.email
    host().overrides.end(row, author=by, at=now(), message=query["message"])


@routes.get("/accounts/<int:id>/trials", query=OverQuerySchema, answer=TrialsSchema, **INSTALLATION)
def list_trials(id: int, query: dict[str, Any]) -> dict[str, Any]:
    """The trial of an account that runs."""
    found = trials(find(id), now(), query["over"])
    return {"trials": [trial_json(one, now()) for one in found]}


@routes.post(
    "/accounts/<int:id>/trials",
    body=TrialStartSchema,
    answer=TrialSchema,
    status=201,
    **INSTALLATION,
)
def start_trial(id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Let an account have another plan until a day; a trial that runs ends."""
    row, at = find(id), now()
    _, end = read_term("", body["until"], row.picture().zone, at)
    by = current_member().user.email
    made = host().trials.start(row, body["plan"], end, reason=body["reason"], author=by, at=at)
    return trial_json(made, at)


@routes.delete(
    "/accounts/<int:id>/trials/<int:trial>",
    query=EndQuerySchema,
    problems=CHANGED,
    **INSTALLATION,
)
def end_trial(id: int, trial: int, query: dict[str, Any]) -> None:
    """End a trial now; the account has its own plan again."""
    row = _row(PlanTrial, find(id), trial)
    by = current_member().user.email
    host().trials.end(row, author=by, at=now(), message=query["message"])


def _row(table: type[Row], account: AccountRow, id: int) -> Row:
    known = row_id(id)
    return (known and table.of(account).where(table.id == known).first()) or abort(404)


def _written(feature: str, value: Any) -> Written:
    """The value that was sent; a text is read as a cell of the grid reads it.

    Raises:
        BadInput: an unknown feature, or nothing that it takes.
    """
    require_known(host().registry, feature)
    if isinstance(value, bool | int):
        return Written(value)
    typed = isinstance(value, str) and typed_cell(value, host().registry.features[feature])
    if not typed:
        raise BadInput("“value” takes true, false, a count or a word.", {"value": "Give a value."})
    return typed
