"""One site for each module of tests: an account on every plan, each with a number and an admin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from core.contract.plugin import Plugin
from core.plans.profile import load_settings
from core.testing import Company
from tests.matrix.plan_file import PLANS
from tests.matrix.site import Browser, Site, open_site


@dataclass(frozen=True)
class Column:
    """A plan, as a company that subscribes to it meets it: ``stored`` are the settings of each
    plugin on its number, everything is switched on, and ``browser`` is its admin's."""

    plan: str
    company: Company
    browser: Browser
    stored: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Matrix:
    """The site, and its columns by plan."""

    site: Site
    columns: dict[str, Column]


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    """The project's own plan file, and all that is installed."""
    with open_site(tmp_path_factory.mktemp("matrix")) as site:
        yield furnish(site)


def furnish(site: Site) -> Matrix:
    """A company on every plan."""
    return Matrix(site, {plan: _column(site, place, plan) for place, plan in enumerate(PLANS)})


def _column(site: Site, place: int, plan: str) -> Column:
    company = site.kit.company(plan, f"+3906000000{place:02}", backup_number="+393400000000")
    plugins = [one.plugin for one in site.registry.plugins.values()]
    stored = {one.name: unlike_fallbacks(one) for one in plugins if one.settings}
    for one in plugins:
        if one.settings or one.optional:
            company.profile(one.name, on=True, **stored.get(one.name, {}))
    admin = site.user(company.account, "admin", may_listen=True, may_delete_recordings=True)
    return Column(plan, company, site.browser(admin), stored)


def unlike_fallbacks(plugin: Plugin) -> dict[str, Any]:
    """Of every setting that a plan can lock, a value that is not what holds while it is locked."""
    schema = plugin.settings()
    about = {name: field.metadata for name, field in schema.fields.items()}
    locked = [name for name, one in about.items() if one.get("feature")]
    return {name: _another(plugin, name, about[name]["fallback"]) for name in locked}


def _another(plugin: Plugin, name: str, fallback: Any) -> Any:
    field = plugin.settings().fields[name]
    words = [word for one in field.validators for word in getattr(one, "choices", ())]
    for value in (field.load_default, *words, True, 1, 7, "matrix", ["1"]):
        try:
            read = load_settings(plugin, {name: value})[name]
        except Exception:
            continue
        if read != fallback:
            return read
    raise AssertionError(
        f"No value is known for the setting {name} of {plugin.name} but its fallback;"
        " add one to tests/matrix/conftest.py."
    )
