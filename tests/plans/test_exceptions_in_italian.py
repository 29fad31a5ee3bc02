"""The gate's sentences as an Italian page shows them: whole, with days and places (S6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask_babel import force_locale

from core.contract.call import Account
from core.contract.features import Feature, FeatureKind
from core.contract.hookspecs import hookimpl
from core.contract.plugin import Plugin
from core.plans.decision import Decision
from core.plans.tables import PlanOverride, PlanTrial
from core.store.accounts import AccountRow
from core.web import words
from tests.support.calls import NOON
from tests.support.site import Site, open_site

PLANS = """schema: 1
plans:
  free:
    title: Free
    features: {desk: true, desk.seats: 3, desk.calls: 2, desk.gold: false}
  plus:
    title: Plus
    extends: free
    features:
      desk.gold: true
"""
FEBRUARY = datetime(2027, 1, 31, 23, tzinfo=UTC)


class Desk:
    """A plugin with titles of which only "Calls" has an Italian."""

    @hookimpl
    def register_plugin(self) -> Plugin:
        features = (
            Feature("desk", "Desk"),
            Feature("desk.seats", "Seats", FeatureKind.NUMBER),
            Feature("desk.calls", "Calls", FeatureKind.QUOTA),
            Feature("desk.gold", "Gold", without="Nothing glitters."),
        )
        return Plugin("desk", "Desk", features=features)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site"), (), PLANS, desk=Desk()) as site:
        yield site


@pytest.fixture
def account(site: Site) -> Account:
    name = f"Company {AccountRow.select().count() + 1}"
    return site.account(name, "free").picture()


def read(row: Any) -> Account:
    return AccountRow.get_by_id(row.account_id).picture()


def override(account: Account, feature: str, value: Any, **columns: Any) -> Account:
    about = {"reason": "Contratto 17", "author": "anna@example.com", "from_at": NOON}
    row = {"account": account.id, "feature": feature, "value": value, "created_at": NOON}
    return read(PlanOverride.create(**row, **about, **columns))


def trial(account: Account, plan: str, until: datetime) -> Account:
    about = {"reason": "Prova", "author": "ugo@example.com", "from_at": NOON, "created_at": NOON}
    return read(PlanTrial.create(account=account.id, plan=plan, until=until, **about))


def said(site: Site, decision: Decision) -> list[str]:
    """The sentence and the trace, in Italian."""
    with site.app.test_request_context(), force_locale("it"):
        return [words.why(decision), *map(words.say, decision.trace)]


def asked(site: Site, account: Account, feature: str, at: datetime = NOON) -> list[str]:
    return said(site, site.centralino.gate.ask(account, feature, at))


def test_an_override(site, account):
    account = override(account, "desk.gold", True, until=FEBRUARY)
    assert asked(site, account, "desk.gold") == [
        "Gold: disponibile (eccezione di anna@example.com fino al 2027-01-31).",
        "eccezione di anna@example.com fino al 2027-01-31: Contratto 17",
        "piano Free (plans.yaml:5, revisione 1) dice desk.gold: false",
    ]


def test_an_override_that_switches_off(site, account):
    account = override(account, "desk", False)
    assert asked(site, account, "desk.seats")[0] == (
        "Seats: non disponibile per questo account (eccezione di anna@example.com); serve: Desk."
    )


def test_a_quota_of_an_override(site, account):
    account = override(account, "desk.calls", 5)
    assert asked(site, account, "desk.calls")[0] == (
        "Chiamate: 0 di 5 usate, 5 rimaste, contate fino al 2026-12-01 00:00 Europe/Rome "
        "(eccezione di anna@example.com)."
    )


def test_a_trial(site, account):
    account = trial(account, "plus", FEBRUARY)
    assert asked(site, account, "desk.gold") == [
        "Gold: disponibile (prova del piano Plus fino al 2027-01-31, plans.yaml:10, revisione 1).",
        "prova del piano Plus, decisa da ugo@example.com fino al 2027-01-31: Prova",
        "piano Plus (plans.yaml:10, revisione 1) dice desk.gold: true",
    ]
    assert asked(site, account, "desk.seats")[2].endswith("desk.seats: 3, ereditato da Free")


def test_a_trial_that_has_ended(site, account):
    account = trial(account, "plus", FEBRUARY)
    assert asked(site, account, "desk.gold", FEBRUARY) == [
        "Gold: la prova del piano che lo prevedeva è finita (piano Free, plans.yaml:5, revisione 1)"
        "; è nel piano Plus.",
        "prova del piano Plus, decisa da ugo@example.com fino al 2027-01-31: Prova",
        "piano Free (plans.yaml:5, revisione 1) dice desk.gold: false",
        "senza: Nothing glitters.",
    ]


def test_a_plan_that_is_gone(site, account):
    sentence, gone = asked(site, replace(account, plan="silver"), "desk")
    assert gone == 'il piano "silver" dell\'account non è più in plans.yaml'
    assert sentence == f"Desk: non è nel piano (revisione 1); {gone}, quindi non è compreso niente."
    assert asked(site, trial(account, "gold", FEBRUARY), "desk")[2] == (
        'il piano "gold" in prova per l\'account non è più in plans.yaml'
    )


def test_what_people_wrote_is_not_translated(site, account):
    row = override(account, "desk.gold", True)
    PlanOverride.update(reason="100 % on", author="unlimited").execute()
    site.centralino.gate.standing.forget()
    assert asked(site, row, "desk.gold")[1] == "eccezione di unlimited: 100 % on"
