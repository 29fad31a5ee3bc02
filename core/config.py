"""Where this installation keeps things: read once from the environment, with a default for each.

Commercial limits live in ``plans.yaml`` and an account's choices in the database; only what belongs
to the machine stands here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.contract.errors import BadInput

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Config:
    """The machine's own settings.

    Args:
        data: folder of the database, the secret key and the storage (``CENTRALINO_DATA``).
        database: ``sqlite:///PATH`` or ``postgresql://…`` (``CENTRALINO_DATABASE``).
        plans: the plan matrix (``CENTRALINO_PLANS``).
        secret_key: signs sessions; kept in a file of the data folder (``CENTRALINO_SECRET_KEY``).
        plugin_seconds: how long one plugin may think about one event.
        answer_seconds: how long all plugins together may; providers hang up after 5 s.
        secure_cookies: off only for plain http on the own machine
            (``CENTRALINO_SECURE_COOKIES=1``).
        proxies: how many proxies of our own stand before the admin (``CENTRALINO_PROXIES``); their
            word on the visitor's address is taken, nobody else's.
    """

    data: Path
    database: str
    plans: Path
    secret_key: str
    plugin_seconds: float = 1.0
    answer_seconds: float = 3.0
    secure_cookies: bool = False
    proxies: int = 0

    @property
    def storage(self) -> Path:
        """The shared folder of recordings (Q2)."""
        return self.data / "Telephony - call recordings"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read the environment; make the data folder and the secret key when they are missing.

        Raises:
            BadInput: a number is not a number.
        """
        data = Path(environ.get("CENTRALINO_DATA", "var")).resolve()
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(
            data=data,
            database=environ.get("CENTRALINO_DATABASE", f"sqlite:///{data / 'centralino.db'}"),
            plans=Path(environ.get("CENTRALINO_PLANS", PROJECT / "plans.yaml")).resolve(),
            secret_key=environ.get("CENTRALINO_SECRET_KEY") or _secret_key(data / "secret-key"),
            plugin_seconds=_seconds(environ, "CENTRALINO_PLUGIN_SECONDS", 1.0),
            answer_seconds=_seconds(environ, "CENTRALINO_ANSWER_SECONDS", 3.0),
            secure_cookies=environ.get("CENTRALINO_SECURE_COOKIES", "") == "1",
            proxies=_count(environ, "CENTRALINO_PROXIES"),
        )


def _seconds(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(name, str(default))
    try:
        return float(text)
    except ValueError:
        raise BadInput(f"{name} is {text!r}; give a number of seconds such as {default}.") from None


def _count(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name, "0")
    if not text.isdecimal():
        raise BadInput(f"{name} is {text!r}; give a number such as 1.")
    return int(text)


def _secret_key(path: Path) -> str:
    """Every process of an installation reads the same key; the first one makes it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text()
