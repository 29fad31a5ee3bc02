"""Recording: wiring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core import api
from core.api import N_, FeatureKind, hookimpl
from plugins.recording import demo, keeping, pages, panel, terms
from plugins.recording.models import TABLES
from plugins.recording.schemas import RecordingSettings


@hookimpl
def register_plugin() -> api.Plugin:
    """Recording is a switch, a monthly quota and a finer switch."""
    return api.Plugin(
        name="recording",
        title=N_("Recording"),
        summary=N_("Records conversations, on agreed terms, and keeps them as long as you say."),
        section=api.Section.RECORDING,
        features=(
            api.Feature("recording", N_("Recording"), without=N_("Calls are not recorded.")),
            api.Feature(
                terms.UNIT,
                N_("Recordings per month"),
                FeatureKind.QUOTA,
                without=N_("The call goes on, unrecorded and without notice."),
            ),
            api.Feature(
                "recording.dual_channel",
                N_("Recording on two channels"),
                without=N_("Both parties are recorded on one channel."),
            ),
        ),
        settings=RecordingSettings,
        on_by_default=True,
    )


@hookimpl
def register_tables() -> Iterable[type]:
    """How long accounts keep their recordings."""
    return TABLES


@hookimpl
def register_views() -> Iterable[Any]:
    """The list of recordings."""
    return pages.views()


@hookimpl
def register_jobs() -> Iterable[api.Job]:
    """Every hour, recordings past the retention period are deleted."""
    return [api.Job("delete expired recordings", 3600, keeping.purge)]


@hookimpl
def prepare_talk(settings: Any) -> api.TalkTerms | None:
    """The terms of a number that records its calls."""
    return terms.terms(settings)


@hookimpl
def check_settings(settings: Any) -> Iterable[api.Problem]:
    """Warn of a notice that says too little."""
    return terms.problems(settings)


@hookimpl
def describe_call(call: api.Call) -> Iterable[api.Panel]:
    """The player, or why there is none."""
    return panel.panels(call)


@hookimpl
def demo_company_created(company: Any) -> None:
    """The demo company records its clients' calls."""
    demo.record_clients(company)
