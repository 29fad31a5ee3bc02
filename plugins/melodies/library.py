"""Adds own sounds and takes them away: rows and files, so that no crash leaves anything broken.

A file is written before its row and removed after it. What a crash leaves behind is a file without
a row, which ``clear`` removes a day later.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import PurePath

from core.api import Account, BadInput, data_folder, gettext
from plugins.melodies import shelf
from plugins.melodies.checking import Checked
from plugins.melodies.models import LONGEST_TITLE, SoundRow

KINDS = ("mp3", "wav")

UNOWNED_FOR = timedelta(days=1)
"""How long a file without a row is left alone: its row may be on the way."""


def fill(row: SoundRow, checked: Checked) -> None:
    """Put the files of an upload on the shelf and their name into the row.

    Args:
        row: not yet saved.
        checked: what was taken. Checking takes seconds: it is done before the transaction in which
            the row is saved, which holds the lock that calls wait for.
    """
    row.digest, row.seconds = keep(checked), checked.seconds


def keep(checked: Checked) -> str:
    """Put the files of a checked sound on the shelf; the same sound twice is the same files."""
    digest = hashlib.sha256(checked.mp3).hexdigest()
    for kind in KINDS:
        path, content = shelf.place(digest, kind), getattr(checked, kind)
        if not path.exists():
            shelf.put(path, lambda file, content=content: file.write(content))
    return digest


def free_title(account: Account, wanted: str) -> str:
    """A title that the account has not yet: the wanted one, or with a number behind it."""
    wanted = " ".join(wanted.split())[: LONGEST_TITLE - 5] or gettext("Sound")
    taken = {row.title for row in SoundRow.of(account)}
    titles = (wanted, *(f"{wanted} {number}" for number in range(2, 1000)))
    free = next((title for title in titles if title not in taken), None)
    if free is None:
        raise BadInput(gettext("There are too many sounds called “%(title)s”.", title=wanted))
    return free


def stem(filename: str) -> str:
    """The title that a file's name suggests."""
    name = PurePath(filename.replace("\\", "/")).stem.replace("_", " ")
    return "".join(sign for sign in name if sign.isprintable())


def forget(digest: str) -> None:
    """Remove the files of a sound whose row is gone, unless another row has the same sound."""
    if not SoundRow.select().where(SoundRow.digest == digest).exists():
        for kind in KINDS:
            shelf.place(digest, kind).unlink(missing_ok=True)


def clear(now: datetime) -> None:
    """Remove what nobody has: files without a row, and spoken texts that were listened to."""
    old = (now - UNOWNED_FOR).timestamp()
    folder = data_folder("melodies")
    known = {row.digest for row in SoundRow.select(SoundRow.digest).distinct()}
    for path in folder.glob("*/**/*"):
        if not path.is_file() or path.parent.name == "ready" or path.stem in known:
            continue
        if path.stat().st_mtime < old:
            path.unlink(missing_ok=True)
