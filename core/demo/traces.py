"""Writes the decision trace of an invented call.

No plugin is named here: the first routing stage is taken to refuse callers, the one whose settings
stand under working hours to know when the office is closed, and the last one to ring people.
"""

from __future__ import annotations

from typing import Any

from core.calls.asking import SWITCHED_OFF
from core.calls.state import CORE
from core.calls.traced import traced
from core.contract.call import Outcome
from core.contract.plugin import Section
from core.contract.texts import N_, phrase
from core.demo.calls import PastCall
from core.plans.catalogue import plugin_of
from core.plans.decision import Decision
from core.plans.gate import Grants
from core.registry import Registry

Entry = dict[str, Any]

RINGS = N_("rings %(name)s")
CLOSED = {Outcome.VOICEMAIL: "connect", Outcome.CLOSED: "hangup"}


class Traces:
    """Traces of one company's calls.

    Args:
        registry: knows the stages of routing.
        grants: what the company's plan includes.
    """

    def __init__(self, registry: Registry, grants: Grants) -> None:
        self._registry = registry
        self._grants = grants
        acting = [owner for _, owner in registry.stages if owner in grants.plugins]
        self._first, self._last = acting[0] if acting else CORE, acting[-1] if acting else CORE
        plugins = {one: registry.plugins[one].plugin for one in acting}
        hours = (one for one in acting if plugins[one].section is Section.HOURS)
        self._hours = next(hours, self._first)

    def of(self, call: PastCall, unit: Decision | None) -> list[Entry]:
        """The trace of a call.

        Args:
            call: the call.
            unit: the decision with which its recording was granted, if it was recorded.
        """
        entries: list[Entry] = []
        for stage, owner in self._registry.stages:
            if owner not in self._grants.plugins:
                entries.append(self._skipped(stage.name, owner))
                continue
            result, reason = self._answer(owner, call)
            entries.append(traced(stage.name, owner, result, reason))
            if result != "nothing":
                break
        if unit is not None:
            plugin = plugin_of(unit.feature)
            entries.append(traced("before the talk", plugin, "granted", unit))
        return entries + self._after(call)

    def _skipped(self, stage: str, owner: str) -> Entry:
        gated = owner in self._registry.features
        why = self._grants.ask(owner) if gated else SWITCHED_OFF
        return traced(stage, owner, "skipped", why)

    def _answer(self, owner: str, call: PastCall) -> tuple[str, str]:
        """What the plugin of a stage answered, and why."""
        if owner == self._first and call.outcome is Outcome.REJECTED:
            return "reject", N_("refused before it was answered")
        if owner == self._hours and not call.open:
            return CLOSED[call.outcome], N_("closed at this hour")
        if owner == self._hours and owner != self._last:
            return "nothing", N_("open at this hour")
        if owner == self._last and call.rung:
            return "ring", phrase(RINGS, name=str(call.rung[0]))
        if owner == self._last:
            return "nothing", N_("the caller hung up before anybody was rung")
        return "nothing", ""

    def _after(self, call: PastCall) -> list[Entry]:
        """What followed when somebody was rung."""
        entries = []
        for place, employee in enumerate(call.rung):
            answered = call.outcome is Outcome.ANSWERED and employee is call.rung[-1]
            if place:
                entries.append(
                    traced("continue", self._last, "ring", phrase(RINGS, name=str(employee)))
                )
            if not answered:
                entries.append(traced("continue", self._last, "nothing", N_("no answer")))
        if call.forwarded_to:
            entries.append(traced("last-resort", CORE, "backup-number", N_("nobody answered")))
        if call.rung and call.outcome is Outcome.VOICEMAIL:
            entries.append(
                traced("continue", self._last, "connect", N_("nobody answered: voicemail"))
            )
        return entries
