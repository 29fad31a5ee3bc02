"""What the command is told when it cannot begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.api import BadInput
from core.testing import Kit
from plugins.asterisk.models import ServerRow
from plugins.asterisk.running.process import run


@pytest.fixture
def installed(centralino: Kit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kit:
    monkeypatch.setenv("CENTRALINO_DATA", str(tmp_path))
    monkeypatch.setenv("CENTRALINO_PLANS", str(tmp_path / "plans.yaml"))
    return centralino


def test_there_is_no_server(installed: Kit) -> None:
    with pytest.raises(BadInput, match="no Asterisk server yet"):
        run()


def test_there_is_no_such_server(installed: Kit) -> None:
    ServerRow.create(name="rome", url="http://h", user="u", secret="s", sip_host="h")
    with pytest.raises(BadInput, match="no Asterisk server “roma”; there is rome"):
        run(["roma"])
