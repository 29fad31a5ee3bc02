"""Whatever the matrix, the overrides, the trials and the hour: the grid, ``why``, the API and the
hook calls agree on every feature, and say what a slow reading of plans.md says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings

from core import registry as registries
from core.cli.why import why as why_command
from core.contract.features import Feature, FeatureKind
from core.contract.hookspecs import hookimpl
from core.contract.plugin import Plugin, Stage
from core.contract.steps import Hangup
from core.plans.matrix import matrix
from core.plans.tables import PlanOverride, PlanTrial, QuotaCounter
from core.plans.why import why
from core.store.accounts import AccountRow, PluginSwitch
from core.testing import Company
from tests.matrix.random_worlds import GONE, World, values_of, worlds
from tests.matrix.site import Browser, Site, open_site
from tests.matrix.slow_reference import Answer, Holder, Reference, month

ACCOUNTS = 3
EXAMPLES = 100
BEFORE = datetime(2027, 1, 1, tzinfo=UTC)
"""When the plan files are written: before anything is asked."""


class Asking:
    """A plugin of every plan: at its stage it asks for every feature, and notes the answers."""

    keys: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.told: dict[str, dict[str, Any]] = {}

    @hookimpl
    def register_plugin(self) -> Plugin:
        stages = (Stage("asking", "Asking", 0), Stage("asked", "Asked", 4))
        return Plugin("asking", "Asking", stages=stages, optional=False)

    @hookimpl
    def route_call(self, call: Any, stage: str) -> Any:
        if stage == "asked":
            return Hangup()
        answers = {key: call.ask(key) for key in self.keys}
        assert all(call.allows(key) is one.allowed for key, one in answers.items())
        self.told[call.caller] = {key: one.as_json() for key, one in answers.items()}
        return None


class Gated:
    """A plugin with a part of every kind; ``whole``: the kind of the feature of its own name, None
    when it is in every plan."""

    def __init__(self, name: str, position: int, whole: FeatureKind | None) -> None:
        self.name, self.position, self.whole = name, position, whole
        self.acted_for: set[str] = set()

    @hookimpl
    def register_plugin(self) -> Plugin:
        name = self.name
        features = (
            Feature(f"{name}.part", "Part", without="It is left out."),
            Feature(f"{name}.number", "Number", FeatureKind.NUMBER),
            Feature(f"{name}.choice", "Choice", FeatureKind.CHOICE, choices=("bronze", "gold")),
            Feature(f"{name}.units", "Units", FeatureKind.QUOTA),
            Feature(f"{name}.paid", "Paid", FeatureKind.METERED),
        )
        own = (Feature(name, name.title(), self.whole),) if self.whole else ()
        stages = (Stage(name, name.title(), self.position),)
        return Plugin(name, name.title(), features=(*own, *features), stages=stages)

    @hookimpl
    def route_call(self, call: Any) -> None:
        self.acted_for.add(call.caller)


ASKING = Asking()
GATED = (
    Gated("silver", 1, FeatureKind.SWITCH),
    Gated("amber", 2, FeatureKind.QUOTA),
    Gated("loose", 3, None),
)
EXTRA = {"asking": ASKING, **{one.name: one for one in GATED}}
REGISTRY = registries.load(extra=EXTRA)
FEATURES = REGISTRY.features
OPTIONAL = [one.plugin.name for one in REGISTRY.plugins.values() if one.plugin.optional]


class Stageful:
    """One site for all examples: accounts with a number and an admin each."""

    def __init__(self, site: Site) -> None:
        self.site, self.kit, self.calls = site, site.kit, 0
        self.app = site.kit.app
        self.companies = [self._company(place) for place in range(ACCOUNTS)]
        self.browsers = [self._browser(one) for one in self.companies]

    def _company(self, place: int) -> Company:
        company = self.kit.company("alpha", f"+3906000000{place:02}", name=f"Company {place}")
        for name in OPTIONAL:
            company.profile(name, on=True)
        return company

    def _browser(self, company: Company) -> Browser:
        return self.site.browser(self.site.user(company.account, "admin"))

    def enact(self, world: World) -> None:
        """Make the world so: the file is edited by hand, the rows are written."""
        with self.app.store.transaction():  # no plan is removed while an account has it
            for table in (PlanOverride, PlanTrial, PluginSwitch, QuotaCounter):
                table.delete().execute()
            AccountRow.update(plan=GONE).execute()
        self.kit.clock.now = BEFORE
        self.app.book.path.write_text(world.text)
        self.app.book.look()
        assert self.app.book.settled().text == world.text, self.app.book.faults
        with self.app.store.transaction():
            for company, holder in zip(self.companies, world.holders, strict=True):
                settle(company.account, holder)

    def call(self, company: Company, at: datetime) -> str:
        """A call that begins at an instant; who called."""
        self.calls += 1
        self.kit.clock.now = at
        caller = f"+39333{self.calls:07}"
        assert isinstance(company.call(caller).step, Hangup)
        return caller


def settle(row: AccountRow, holder: Holder) -> None:
    """Give an account what it has in this world."""
    about = {"account": row, "reason": "A reason", "author": "anna@example.com"}
    for one in holder.overrides:
        PlanOverride.create(feature=one.feature, value=one.value, **about, **times(one.span))
    for one in holder.trials:
        PlanTrial.create(plan=one.plan, **about, **times(one.span))
    for plugin in holder.off:
        PluginSwitch.create(account=row, plugin=plugin, on=False)
    for feature, (at, used) in holder.used.items():
        start, end = month(at, holder.zone)
        QuotaCounter.create(
            account=row, feature=feature, period_start=start, period_end=end, used=used
        )
    row.plan, row.timezone = holder.plan, holder.zone
    row.save()


def times(span: Any) -> dict[str, Any]:
    columns = {"from_at": span.begin, "until": span.until, "ended_at": span.ended}
    return {**columns, "created_at": BEFORE}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stageful]:
    folder = tmp_path_factory.mktemp("doors")
    plans = folder / "plans.yaml"
    plans.write_text("schema: 1\nplans:\n  alpha:\n    title: Alpha\n    features: {}\n")
    ASKING.keys = tuple(FEATURES)
    with open_site(folder, plans=plans, extra=EXTRA) as site:
        yield Stageful(site)


@settings(
    max_examples=EXAMPLES,
    database=None,
    phases=(Phase.generate,),  # to find a smaller example would take minutes
    suppress_health_check=[HealthCheck.too_slow],
)
@given(worlds(dict(FEATURES), OPTIONAL, ACCOUNTS))
def test_all_doors_agree_on_every_feature(stage, world):
    stage.enact(world)
    reference = Reference(world.columns, FEATURES)
    grid_agrees(stage, reference)
    accounts = zip(stage.companies, stage.browsers, world.holders, world.asked_at, strict=True)
    for company, browser, holder, instants in accounts:
        account = AccountRow.get_by_id(company.account.id).picture()
        for at in instants:
            caller = stage.call(company, at)
            static, counted = at_the_gate(stage, account, holder, at)
            for feature in FEATURES:
                agrees(static[feature], reference.answer(holder, feature, at), None)
                agrees(counted[feature], *reference.counted(holder, feature, at))
            assert ASKING.told.pop(caller) == static
            assert browser.get("/api/features").json["features"] == counted
            why_agrees(stage, account, holder, at, counted)
            acted = {one.name for one in GATED if caller in one.acted_for}
            assert acted == {one.name for one in GATED if reference.acts(holder, one.name, at)}


def at_the_gate(stage: Stageful, account: Any, holder: Holder, at: datetime) -> tuple[Any, Any]:
    """What the gate says of every feature, without and with its count."""
    gate = stage.app.gate
    grants = gate.grants(account, at, holder.off)
    static = {key: grants.ask(key).as_json() for key in FEATURES}
    return static, {key: gate.ask(account, key, at, holder.off).as_json() for key in FEATURES}


def agrees(told: dict[str, Any], answer: Answer, used: int | None) -> None:
    """Compare a decision with the reference's."""
    until = datetime.fromisoformat(told["until"]) if told["until"] else None
    said = (told["allowed"], told["reason"], told["value"], told["limit"], told["source"], until)
    expected = (answer.allowed, answer.reason, answer.value, answer.limit, answer.source)
    assert said == (*expected, answer.until), told
    assert told["used"] == used
    if used is not None and answer.limit is not None:
        assert told["remaining"] == max(0, answer.limit - used)
    if answer.line is not None:
        assert f"plans.yaml:{answer.line}, revision {told['revision']}" in told["sentence"]


def grid_agrees(stage: Stageful, reference: Reference) -> None:
    """What the grid shows is what the file says, for every plan."""
    shown = {True: "✓", False: "–"}
    for group in matrix(stage.app.book.settled().document, stage.app.registry):
        for row in group.rows:
            for cell in row.cells:
                value = reference.cell(cell.plan, row.feature.key)
                text = shown[value] if isinstance(value, bool) else str(value)
                column = reference.column_of(cell.plan, row.feature.key)
                assert (cell.text, cell.line) == (
                    text, column.lines[row.feature.key] if column else None,
                )  # fmt: skip
                above = column.key.title() if column and column.key != cell.plan else ""
                assert cell.inherited_from == above


def why_agrees(
    stage: Stageful, account: Any, holder: Holder, at: datetime, counted: dict[str, Any]
) -> None:
    """The command, in words for every feature and as JSON for one."""
    for key, told in counted.items():
        words = why(stage.app.gate, account, key, at, holder.off).splitlines()
        verdict = "yes" if told["allowed"] else "no"
        assert words[:2] == [
            told["sentence"], f"{key} for {account.name}: {verdict} ({told['reason']})",
        ]  # fmt: skip
        assert words[2:] == [f"  {one}" for one in told["trace"]]
    key = list(FEATURES)[stage.calls % len(FEATURES)]
    with patch("core.cli.why.installation") as installed:
        installed.return_value.__enter__.return_value = stage.app
        words = [account.name, key, "--json", "--at", at.isoformat()]
        said = CliRunner().invoke(why_command, words, catch_exceptions=False)
    assert json.loads(said.stdout) == counted[key]


def test_the_worlds_have_every_kind_of_feature_and_value():
    kinds = {one.kind for one in FEATURES.values()}
    assert kinds == set(FeatureKind)
    assert {str(value) for one in FEATURES.values() for value in values_of(one)} >= {
        "True", "False", "0", "unlimited", "gold",
    }  # fmt: skip
