"""``plugins list``: what is installed, and what could not be loaded."""

from __future__ import annotations

import json
import sys

from core import registry as registries
from tests.support.commands import lines_of


def broken_package(folder) -> None:
    """A partner's package whose module cannot be imported."""
    (folder / "acme_wrong.py").write_text("import a_library_that_nobody_has\n")
    info = folder / "acme_wrong-2.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-wrong\nVersion: 2.0\n")
    (info / "entry_points.txt").write_text("[centralino.plugins]\nwrong = acme_wrong\n")


def test_every_installed_plugin_has_a_line(run):
    said = run("plugins", "list")
    assert (said.status, said.err) == (0, "")
    registry = registries.load()
    assert [line.split()[0] for line in lines_of(said.out)] == list(registry.plugins)
    assert all("centralino 0" in line for line in lines_of(said.out))


def test_as_json(run):
    listed = json.loads(run("plugins", "list", "--json").out)
    assert listed["broken"] == {}
    named = {one["name"]: one for one in listed["plugins"]}
    assert "recording.monthly_calls" in named["recording"]["features"]
    assert named["recording"]["distribution"] == "centralino"


def test_a_broken_package_is_named_and_stops_nothing(run, tmp_path, monkeypatch):
    broken_package(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    said = run("plugins", "list")
    assert said.status == 0
    (line,) = lines_of(said.err)
    assert line.startswith("wrong ")
    assert "could not be loaded: ModuleNotFoundError" in line
    assert len(lines_of(said.out)) == len(registries.load().plugins)
