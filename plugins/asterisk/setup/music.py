"""The music that Asterisk itself plays while a phone holds a call."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from core.api import AccountRow, Switchboard
from plugins.asterisk.setup.safe import PLAIN


def hold_music(board: Switchboard, accounts: Iterable[int]) -> dict[int, str]:
    """The file of each account's hold melody, without its ending.

    Args:
        board: the installation.
        accounts: ids.

    Returns:
        By account; an account without such a melody is missing.
    """
    rows = AccountRow.select().where(AccountRow.id.in_(list(accounts))).order_by(AccountRow.id)
    found = {row.id: board.melody(row.picture(), "hold") for row in rows}
    return {id: _bare(file.wav) for id, file in found.items() if file and _usable(file.wav)}


def _bare(path: Path) -> str:
    return str(path.with_suffix(""))


def _usable(path: Path) -> bool:
    """Whether the file is there, in a folder whose name can stand in a configuration file."""
    return path.is_file() and bool(PLAIN.fullmatch(str(path)))
