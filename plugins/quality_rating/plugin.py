"""Quality rating: wiring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core import api
from core.api import N_, hookimpl
from plugins.quality_rating import demo, pages, panel, service
from plugins.quality_rating.models import TABLES
from plugins.quality_rating.schemas import RatingSettings


@hookimpl
def register_plugin() -> api.Plugin:
    """The rating is one row of the plan matrix; an admin switches it on per number."""
    return api.Plugin(
        name="quality_rating",
        title=N_("Quality rating"),
        summary=N_("Asks callers for 1 to 5 when the employee has hung up."),
        section=api.Section.RECORDING,
        features=(
            api.Feature(
                "quality_rating",
                N_("Quality rating"),
                without=N_("Callers are not asked for a rating."),
            ),
        ),
        settings=RatingSettings,
    )


@hookimpl
def register_tables() -> Iterable[type]:
    """The ratings."""
    return TABLES


@hookimpl
def register_views() -> Iterable[Any]:
    """The statistics."""
    return pages.views()


@hookimpl
def follow_talk(call: api.Call, settings: Any) -> api.Step | None:
    """The employee has hung up: ask the caller."""
    return service.ask(call, call.talk, settings)


@hookimpl
def continue_call(result: api.Result, state: Mapping[str, Any], settings: Any) -> api.Step:
    """The caller answered the question, or not."""
    return service.go_on(result, state, settings)


@hookimpl
def call_ended(call: api.Call) -> None:
    """Keep the rating, also when there was none."""
    service.keep(call)


@hookimpl
def describe_call(call: api.Call) -> Iterable[api.Panel]:
    """The call's rating."""
    return panel.panels(call)


@hookimpl
def demo_company_created(account: api.Account, company: Any) -> None:
    """Ratings of the demo company's calls, and more to come."""
    demo.fill(account)
    demo.ask_callers(company)
