"""Puts hook questions to the plugins that act for one call, each one isolated, and keeps the trace.

The loop is our own because a fault must not stop the other plugins and must name its plugin, and
because it stands on the path of every event: it costs a seventh of a plain pluggy call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core.calls.checking import rubbish
from core.calls.found import LineSetup
from core.calls.traced import traced
from core.contract.call import Call
from core.contract.errors import PluginFault
from core.contract.plugin import Plugin
from core.contract.steps import Step
from core.contract.texts import N_, joined, phrase
from core.plans.gate import Grants
from core.plans.profile import effective
from core.registry import Registry

SWITCHED_OFF = N_("the plugin is switched off")
"""Why a plugin is skipped of which no plan speaks."""

ONLY_CALL = object()
"""Stands where settings would, for a function that takes the call and nothing else: handing it what
it did not ask for would cost as much as the function."""


class Asker:
    """Asks the plugins of one call during one event.

    Args:
        registry: all that is installed.
        grants: what the call's plan includes.
        setup: what the admin chose for the call's line.
        left_out: plugins that are not asked for now: too slow, or faulty.
        call: the call; the asker gives it the gate to ask, and who is absent.
        anywhere: what the plan includes where the number's own switches do not count; without it
            nobody is absent, as in a dry run of another time.

    ``trace`` collects what was decided and why, ``faults`` (plugin, hook, sentence) what failed.
    ``current`` is the plugin being asked; the runner watches it.
    """

    __slots__ = (
        "_absent",
        "_anywhere",
        "call",
        "current",
        "enabled",
        "faults",
        "grants",
        "left_out",
        "registry",
        "remembered",
        "setup",
        "trace",
    )

    def __init__(
        self,
        registry: Registry,
        grants: Grants,
        setup: LineSetup,
        left_out: frozenset[str],
        call: Call,
        anywhere: Callable[[], Grants] | None = None,
    ) -> None:
        self.registry = registry
        self.grants = grants
        self.setup = setup
        self.left_out = left_out
        self.enabled = grants.plugins - left_out if left_out else grants.plugins
        self.remembered = setup.answerers.setdefault((self.enabled, grants), {})
        self.current = ""
        self.trace: list[dict[str, Any]] = []
        self.faults: list[tuple[str, str, str]] = []
        self.call = replace(call, ask=self.ask_gate, absent=self.why_absent)
        self._anywhere = anywhere
        self._absent: dict[int, str] | None = None

    def first(
        self, hook: str, expected: type | tuple[type, ...], *arguments: Any
    ) -> tuple[str, Any] | None:
        """Ask all enabled plugins in order; the first answer that is not None, and whose."""
        call = self.call
        for name, implementation, settings in self._answerers(hook):
            self.current = name
            try:
                if settings is ONLY_CALL:
                    answer = implementation(call)
                elif arguments:
                    answer = implementation(call, *arguments, settings)
                else:  # without the star, which costs as much as the function
                    answer = implementation(call, settings)
            except BaseException as error:
                self.fault(name, hook, f"{type(error).__name__}: {error}")
                continue
            if answer is not None and self._as_promised(name, hook, answer, expected):
                return name, answer
        return None

    def all(self, hook: str, expected: type | tuple[type, ...]) -> list[tuple[str, Any]]:
        """Ask all enabled plugins in order; every answer that is not None, and whose."""
        asked = [(name, self.one(name, hook, expected)) for name, _, _ in self._answerers(hook)]
        return [(name, answer) for name, answer in asked if answer is not None]

    def _answerers(self, hook: str) -> list[tuple[str, Any, Any]]:
        """Who answers the hook, with what function and settings; remembered with the line."""
        found = self.remembered.get(hook)
        if found is None:
            found = self._find_answerers(hook)
            if not self.faults:
                self.remembered[hook] = found
        return found

    def _find_answerers(self, hook: str) -> list[tuple[str, Any, Any]]:
        found = []
        registry = self.registry
        for name, implementation in registry.implementations(hook, self.enabled):
            if registry.takes_only_call(hook, name):
                found.append((name, registry.function(hook, name), ONLY_CALL))
                continue
            try:
                found.append((name, implementation, self.settings(name)))
            except PluginFault as fault:  # its schema refuses even its own defaults
                self.fault(name, hook, fault.message)
        return found

    def one(
        self, plugin: str, hook: str, expected: type | tuple[type, ...], *arguments: Any
    ) -> Any:
        """Ask one plugin; None when it does not act for this call or has no answer."""
        implementation = self.registry.implementation(hook, plugin)
        if implementation is None or plugin not in self.enabled:
            return None
        self.current = plugin
        try:
            answer = implementation(self.call, *arguments, self.settings(plugin))
        except BaseException as error:
            return self.fault(plugin, hook, f"{type(error).__name__}: {error}")
        if answer is None or self._as_promised(plugin, hook, answer, expected):
            return answer
        return None

    def why_absent(self, employee: int) -> str:
        """Why an employee does not work now, "" when they do (R7). The plugins are asked once."""
        if self._absent is None:
            asking, self._absent = self.current, {}
            if self._anywhere is not None:
                self._ask_who_is_absent(self._anywhere())
            self.current = asking
        return self._absent.get(employee, "")

    def _ask_who_is_absent(self, grants: Grants) -> None:
        """Ask every plugin of the account, whatever this number has switched off; the gate, too,
        answers them for the account."""
        call = replace(self.call, ask=grants.ask)
        enabled = grants.plugins - self.left_out
        for name, _ in self.registry.implementations("find_absent", enabled):
            self._absent |= self._absent_of(name, call)

    def _absent_of(self, plugin: str, call: Call) -> Mapping[int, str]:
        """Ask one plugin who is absent."""
        self.current = plugin
        ask = self.registry.implementation("find_absent", plugin)
        try:
            answer = ask(call, self.settings(plugin))
        except BaseException as error:
            self.fault(plugin, "find_absent", f"{type(error).__name__}: {error}")
            return {}
        promised = answer is not None and self._as_promised(plugin, "find_absent", answer, Mapping)
        return answer if promised else {}

    def settings(self, plugin: str) -> Any:
        """The plugin's effective settings for the call's line."""
        description: Plugin = self.registry.plugins[plugin].plugin
        if description.settings is None:
            return None
        return effective(description, self.setup.stored.get(plugin, "{}"), self.grants).settings

    def ask_gate(self, feature: str) -> Any:
        """Ask the gate on behalf of the current plugin; its word goes into the trace."""
        decision = self.grants.ask(feature)
        self.note("gate", self.current, "granted" if decision.allowed else "refused", decision)
        return decision

    def note(self, stage: str, plugin: str, result: str, why: Any = "") -> None:
        """Add a line to the trace; ``why`` is a sentence, or a decision of the gate."""
        self.trace.append(traced(stage, plugin, result, why))

    def note_step(self, stage: str, plugin: str, step: Step | None, why: str) -> None:
        """Add what a plugin answered to the trace, and where on the number's flow that was."""
        self.note(stage, plugin, "nothing" if step is None else step.word, why)
        if step is not None and step.place:
            self.trace[-1]["place"] = step.place

    def skip(self, stage: str, plugin: str) -> None:
        """Note that a stage's plugin is not asked, and why. The line remembers the note, because
        where many plugins are installed most are skipped at every call."""
        entry = self.remembered.get((stage, plugin))
        if entry is not None:
            self.trace.append(entry)
            return
        gated = plugin in self.registry.features
        why = self.grants.ask(plugin) if gated else SWITCHED_OFF
        self.note(stage, plugin, "skipped", why)
        self.remembered[stage, plugin] = self.trace[-1]

    def noted(self) -> str:
        """What the plugin just asked left as notes, in one text."""
        notes = list(self.call.notes)
        self.call.notes.clear()
        return joined(map(phrase, notes), "; ")

    def fault(self, plugin: str, hook: str, sentence: str) -> None:
        """Note a plugin's fault: it is named, and counts as having no answer."""
        self.faults.append((plugin, hook, sentence))
        self.note(hook, plugin, "fault", sentence)

    def _as_promised(self, plugin: str, hook: str, answer: Any, expected: Any) -> bool:
        if isinstance(answer, expected):
            wrong = rubbish(answer)
        else:
            wrong = f"{hook} answered {answer!r:.200}"
        if wrong:
            self.fault(plugin, hook, wrong)
        return not wrong
