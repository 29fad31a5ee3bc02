"""The music that Asterisk itself plays while a phone holds a call: the number's own, else the
account's, else the ready one (M2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from core.api import AccountRow, LineRow, SoundFile, Switchboard
from plugins.asterisk.names import account_music, number_music
from plugins.asterisk.setup.safe import PLAIN


def hold_music(board: Switchboard, accounts: Iterable[int]) -> dict[str, str]:
    """The file of each class of hold music, without its ending: a class for every account and one
    for each of its numbers.

    Args:
        board: the installation.
        accounts: ids.

    Returns:
        By class; one without such a melody is missing.
    """
    rows = AccountRow.select().where(AccountRow.id.in_(list(accounts))).order_by(AccountRow.id)
    melodies = ((name, file) for row in rows for name, file in _melodies(board, row))
    return {name: _bare(file.wav) for name, file in melodies if file and _usable(file.wav)}


def _melodies(board: Switchboard, row: AccountRow) -> Iterator[tuple[str, SoundFile | None]]:
    account = row.picture()
    yield account_music(row.id), board.melody(account, "hold")
    for line in LineRow.of(row.id).order_by(LineRow.id):
        yield number_music(line.id), board.melody(account, "hold", line)


def _bare(path: Path) -> str:
    return str(path.with_suffix(""))


def _usable(path: Path) -> bool:
    """Whether the file is there, in a folder whose name can stand in a configuration file."""
    return path.is_file() and bool(PLAIN.fullmatch(str(path)))
