"""The Asterisk that all three sides are called at, with the configuration that the gateway writes.

Each company has three trunks, alike but for the caller's address. The calls of two of them are
given to a few lines of dialplan here instead: native answering, and the minimal script.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
    """An Asterisk that does not write down what it does."""

    def write_places(self) -> None:
        """As the tests' own, but without a log of every line of dialplan."""
        super().write_places()
        for name, loud, quiet in (
            ("asterisk.conf", "verbose = 3", "verbose = 0"),
            ("logger.conf", ",verbose(3)", ""),
        ):
            path = self.etc / name
            path.write_text(path.read_text().replace(loud, quiet))

    def configure(
        self, write: Callable[[Path], None], companies: Sequence[Company], sound: Path
    ) -> None:
        """Have the gateway write its files, then send two of three trunks elsewhere.

        Args:
            write: writes them into a folder.
            companies: whose trunks they are.
            sound: what native dialplan plays, without the end of its name.
        """
        self.write_places()
        write(self.etc)
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
        with (self.etc / "extensions.conf").open("a") as dialplan:
            dialplan.write(NATIVE.format(sound=sound) + SCRIPT)

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
