"""Plan × plugin at the door of the hooks: whole calls, with everything switched on for the number.

A driver plugin of the test's own leads calls to every destination that is installed, so that
whatever a plugin implements is within reach. Spies sit on the hook functions themselves: it does
not matter by which way one is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from core.calls.tables import CallRow, RecordingRow
from core.contract.events import ResultKind, RingOutcome
from core.contract.hookspecs import hookimpl
from core.contract.plugin import Plugin, Stage
from core.contract.steps import Connect, Destination, Gather, Hangup, Play, Reject, Ring, Say
from core.testing import LiveCall
from tests.matrix.conftest import furnish
from tests.matrix.plan_file import PLANS, PLUGINS, REGISTRY, granted
from tests.matrix.site import Site, open_site
from tests.served.conftest import sound

HOOKS = (
    "identify_caller", "route_call", "connect_call", "continue_call", "prepare_talk",
    "follow_talk", "call_ended", "recording_stored", "describe_call",
)  # fmt: skip
"""Those that are asked about one call."""

MOST_STEPS = 30


class Driver:
    """Asks for a key, then sends the call where the test says, then lets the routing go on."""

    destination: Destination | None = None

    @hookimpl
    def register_plugin(self) -> Plugin:
        return Plugin("driver", "Driver", stages=(Stage("drive", "Drive", 0),), on_by_default=True)

    @hookimpl
    def route_call(self) -> Gather:
        return Gather((Say("Press a key."),))

    @hookimpl
    def continue_call(self, result: Any) -> Connect | None:
        here = self.destination is not None and result.kind is not ResultKind.NOT_CONNECTED
        return Connect(self.destination) if here else None


@dataclass
class Heard:
    """What was asked of whom on one plan: plugins by hook, and the traces of all calls."""

    asked: dict[str, set[str]] = field(default_factory=lambda: {hook: set() for hook in HOOKS})
    trace: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Heard]]:
    """For each plan, what its calls asked."""
    driver = Driver()
    with open_site(tmp_path_factory.mktemp("calls"), extra={"driver": driver}) as site:
        current = Heard()
        for hook in HOOKS:
            for one in getattr(site.registry.manager.hook, hook).get_hookimpls():
                one.function = spied(one.function, lambda: current.asked, hook, one.plugin_name)
        for name, kind in site.registry.gateways.items():
            site.registry.gateways[name] = replace(kind, fetch=lambda row, url: sound())
        found = {}
        for plan, column in furnish(site).columns.items():
            found[plan] = current = Heard()
            places = [None, *(Destination(kind, "1") for kind in site.registry.destinations)]
            for number, place in enumerate(places):
                driver.destination = place
                call = column.company.call(f"+39333123{number:04}")
                live(call)
                record(site, call)
                current.trace += call.trace
            for _ in range(3):
                site.kit.jobs(seconds=40)
            for row in CallRow.of(column.company.account):
                assert row.outcome
                assert column.browser.get(f"/calls/{row.id}/").status_code == 200
        yield found


def spied(function: Any, asked: Any, hook: str, plugin: str) -> Any:
    """The same function, which notes that it was called."""

    def noting(*arguments: Any) -> Any:
        asked()[hook].add(plugin)
        return function(*arguments)

    return noting


def live(call: LiveCall) -> None:
    """A whole call: keys, nobody answers at first, a talk, the end."""
    for _ in range(MOST_STEPS):
        step = call.step
        if isinstance(step, Hangup | Reject):
            break
        if isinstance(step, Gather):
            call.press("1")
        elif isinstance(step, Play):
            call.played()
        elif isinstance(step, Ring):
            ring(call)
        else:
            call.left_message(0)
    call.hang_up()


def record(site: Site, call: LiveCall) -> None:
    """The provider announces a recording, whatever was ordered; the jobs fetch it."""
    row, now = CallRow.get(CallRow.ref == call.ref), site.kit.clock()
    RecordingRow.create(
        account=row.account,
        call=row,
        kind="conversation",
        ref=call.ref,
        status="announced",
        url="https://provider.example/1",
        announced_at=now,
        try_at=now,
    )


def ring(call: LiveCall) -> None:
    """Whom a plugin rings is busy, so that the routing goes on; the last resort answers."""
    if any(entry["stage"] == "last-resort" for entry in call.trace):
        call.answered()
        call.talked()
    else:
        call.no_answer(RingOutcome.BUSY)


@pytest.mark.parametrize("plugin", PLUGINS)
@pytest.mark.parametrize("plan", PLANS)
def test_hooks(heard, plan, plugin):
    implemented = {hook for hook in HOOKS if REGISTRY.implementation(hook, plugin)}
    asked = {hook for hook, plugins in heard[plan].asked.items() if plugin in plugins}
    if granted(plan, plugin):
        # Whoever returned no step that waits has nothing to continue.
        assert asked | {"continue_call"} == implemented | {"continue_call"}
    else:
        assert asked == set()


@pytest.mark.parametrize("plan", PLANS)
def test_the_trace_says_which_stages_the_plan_left_out(heard, plan):
    skipped = {
        (entry["stage"], entry["plugin"]): entry
        for entry in heard[plan].trace
        if entry["result"] == "skipped"
    }
    outside = {(one.name, owner) for one, owner in REGISTRY.stages if not granted(plan, owner)}
    assert set(skipped) == outside
    for (_, owner), entry in skipped.items():
        assert entry["reason"] == "not-in-plan"
        assert entry["feature"] == owner
        assert entry["decision"]["allowed"] is False
    reached = {(entry["stage"], entry["plugin"]) for entry in heard[plan].trace}
    assert reached >= {(stage.name, owner) for stage, owner in REGISTRY.stages}


@pytest.mark.parametrize("plan", PLANS)
def test_no_plugin_failed(heard, plan):
    faults = [entry for entry in heard[plan].trace if entry["result"] == "fault"]
    assert faults == []
