"""What a hook question costs by itself: ``Asker.first``, a plain loop, and pluggy's own call.

Nobody has an answer, so that all are asked. The loop is the least there is: it knows no settings,
survives no fault and names no plugin.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.installation import installed, make_account
from benchmarks.ratio import Ratio, in_turns
from benchmarks.stopwatch import microseconds
from core.api import Account, Call, Client, Line, LineKind, Plugin, Settings, hookimpl
from core.calls.asking import Asker
from core.calls.found import LineSetup
from core.registry import Registry, load
from core.store.accounts import AccountRow

HOOK = "identify_caller"
HOW_MANY = (5, 20, 100)
GOAL = 1.5
AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
PLANS = "schema: 1\nplans:\n  free:\n    title: Free\n    features: {}\n"
NOTHING_LEFT_OUT: frozenset[str] = frozenset()


class Silent:
    """A plugin that has no answer, and reads its settings."""

    def __init__(self, name: str) -> None:
        self.name = name

    @hookimpl
    def register_plugin(self) -> Plugin:
        return Plugin(self.name, self.name, settings=Settings, on_by_default=True)

    @hookimpl
    def identify_caller(self, call: Call, settings: Any) -> None:
        return None


class SilentOfCall(Silent):
    """The same, taking only the call, as most do."""

    @hookimpl
    def identify_caller(self, call: Call) -> None:
        return None


def run(folder: Path, rounds: int) -> list[Ratio]:
    """Measure.

    Args:
        folder: an empty one.
        rounds: how often everybody is measured.
    """
    return [
        ratio
        for kind in (Silent, SilentOfCall)
        for many in HOW_MANY
        for ratio in _compare(_empty(folder / f"{kind.__name__}-{many}"), kind, many, rounds)
    ]


def _compare(folder: Path, kind: type[Silent], many: int, rounds: int) -> list[Ratio]:
    registry = load(names=(), extra={f"p{n:03}": kind(f"p{n:03}") for n in range(many)})
    with installed(folder, PLANS, registry) as centralino:
        account = AccountRow.get_by_id(make_account(1, "free").id).picture()
        grants = centralino.gate.grants(account, AT)
        call = _call(account)
        asker = Asker(registry, grants, LineSetup(frozenset(), {}), NOTHING_LEFT_OUT, call)
        works = (
            lambda: asker.first(HOOK, Client),
            _loop(registry, kind, call),
            _pluggy(registry, kind, call),
        )
        ours, loop, pluggy = in_turns(rounds, *(microseconds(work) for work in works))
        if asker.faults:
            raise RuntimeError(f"the plugins are faulty: {asker.faults[0]}")
    taken = "call, settings" if kind is Silent else "call"
    title = f"{many} × ({taken})"
    return [
        Ratio(f"{title} : a plain loop", ours, loop, "µs", GOAL, False),
        Ratio(f"{title} : pluggy", ours, pluggy, "µs", at_least=False),
    ]


def _loop(registry: Registry, kind: type[Silent], call: Call) -> Callable[[], Any]:
    functions = [one.module.identify_caller for one in registry.plugins.values()]
    settings = object()

    def with_settings() -> Any:
        for function in functions:
            answer = function(call, settings)
            if answer is not None:
                return answer
        return None

    def with_call() -> Any:
        for function in functions:
            answer = function(call)
            if answer is not None:
                return answer
        return None

    return with_settings if kind is Silent else with_call


def _pluggy(registry: Registry, kind: type[Silent], call: Call) -> Callable[[], Any]:
    hook = getattr(registry.manager.hook, HOOK)
    return lambda: hook(call=call, settings=None)


def _call(account: Account) -> Call:
    line = Line(1, "+390612345678", "Main", LineKind.RENTED, account.timezone)
    return Call(1, account, line, "+393331234567", line.number, AT, AT)


def _empty(folder: Path) -> Path:
    folder.mkdir()
    return folder
