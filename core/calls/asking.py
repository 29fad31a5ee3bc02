"""Puts hook questions to the plugins that act for one call, each one isolated, and keeps the trace.

The loop is our own because a fault must not stop the other plugins and must name its plugin, and
because it stands on the path of every event: it costs a seventh of a plain pluggy call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.contract.call import Call
from core.contract.plugin import Plugin
from core.plans.gate import Grants
from core.plans.profile import effective
from core.registry import Registry


class Asker:
    """Asks the plugins of one call during one event.

    Args:
        registry: all that is installed.
        grants: what the call's plan includes.
        stored: of the call's line, each plugin's stored settings as JSON text.
        left_out: plugins that are not asked for now: too slow, or faulty.
        call: the call; the asker gives it the gate to ask.

    ``trace`` collects what was decided and why, ``faults`` (plugin, hook, sentence) what failed.
    ``current`` is the plugin being asked; the runner watches it.
    """

    __slots__ = (
        "call",
        "current",
        "enabled",
        "faults",
        "grants",
        "left_out",
        "registry",
        "stored",
        "trace",
    )

    def __init__(
        self,
        registry: Registry,
        grants: Grants,
        stored: Mapping[str, str],
        left_out: frozenset[str],
        call: Call,
    ) -> None:
        self.registry = registry
        self.grants = grants
        self.stored = stored
        self.left_out = left_out
        self.enabled = grants.plugins - left_out if left_out else grants.plugins
        self.current = ""
        self.trace: list[dict[str, Any]] = []
        self.faults: list[tuple[str, str, str]] = []
        self.call = replace(call, ask=self.ask_gate)

    def first(
        self, hook: str, expected: type | tuple[type, ...], *arguments: Any
    ) -> tuple[str, Any] | None:
        """Ask all enabled plugins in order; the first answer that is not None, and whose."""
        for name, implementation in self.registry.implementations(hook, self.enabled):
            self.current = name
            try:
                answer = implementation(self.call, *arguments, self.settings(name))
            except BaseException as error:
                self.fault(name, hook, f"{type(error).__name__}: {error}")
                continue
            if answer is not None and self._as_promised(name, hook, answer, expected):
                return name, answer
        return None

    def all(self, hook: str, expected: type, *arguments: Any) -> list[tuple[str, Any]]:
        """Ask all enabled plugins in order; every answer that is not None, and whose."""
        answers = []
        for name, _ in self.registry.implementations(hook, self.enabled):
            answer = self.one(name, hook, expected, *arguments)
            if answer is not None:
                answers.append((name, answer))
        return answers

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

    def settings(self, plugin: str) -> Any:
        """The plugin's effective settings for the call's line."""
        description: Plugin = self.registry.plugins[plugin].plugin
        if description.settings is None:
            return None
        return effective(description, self.stored.get(plugin, "{}"), self.grants).settings

    def ask_gate(self, feature: str) -> Any:
        """Ask the gate on behalf of the current plugin; its word goes into the trace."""
        decision = self.grants.ask(feature)
        self.note("gate", self.current, "granted" if decision.allowed else "refused", decision)
        return decision

    def note(self, stage: str, plugin: str, result: str, why: Any = "") -> None:
        """Add a line to the trace; ``why`` is a sentence, or a decision of the gate."""
        entry = {"stage": stage, "plugin": plugin, "result": result}
        if isinstance(why, str):
            entry["reason"] = why
        else:
            entry |= {"reason": str(why.reason), "feature": why.feature, "decision": why.as_json()}
        self.trace.append(entry)

    def noted(self) -> str:
        """What the plugin just asked left as notes, in one text."""
        sentences = "; ".join(str(note) for note in self.call.notes)
        self.call.notes.clear()
        return sentences

    def fault(self, plugin: str, hook: str, sentence: str) -> None:
        """Note a plugin's fault: it is named, and counts as having no answer."""
        self.faults.append((plugin, hook, sentence))
        self.note(hook, plugin, "fault", sentence)

    def _as_promised(self, plugin: str, hook: str, answer: Any, expected: Any) -> bool:
        if isinstance(answer, expected):
            return True
        self.fault(plugin, hook, f"{hook} answered {answer!r:.200}")
        return False
