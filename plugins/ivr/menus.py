"""Menus as plain data, remembered until the account's configuration changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.api import Account, Destination, snapshot
from plugins.ivr.models import KeyRow, MenuRow

KIND = "ivr"
NUMBER = "number"

ID_DIGITS = 18
"""What has more digits is no id: 64 bits hold less."""


class Action(StrEnum):
    """What a key can do without leaving for a destination."""

    EXTENSION = "extension"
    MESSAGE = "message"
    REPEAT = "repeat"
    BACK = "back"
    EXIT = "exit"


FAILURES = ("no_input", "invalid", "no_answer")
"""The three ways to fail in a menu, each with its own counter (R4)."""

FAILURE_PARTS = ("retries", "prompt", "to", "sound")
"""The fields of a ``Failure``, in their order."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a key does; see ``KeyRow``."""

    target: str
    text: str = ""
    sound: str = ""

    @property
    def destination(self) -> Destination:
        """Where it leads, as a destination."""
        if self.target == NUMBER:
            return Destination(NUMBER, self.text)
        return Destination.parse(self.target)

    @property
    def submenu(self) -> int | None:
        """The menu below that it leads to, if it does."""
        return menu_id(self.target)


@dataclass(frozen=True, slots=True)
class Failure:
    """What follows one kind of failure: on failure ``retries + 1`` the call goes to ``to``."""

    retries: int = 2
    prompt: str = ""
    to: str = ""
    sound: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu with its keys."""

    id: int
    name: str
    prompt: str
    language: str = ""
    extensions: bool = False
    first_seconds: int = 5
    between_seconds: int = 2
    keys: Mapping[str, Key] = field(default_factory=dict)
    no_input: Failure = Failure()
    invalid: Failure = Failure()
    no_answer: Failure = Failure(retries=0)
    sound: str = ""

    def failures(self) -> Iterator[tuple[str, Failure]]:
        """The three ways to fail, by name."""
        return ((name, getattr(self, name)) for name in FAILURES)

    def submenus(self) -> list[int]:
        """The menus below."""
        found = (menu_id(key.target) for key in self.keys.values())
        return [id for id in found if id is not None]


Menus = Mapping[int, Menu]


KEYS = "1234567890*#"
"""The keys, in the order of a telephone."""


def read_menus(account_id: int) -> dict[int, Menu]:
    """The account's menus by id, as they are in the database now; keys in the order of KEYS."""
    keys: dict[int, dict[str, Key]] = {}
    for row in sorted(KeyRow.of(account_id), key=lambda row: KEYS.find(row.key)):
        keys.setdefault(row.menu_id, {})[row.key] = Key(row.target, row.text, row.sound)
    rows = MenuRow.of(account_id).order_by(MenuRow.name)
    return {row.id: plain(row, keys.get(row.id, {})) for row in rows}


menus = snapshot(read_menus)
"""The menus of the account of a call, by id."""


def plain(row: MenuRow, keys: Mapping[str, Key]) -> Menu:
    """One menu as plain data."""
    failures = {
        name: Failure(*(getattr(row, f"{name}_{part}") for part in FAILURE_PARTS))
        for name in FAILURES
    }
    return Menu(
        row.id or 0,
        row.name,
        row.prompt,
        row.language,
        row.extensions,
        row.first_seconds,
        row.between_seconds,
        keys,
        **failures,
        sound=row.sound,
    )


def find(account: Account, value: str) -> Menu | None:
    """The menu that a Destination as text names, such as ``ivr:7``."""
    return menus(account).get(menu_id(value) or 0)


def menu_id(value: str) -> int | None:
    """The id in ``ivr:7``; None for anything else."""
    kind, _, id = value.partition(":")
    return int(id) if kind == KIND and id.isdecimal() else None
