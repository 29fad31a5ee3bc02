"""Reads and checks a plan file: all faults at once, each with its line (plans.md §4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver

from core.plans.catalogue import Catalogue, did_you_mean, plugin_of
from core.plans.file.advice import shown
from core.plans.file.cells import Entry, entries_of, read_cell
from core.plans.file.faults import Fault, PlansFault
from core.plans.file.inheritance import inherit
from core.plans.file.nodes import Node, decode, read_nodes
from core.plans.file.plan import Cell, Plan, PlanDocument

SCHEMA = "1"
"""The version of the file's own shape that this code reads."""

PLAN_KEY = re.compile(r"[a-z][a-z0-9_-]{0,59}")
"""Fits ``accounts.plan``, an address and a command line."""

LONGEST_TITLE = 60
"""Characters; a plan's title heads a column."""


def parse_plans(text: str | bytes, catalogue: Catalogue, name: str = "plans.yaml") -> PlanDocument:
    """Read and check a plan file.

    Args:
        text: its text, or its bytes as they lie on the disk.
        catalogue: the installed plugins with the features they declare.
        name: what faults call the file.

    Raises:
        PlansFault: holds every fault at once, each with line and column (plans.md §4).
    """
    whole = decode(text, name) if isinstance(text, bytes) else text
    return parse_with_nodes(whole, catalogue, name)[0]


def parse_with_nodes(text: str, catalogue: Catalogue, name: str) -> tuple[PlanDocument, Node]:
    """The same, with the root of the nodes that it was read from, for those who edit the text."""
    reader = _Reader(catalogue, name)
    root = read_nodes(text, name, reader.faults)
    plans = reader.read(root)
    if reader.faults:
        raise PlansFault(reader.faults)
    document = PlanDocument(name, plans, catalogue.features, tuple(sorted(reader.warnings)))
    return document, root


@dataclass
class _Reader:
    """Walks the nodes of one file and gathers what is wrong with it."""

    catalogue: Catalogue
    name: str
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    places: dict[str, Node] = field(default_factory=dict)
    """Where each plan's ``extends`` and each of its features stand, by path."""

    def complain(self, node: Node, path: str, sentence: str) -> None:
        self.faults.append(Fault(node.line, node.column, path, sentence, self.name))

    def warn(self, node: Node, path: str, sentence: str) -> None:
        self.warnings.append(Fault(node.line, node.column, path, sentence, self.name))

    def read(self, root: Node) -> Mapping[str, Plan]:
        top = entries_of(root, "", ("schema", "plans"), self.complain)
        if root.kind == "mapping":
            self._schema(root, top)
        if "plans" not in top:
            return {}
        node = top["plans"].value
        given = entries_of(node, "plans", (), self.complain)
        if node.kind == "mapping" and not node.entries:
            self.complain(node, "plans", "there is no plan")
        own = {key: self._plan(key, entry) for key, entry in given.items()}
        plans = inherit(own, self.places, self.complain)
        self._warn_of_equal_titles(own, given)
        self._warn_of_idle_parts(plans)
        return plans

    def _schema(self, root: Node, top: Mapping[str, Entry]) -> None:
        if "plans" not in top:
            self.complain(root, "", "plans: is missing")
        if "schema" not in top:
            self.complain(root, "", f"schema: {SCHEMA} is missing")
        elif top["schema"].value.text != SCHEMA or top["schema"].value.quoted:
            node = top["schema"].value
            self.complain(node, "schema", f"this version reads schema: {SCHEMA} only")

    def _plan(self, key: str, entry: Entry) -> Plan:
        path = f"plans.{key}"
        if not PLAN_KEY.fullmatch(key) or not is_text(entry.key):
            advice = "a plan's key is a lower-case word such as free or basic-2"
            self.complain(entry.key, path, f"{key} is not taken, {advice}")
        given = entries_of(entry.value, path, ("title", "extends", "features"), self.complain)
        if "extends" in given:
            self.places[f"{path}.extends"] = given["extends"].value
        return Plan(
            key,
            self._text(given.get("title"), f"{path}.title") or key,
            self._text(given.get("extends"), f"{path}.extends"),
            entry.key.line,
            self._cells(key, given.get("features"), f"{path}.features"),
        )

    def _text(self, entry: Entry | None, path: str) -> str:
        if entry is None or entry.value.kind == "refused":
            return ""
        node = entry.value
        sentence = ""
        if node.kind != "scalar" or not node.text.strip():
            sentence = f"{shown(node)} stands where a text is expected"
        elif not is_text(node):
            sentence = f'not every reader takes {node.text} as a text; write "{node.text}"'
        elif len(node.text) > LONGEST_TITLE:
            sentence = f"it has {len(node.text)} characters; {LONGEST_TITLE} are the most"
        elif not node.text.isprintable():
            sentence = f"{shown(node)} holds a character that nobody can see; take it out"
        if sentence:
            self.complain(node, path, sentence)
        return "" if sentence else node.text

    def _cells(self, plan: str, entry: Entry | None, path: str) -> dict[str, Cell]:
        cells = {}
        for key, one in entries_of(entry.value, path, (), self.complain).items() if entry else ():
            feature = self.catalogue.features.get(key)
            if feature is None:
                self._undeclared(one.key, f"{path}.{key}")
                continue
            cell = read_cell(one.value, f"{path}.{key}", feature, plan, self.complain)
            if cell is not None:
                cells[key] = cell
                self.places[f"{path}.{key}"] = one.key
        return cells

    def _undeclared(self, node: Node, path: str) -> None:
        plugin = plugin_of(node.text)
        if plugin in self.catalogue.broken:
            sentence = f"the plugin {plugin} did not load, so this grants nothing for now"
            self.warn(node, path, sentence)
        else:
            hint = did_you_mean(node.text, self.catalogue.features)
            self.complain(node, path, f"unknown feature{hint or '; no installed plugin has it'}")

    def _warn_of_equal_titles(self, plans: Mapping[str, Plan], given: Mapping[str, Entry]) -> None:
        first: dict[str, str] = {}
        for key, plan in plans.items():
            other = first.setdefault(plan.title.casefold(), key)
            if other != key:
                sentence = f"has the same title as {other}; people cannot tell them apart"
                self.warn(given[key].key, f"plans.{key}", sentence)

    def _warn_of_idle_parts(self, plans: Mapping[str, Plan]) -> None:
        document = PlanDocument(self.name, plans, self.catalogue.features)
        for plan in plans.values():
            for key, cell in plan.cells.items():
                if cell.plan == plan.key and cell.granted and not document.includes(plan.key, key):
                    path = f"plans.{plan.key}.features.{key}"
                    sentence = f"has no effect, because the plan does not include {plugin_of(key)}"
                    self.warn(self.places[path], path, sentence)


def is_text(node: Node) -> bool:
    """Whether old and new YAML readers agree that a scalar is a text; they do not on ``no``."""
    if node.quoted:
        return True
    resolvers = (VersionedResolver(version=version) for version in ("1.1", "1.2"))
    tags = {str(one.resolve(ScalarNode, node.text, (True, False))) for one in resolvers}
    return tags == {"tag:yaml.org,2002:str"}
