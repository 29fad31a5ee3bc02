"""The page for partners: its code is the example's, and the example is installed and works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core import api
from core.config import PROJECT
from core.contract import hookspecs

EXAMPLE = PROJECT / "examples" / "partner-plugin"
PAGE = (PROJECT / "docs" / "partners.md").read_text()
FILES = dict(re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


def test_the_page_shows_the_whole_example():
    shipped = {
        path.relative_to(EXAMPLE).as_posix()
        for path in EXAMPLE.rglob("*")
        if path.suffix in (".py", ".toml") and path.read_text().count("\n") > 1
    }
    assert set(FILES) == shipped


@pytest.mark.parametrize("name", FILES)
def test_a_file_on_the_page_is_the_example_s(name):
    assert FILES[name] == (EXAMPLE / name).read_text()


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder into which pip has installed a copy of the example."""
    folder = tmp_path_factory.mktemp("partner")
    source, target = folder / "source", folder / "site"
    shutil.copytree(EXAMPLE, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    offline = ["--no-index", "--no-deps", "--no-build-isolation"]
    run([*pip, *offline, "--target", str(target), str(source)], folder)
    return target


def run(command: list[str], folder: Path, path: Path | str = "") -> str:
    """What a command prints; a failure shows all of it."""
    environ = os.environ | {"PYTHONPATH": str(path), "CENTRALINO_DATA": str(folder / "data")}
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_installed_plugin_is_listed_beside_the_built_in_ones(installed, tmp_path):
    script = Path(sys.executable).with_name("centralino")
    listed = run([str(script), "plugins", "list"], tmp_path, installed).splitlines()
    own = [line for line in listed if line.startswith("countries ")]
    assert [line.split()[-2:] for line in own] == [["centralino-countries", "1.0.0"]]
    assert len(listed) > 5


def test_the_example_passes_its_own_tests(installed, tmp_path):
    tests = str(EXAMPLE / "tests")
    pytest_ = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", tests]
    assert " passed" in run(pytest_, tmp_path, installed)


def test_the_page_names_what_there_is():
    assert set(re.findall(r"`api\.(\w+)", PAGE)) <= set(api.__all__)
    hooks = {
        name for name in dir(hookspecs) if hasattr(getattr(hookspecs, name), "centralino_spec")
    }
    named = set(re.findall(r"`((?:register|describe|identify|continue|connect|demo)_\w+)`", PAGE))
    assert named <= hooks
    assert named
