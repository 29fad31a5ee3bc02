"""Random plan files as people write them: every style, with comments wherever one can stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from core.contract.errors import BadInput
from core.contract.features import Feature, FeatureKind
from core.plans.decision import DEFAULT_WARN_AT
from core.plans.file.applying import applied
from core.plans.file.changes import AddPlan, Change, ChangePlan, MovePlan, RemovePlan, SetCell
from core.plans.file.written import OwnPlan, Written
from tests.plans.conftest import catalogue_of

FEATURES = (
    Feature("crm", "CRM"),
    Feature("crm.lead", "Leads"),
    Feature("ivr", "Voice menu"),
    Feature("ivr.depth", "Depth", FeatureKind.NUMBER),
    Feature("rec", "Recording"),
    Feature("rec.calls", "Calls per month", FeatureKind.QUOTA),
    Feature("rec.keep", "Keep", FeatureKind.CHOICE, choices=("month", "a year", "no")),
    Feature("rec.text", "Transcription", FeatureKind.METERED),
)
CATALOGUE = catalogue_of(*FEATURES, acme="ImportError")
BY_KEY = {one.key: one for one in FEATURES}
KEYS = ("free", "basic", "no", "a-1", "plus", "top")
TITLES = (
    "Free", "Basic plan", "No", "22:30", "Größe L", "a: b", "it's", 'the "best"', "# 1", "- x", "~",
    "1.5", "  wide ", "x\\y", "–", "[x]", "{x}",
    "<<", "=", "a #b", "a,b", "Ünï ✓", "𝄞", "null", "0x1F", "@me", "%x", "!x", "&x", "*x", "|", ">",
    "end.", "(a)", "a+", "---", "...", "?", "? a", ": b", "é", "-",
)  # fmt: skip

Owner = tuple[str, ...]
"""What a line or a comment speaks of: ``("plan", "free")``, ``("cell", "free", "crm")``."""


def value_of(feature: Feature, rng: Random) -> Written:
    """One of all that a cell of a feature can say."""
    if feature.kind in (FeatureKind.SWITCH, FeatureKind.METERED):
        return Written(rng.choice((True, False)))
    if feature.kind is FeatureKind.CHOICE:
        return Written(rng.choice((False, *feature.choices)))
    value = rng.choice((0, 1, 7, 100, 999_999_999, False, "unlimited"))
    if feature.kind is FeatureKind.QUOTA and type(value) is int and rng.random() < 0.7:
        return Written(value, rng.choice(((), (50,), (5, 50, 100))))
    return Written(value)


def plans_of(rng: Random, most: int = 4) -> dict[str, OwnPlan]:
    """Plans that hold together."""
    keys = rng.sample(KEYS, rng.randint(1, most))
    rank = rng.sample(keys, len(keys))
    return {
        key: OwnPlan(
            key if rng.random() < 0.3 else rng.choice(TITLES),
            rng.choice(["", *rank[: rank.index(key)]]),
            {one.key: value_of(one, rng) for one in rng.sample(FEATURES, rng.choice(range(6)))},
        )
        for key in keys
    }


def changes_of(plans: dict[str, OwnPlan], rng: Random, most: int = 5) -> list[Change]:
    """Random changes, each of which fits what the ones before it made of the plans."""
    now, found = dict(plans), []
    for _ in range(rng.randint(1, most)):
        change = _change(now, rng)
        try:
            now = applied(now, [change], BY_KEY)
        except BadInput:
            continue
        found.append(change)
    return found


def _change(plans: dict[str, OwnPlan], rng: Random) -> Change:
    key, other = rng.choice(list(plans)), rng.choice(["", *plans])
    title = rng.choice(("", *TITLES))
    kind = rng.choice("cccccctarm")
    if kind == "c":
        said = plans[key].cells and rng.random() < 0.6
        feature = rng.choice(list(plans[key].cells if said else BY_KEY))
        gone = rng.random() < 0.4
        return SetCell(key, feature, None if gone else value_of(BY_KEY[feature], rng))
    if kind == "t":
        return ChangePlan(key, title, rng.choice((other, plans[key].extends)))
    if kind == "a":
        return AddPlan(rng.choice(KEYS), title, rng.choice(["", *plans]), other)
    return MovePlan(key, other) if kind == "m" else RemovePlan(key)


@dataclass
class Line:
    """One line of a file, what it speaks of, and the plan it stands in, or ""."""

    text: str
    owners: set[Owner]
    plan: str


@dataclass
class File:
    """A file, and whose each of its comments is; those of ``("",)`` and of plans stay."""

    text: str
    newline: str
    plans: dict[str, OwnPlan]
    lines: list[Line]
    comments: dict[str, Owner]


def file_of(rng: Random, most: int = 4) -> File:
    """A file with random plans, in a style of its own."""
    return _Writer(rng).file(plans_of(rng, most))


class _Writer:
    """Writes plans; decides at every turn how."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.newline = self.pick("\n", "\n", "\r\n")
        self.step = self.pick(2, 2, 1, 3, 4)
        self.commented = self.pick(True, True, False)
        self.lines: list[Line] = []
        self.comments: dict[str, Owner] = {}
        self.plan = ""

    def pick(self, *choices: Any) -> Any:
        return self.rng.choice(choices)

    def shuffled(self, items: list) -> list:
        return self.rng.sample(items, len(items))

    def one_in(self, times: int) -> bool:
        return not self.rng.randrange(times)

    def add(self, text: str, *owners: Owner) -> None:
        self.lines.append(Line(text, set(owners), self.plan))

    def comment(self, owner: Owner) -> str:
        text = f"# c{len(self.comments)}, {{a: 'b"
        self.comments[text] = owner
        return text

    def behind(self, owner: Owner) -> str:
        """What stands at the end of a line."""
        if not self.commented or not self.one_in(3):
            return self.pick("", "", "", " ")
        return " " * self.pick(1, 2, 5, 12) + self.comment(owner)

    def notes(self, column: int) -> None:
        """Perhaps comments on lines of their own."""
        for _ in range(self.pick(0, 0, 1, 2) if self.commented else 0):
            self.add(" " * column + self.comment(("plan", self.plan)))

    def blank(self) -> None:
        if self.one_in(4):
            self.add(self.pick("", "", "  "))

    # words

    def word(self, text: str) -> str:
        plain = text in KEYS or text in ("Free", "Basic plan", "Größe L", "month", "a year", "é")
        styles = ['"']
        if plain and text != "no":
            styles += ["", "", ""]
        if text.isprintable() and text.strip():
            styles.append("'")
        quote = self.pick(*styles)
        if quote == '"':
            escaped = (f"\\U{ord(one):08x}" if one in '"\\' or not one.isprintable() else one
                       for one in text)  # fmt: skip
            return f'"{"".join(escaped)}"'
        return quote + (text.replace("'", "''") if quote else text) + quote

    def key(self, key: str) -> str:
        return self.word(key) if key == "no" or self.one_in(8) else key

    def value(self, written: Written) -> str:
        if isinstance(written.value, str) and written.value != "unlimited":
            return self.word(written.value)
        plain = str(written.value).lower()
        percents = ", ".join(map(str, written.warn_at))
        if written.warn_at == DEFAULT_WARN_AT:
            return plain
        return self.pick(
            f"{{limit: {plain}, warn_at: [{percents}]}}",
            f"{{ warn_at: [ {percents} ] , limit: {plain},}}",
        )

    def braces(self, parts: list[str]) -> str:
        pad = self.pick("", "", " ")
        tail = self.pick("", "", ",") if parts else ""
        return f"{{{pad}{self.pick(', ', ', ', ' , ', ',').join(parts)}{tail}{pad}}}"

    def flow_cells(self, given: Mapping[str, Written]) -> str:
        return self.braces([f"{self.key(one)}: {self.value(what)}" for one, what in given.items()])

    def flow_plan(self, key: str, plan: OwnPlan) -> str:
        parts = [f"title: {self.word(plan.title)}"] if plan.title != key else []
        parts += [f"extends: {self.word(plan.extends)}"] if plan.extends else []
        if plan.cells or self.one_in(3):
            parts.append(f"features: {self.flow_cells(plan.cells)}")
        return self.braces(self.shuffled(parts))

    # the file

    def file(self, given: dict[str, OwnPlan]) -> File:
        self.notes(0)
        first = self.pick(True, True, False)
        if first:
            self.add("schema: 1")
        if self.one_in(6):
            parts = [f"{self.key(one)}: {self.flow_plan(one, plan)}" for one, plan in given.items()]
            self.add(f"plans: {self.braces(parts)}{self.behind(('',))}", ("flow", "*"))
        else:
            self.block_plans(given)
        if not first:
            self.blank()
            self.add("schema: 1")
        text = self.newline.join(one.text for one in self.lines)
        text += self.pick(self.newline, self.newline, "", self.newline * 2)
        return File(text, self.newline, given, self.lines, self.comments)

    def block_plans(self, given: dict[str, OwnPlan]) -> None:
        self.add(f"plans:{self.behind(('',))}")
        column = self.pick(self.step, self.step, self.step + 1)
        dense = self.one_in(3)
        for number, (key, plan) in enumerate(given.items()):
            if number and not dense:
                self.add("")
                if self.commented and self.one_in(3):
                    self.add(" " * column + self.comment(("",)))
                    self.add("")
            self.plan = key
            self.notes(self.pick(column, column, 0))
            self.block_plan(column, key, plan)
            self.plan = ""

    def block_plan(self, column: int, key: str, plan: OwnPlan) -> None:
        indent, inner = " " * column, column + self.step
        parts: list[tuple[str, Any]] = [("title", plan.title)] if plan.title != key else []
        parts += [("extends", plan.extends)] if plan.extends else []
        parts += [("features", plan.cells)] if plan.cells or self.one_in(3) else []
        name = ("plan", key)
        if not parts or self.one_in(4):
            text = self.flow_plan(key, plan)
            self.add(f"{indent}{self.key(key)}: {text}{self.behind(name)}", ("flow", key))
            return
        self.add(f"{indent}{self.key(key)}:{self.behind(name)}", name)
        for part, what in self.shuffled(parts):
            self.notes(inner)
            if part == "features":
                self.block_features(inner, key, what)
            else:
                owner = (part, key)
                self.add(f"{' ' * inner}{part}: {self.word(what)}{self.behind(owner)}", owner)

    def block_features(self, column: int, plan: str, given: Mapping[str, Written]) -> None:
        owner, name = ("features", plan), ("plan", plan)
        indent, inner = " " * column, column + self.step
        broken = self.one_in(5)
        style = self.pick("block", "block", "block", "flow", "lines")
        if style == "flow" or not (given or broken):
            text = self.flow_cells(given)
            self.add(f"{indent}features: {text}{self.behind(name)}", owner, ("flow", plan))
            return
        if style == "lines":
            self.flow_lines(column, plan, given)
            return
        self.add(f"{indent}features:{self.behind(name)}", owner)
        if broken:
            self.add(f"{' ' * inner}acme.gold: whatever{self.behind(name)}")
        for feature, written in given.items():
            self.notes(self.pick(inner, inner, 0, inner + 2))
            self.blank()
            self.block_cell(inner, ("cell", plan, feature), written)
        self.notes(inner)

    def block_cell(self, column: int, owner: Owner, written: Written) -> None:
        indent = " " * column
        key = indent + self.key(owner[2])
        if owner[2] == "rec.calls" and type(written.value) is int and self.one_in(2):
            self.add(f"{key}:{self.behind(owner)}", owner)
            self.block_details(indent + " " * self.step, owner, written)
        elif self.one_in(8):
            self.add(f"{key}:", owner)
            self.add(f"{indent} {self.value(written)}{self.behind(owner)}", owner)
        else:
            colon = self.pick(": ", ": ", ":   ", " : ")
            self.add(f"{key}{colon}{self.value(written)}{self.behind(owner)}", owner)

    def block_details(self, indent: str, owner: Owner, written: Written) -> None:
        inside = ("details", *owner[1:])
        warns = written.warn_at != DEFAULT_WARN_AT or self.one_in(2)
        for part in self.shuffled(["limit", "warn_at"] if warns else ["limit"]):
            self.notes(len(indent))
            if part == "limit":
                self.add(f"{indent}limit: {written.value}{self.behind(inside)}", owner)
            elif written.warn_at and self.one_in(2):
                self.add(f"{indent}warn_at:{self.behind(inside)}", owner)
                for percent in written.warn_at:
                    self.notes(len(indent))
                    self.add(f"{indent}- {percent}{self.behind(inside)}", owner)
            else:
                percents = ", ".join(map(str, written.warn_at))
                self.add(f"{indent}warn_at: [{percents}]{self.behind(inside)}", owner)

    def flow_lines(self, column: int, plan: str, given: Mapping[str, Written]) -> None:
        flow, name = ("flow", plan), ("plan", plan)
        inner = column + self.step
        leading = self.one_in(3)
        self.add(f"{' ' * column}features: {{{self.behind(name)}", flow)
        for number, (feature, written) in enumerate(given.items()):
            self.notes(self.pick(inner, column))
            before = ", " if leading and number else ""
            last = number == len(given) - 1
            after = "" if leading or (last and self.one_in(2)) else self.pick(",", ",", " ,")
            text = f"{before}{self.key(feature)}: {self.value(written)}{after}"
            self.add(f"{' ' * inner}{text}{self.behind(('cell', plan, feature))}", flow)
        self.notes(inner)
        self.add(f"{' ' * (column + self.pick(0, 1))}}}{self.behind(name)}", flow)
