"""The plan file's page: what it tells a biller to run in a CI can be run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from core.app import installation
from core.config import PROJECT
from core.plans.tables import PlanRevision

PAGE = (PROJECT / "docs" / "plans-file.md").read_text()
SECTION = PAGE.split("## In your CI")[1].split("\n## ")[0]
PULL_REQUEST, PUBLISH = re.findall(r"^```sh\n(.*?)^```", SECTION, re.MULTILINE | re.DOTALL)

PLANS = """\
schema: 1
plans:
  free:
    title: Free
    features:
      recording: true
      recording.monthly_calls: 100
"""
MORE = PLANS.replace("100", "200")
FAULTY = PLANS.replace("100", "-1")


class Repository:
    """The billing team's repository, with one commit on ``main``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        person = {"NAME": "Anna", "EMAIL": "anna@example.com"}
        names = {f"GIT_{who}_{key}": text for who in ("AUTHOR", "COMMITTER")
                 for key, text in person.items()}  # fmt: skip
        nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        self.environment = {**os.environ, **nothing, **names, "PATH": programs}
        self.run("git init -q -b main")
        self.commit(PLANS, "The plans")
        self.run("git update-ref refs/remotes/origin/main main")

    def commit(self, text: str, message: str) -> None:
        (self.folder / "plans.yaml").write_text(text)
        self.run(f"git add plans.yaml && git commit -q -m '{message}'")

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=self.folder,
            env=self.environment,
            text=True,
            capture_output=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def repository(tmp_path) -> Repository:
    return Repository(tmp_path / "billing")


def test_a_pull_request_shows_what_changes(home, repository):
    repository.commit(MORE, "Two hundred recordings")
    done = repository.run(PULL_REQUEST)
    assert (done.returncode, done.stderr) == (0, "")
    no_faults, changed = done.stdout.splitlines()
    assert no_faults == "plans.yaml: 1 plan, no faults."
    assert changed.split() == ["free", "recording.monthly_calls", "100", "→", "200"]
    assert not (home / "data").exists()


def test_a_faulty_pull_request_fails_with_its_line(home, repository):
    repository.commit(FAULTY, "No recordings")
    done = repository.run(PULL_REQUEST)
    assert done.returncode == 1
    assert done.stderr.startswith("plans.yaml:7:32 plans.free.features.recording.monthly_calls: ")


def test_what_is_merged_is_published(run, home, repository, monkeypatch):
    own = home / "plans.yaml"
    own.write_text(PLANS)
    monkeypatch.setenv("CENTRALINO_PLANS", str(own))
    repository.environment["CENTRALINO_PLANS"] = str(own)
    assert run("migrate").status == 0
    assert run("plans", "history").status == 0
    repository.commit(MORE, "Two hundred recordings")
    done = repository.run(PUBLISH)
    assert done.returncode == 0, done.stderr
    assert own.read_text() == MORE
    with installation():
        newest = PlanRevision.get_by_id(2)
        assert (newest.author, newest.message) == ("anna@example.com", "Two hundred recordings")
    again = repository.run(PUBLISH)
    assert again.returncode == 1
    assert "Nothing was changed" in again.stderr
