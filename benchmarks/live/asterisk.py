"""The Asterisk that all three sides are called at, with the configuration that the gateway writes.

Each company has three trunks, alike but for the caller's address. The calls of two of them are
given to a few lines of dialplan here instead: native answering, and the minimal script.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.live.company import Company
from core.config import PROJECT
from tests.live.pbx import Pbx

PROGRAMS = PROJECT / ".venv/asterisk"
ADDRESS = "127.0.18.10"
APP = "script"
"""The name under which the minimal script is connected."""

NATIVE = """
[native]
exten => _[+0-9].,1,Answer()
 same => n,Playback({sound})
 same => n,Hangup()
"""

SCRIPT = f"""
[script]
exten => _[+0-9].,1,Stasis({APP})
 same => n,Hangup()
"""


class Server(Pbx):
    """An Asterisk whose calls are answered in three ways."""

    def divert(self, companies: Sequence[Company], sound: Path) -> None:
        """Change what the gateway has written: two of three trunks of each company go elsewhere.

        Args:
            companies: whose trunks they are.
            sound: what native dialplan plays, without the end of its name.
        """
        trunks = self.etc / "pjsip.conf"
        text = trunks.read_text()
        for company in companies:
            for trunk, context in zip(company.trunks, ("native", "script"), strict=False):
                text, found = re.subn(
                    rf"(?m)^(context *= *)centralino-{trunk}$", rf"\g<1>{context}", text
                )
                if found != 1:
                    raise RuntimeError(f"the configuration gives {trunk} no context of its own")
        trunks.write_text(text)
        for name, more in (
            ("extensions.conf", NATIVE.format(sound=sound) + SCRIPT),
            ("modules.conf", "load = app_playback.so\n"),
        ):
            with (self.etc / name).open("a") as file:
                file.write(more)

    @property
    def process(self) -> int:
        """Its process."""
        return self._process.pid

    def apps(self) -> list[str]:
        """Under which names applications are connected."""
        return [app["name"] for app in self.ask("GET", "applications")]


def address(side: int, company: int) -> str:
    """Where the callers of a company come from, for each of the three sides."""
    return f"127.0.18.{32 * (side + 1) + company}"
