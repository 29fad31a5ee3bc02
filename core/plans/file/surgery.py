"""Brings the text of a plan file from what it says to what it shall say, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from core.plans.catalogue import plugin_of
from core.plans.decision import DEFAULT_WARN_AT
from core.plans.file import writing
from core.plans.file.changes import staying
from core.plans.file.headings import plan_spans
from core.plans.file.lines import Lines, ends_blank
from core.plans.file.nodes import Node
from core.plans.file.opened import Opened, Splice, entries, inlined
from core.plans.file.written import OwnPlan, Written


class Surgery:
    """One operation on one text.

    Args:
        lines: the text.
        root: its root node.
    """

    def __init__(self, lines: Lines, root: Node) -> None:
        self.lines = lines
        self.key, self.node = entries(root)["plans"]
        self.step = _step(self.node)

    def operate(self, before: Mapping[str, OwnPlan], after: Mapping[str, OwnPlan]) -> str:
        """The text that says ``after``.

        Args:
            before: what the text says, by key of the plan.
            after: what it shall say, in order.
        """
        plans = self._open_plans()
        for key, (name, node) in entries(self.node).items():
            if key in after and after[key] != before[key]:
                plans.change(key, self._plan(name, node, before[key], after[key]))
        self._place(plans, before, after)
        start, end, new = plans.closed()
        return self.lines.text[:start] + new + self.lines.text[end:]

    def _open_plans(self) -> Opened:
        spans = None if self.node.flow else plan_spans(self.lines, self.key, self.node)
        places = list(spans.values()) if spans else []
        gaps = [self.lines.text[a[1] : b[0]] for a, b in pairwise(places)]
        dense = gaps and not any(map(ends_blank, gaps))
        between = "" if dense else self.lines.newline
        return Opened(self.lines, self.key, self.node, self.step, spans, between)

    def _place(
        self, plans: Opened, before: Mapping[str, OwnPlan], after: Mapping[str, OwnPlan]
    ) -> None:
        """Take out what goes or moves, put in what comes or has moved."""
        kept = [key for key in before if key in after]
        stay = staying(kept, [key for key in after if key in before])
        taken = {key: plans.pieces.take(key) for key in before if key not in stay}
        for behind, (key, plan) in zip(["", *after], after.items(), strict=False):
            if key in stay:
                continue
            if key in taken:
                plans.pieces.put(key, taken[key], behind)
            else:
                plans.put(key, self._new(key, plan), behind)

    def _new(self, key: str, plan: OwnPlan) -> str | writing.Parts:
        """A new plan, in braces where all others are."""
        parts = writing.parts_of(key, plan)
        return writing.flow(parts) if all(one.flow for _, one in self.node.entries) else parts

    def _plan(self, key: Node, node: Node, old: OwnPlan, new: OwnPlan) -> Splice:
        plan = Opened(self.lines, key, node, self.step, block=not self.node.flow)
        if new.title != old.title:
            self._set_text(plan, "title", new.title, "")
        if new.extends != old.extends:
            self._set_text(plan, "extends", new.extends, "title")
        if new.cells != old.cells:
            self._set_cells(plan, old, new)
        return plan.closed()

    def _set_text(self, plan: Opened, name: str, text: str, after: str) -> None:
        found = entries(plan.node).get(name)
        if not text:
            plan.drop(name)
        elif found is None:
            plan.put(name, writing.word(text), after if after in plan.pieces.texts else "")
        else:
            quote = self.lines.text[found[1].start]
            like = quote if quote in "'\"" else ""
            plan.change(name, inlined(self.lines, *found, writing.word(text, like)))

    def _set_cells(self, plan: Opened, old: OwnPlan, new: OwnPlan) -> None:
        found = entries(plan.node).get("features")
        if found is None:
            parts = writing.parts_of("", new)["features"]
            plan.put("features", parts, plan.last())
        else:
            block = not plan.node.flow
            features = Opened(self.lines, *found, self.step, block=block)
            self._features(features, old.cells, new.cells)
            plan.change("features", features.closed())

    def _features(
        self, features: Opened, old: Mapping[str, Written], new: Mapping[str, Written]
    ) -> None:
        """New cells stand behind the last one of their plugin; so they come before others go."""
        for key, written in new.items():
            if key not in old:
                same = [one for one in features.pieces.texts if plugin_of(one) == plugin_of(key)]
                features.put(key, writing.cell(written), same[-1] if same else features.last())
            elif old[key] != written:
                cell = entries(features.node)[key]
                features.change(key, self._cell(*cell, old[key], written))
        for key in old:
            if key not in new:
                features.drop(key)

    def _cell(self, key: Node, node: Node, old: Written, new: Written) -> Splice:
        limit = entries(node)["limit"] if node.kind == "mapping" else None
        if limit is None or type(new.value) is not int:
            return inlined(self.lines, key, node, writing.cell(new))
        if new.warn_at == old.warn_at:
            return inlined(self.lines, *limit, str(new.value))
        if new.warn_at == DEFAULT_WARN_AT:
            return inlined(self.lines, key, node, writing.cell(new))
        return self._details(key, node, new)

    def _details(self, key: Node, node: Node, new: Written) -> Splice:
        details = Opened(self.lines, key, node, self.step)
        limit, warn_at = entries(node)["limit"], entries(node).get("warn_at")
        details.change("limit", inlined(self.lines, *limit, str(new.value)))
        if warn_at is None:
            details.put("warn_at", writing.percents(new.warn_at), "limit")
        else:
            given = inlined(self.lines, *warn_at, writing.percents(new.warn_at))
            details.change("warn_at", given)
        return details.closed()


def _step(plans: Node) -> str:
    """How much deeper an inner mapping stands in this file."""
    for key, node in plans.entries:
        if not (plans.flow or node.flow):
            return " " * (node.column - key.column)
    return "  "
