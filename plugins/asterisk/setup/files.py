"""Puts files where Asterisk reads them: whole or not at all, and never over somebody else's."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from core.api import CentralinoError, Conflict
from plugins.asterisk.setup.options import FILE
from plugins.asterisk.setup.rendering import COMMON, OURS

MODE = 0o640
"""Passwords stand in them: for their owner and Asterisk's group only."""

KEPT = ".before-centralino"
"""What is added to the name of a file that was somebody else's."""


def write(folder: Path, texts: Mapping[str, str], *, force: bool = False) -> list[str]:
    """Write what has changed.

    Args:
        folder: made when it is missing.
        texts: of the files, by name.
        force: take the place of files that are not ours; they are kept under another name.

    Returns:
        The names of the files that were written.

    Raises:
        Conflict: a file is not ours, and ``force`` does not say so. Nothing was written.
        CentralinoError: the folder cannot be written, or its disk is full. Each file is whole.
    """
    try:
        return _write(folder, texts, force=force)
    except OSError as error:
        raise CentralinoError(
            f"{folder} cannot be written: {error.strerror}. Nothing in it is half-written; mend"
            " this and run the command again."
        ) from error


def _write(folder: Path, texts: Mapping[str, str], *, force: bool) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    wanted = {name: text for name, text in texts.items() if not _elses(folder, name, COMMON)}
    foreign = [name for name in wanted if name not in COMMON and _foreign(folder / name)]
    if foreign and not force:
        raise Conflict(
            f"{folder} has files that Centralino did not write ({', '.join(sorted(foreign))})."
            f" --force keeps them as NAME{KEPT} and takes their place."
        )
    for name in foreign:
        (folder / name).replace(folder / (name + KEPT))
    changed = [name for name, text in wanted.items() if _read(folder / name) != text]
    for name in changed:
        _put(folder / name, wanted[name])
    return changed


def _elses(folder: Path, name: str, common: tuple[str, ...]) -> bool:
    """Whether a file that may be anybody's is somebody else's."""
    return name in common and _foreign(folder / name)


def _foreign(path: Path) -> bool:
    found = _read(path)
    return found is not None and path.name != FILE and not found.startswith(OURS)


def _read(path: Path) -> str | None:
    """The text of a file; None when there is none. A file of another encoding is another's."""
    try:
        return path.read_text(errors="replace")
    except FileNotFoundError:
        return None


def _put(path: Path, text: str) -> None:
    """Write beside the place, then take it: Asterisk never reads half a file."""
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        os.chmod(beside, MODE)
        _give_to_group(beside, path.parent)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def _give_to_group(path: str, folder: Path) -> None:
    """To the group of the folder, which is Asterisk's; who may not give it away keeps it."""
    with contextlib.suppress(PermissionError):
        os.chown(path, -1, folder.stat().st_gid)
