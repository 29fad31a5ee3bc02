"""Sounds that were made once and are played many times; those not played for longest go first."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from core.api import data_folder, write_whole

log = logging.getLogger("centralino.asterisk")

LARGEST_BYTES = 200 * 1024 * 1024
"""All files together: some three and a half hours of speech."""

_LOCKS = tuple(Lock() for _ in range(16))
"""So that a text that many calls want at once is spoken once."""


def folder() -> Path:
    """Where the files are; Asterisk reads them there."""
    return data_folder("asterisk") / "spoken"


def kept(key: str, make: Callable[[], bytes | None]) -> Path | None:
    """The file of a sound, made when there is none yet.

    Args:
        key: what the sound depends on.
        make: answers the whole file, or None when it cannot be made; then the next call tries
            again.

    Returns:
        None when it cannot be made, or not be written.
    """
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    path = folder() / f"{digest}.wav"
    if _used(path):
        return path
    with _LOCKS[int(digest[0], 16)]:
        if _used(path):
            return path
        sound = make()
        if sound is None:
            return None
        return path if _put(path, sound) else None


def _put(path: Path, sound: bytes) -> bool:
    """Write a file, if that can be done: a call goes on without a sound, too."""
    try:
        path.parent.mkdir(exist_ok=True)  # no narrower than the one around it: Asterisk reads here
        write_whole(path, sound)
    except OSError as error:
        log.error("A sound cannot be kept, callers do not hear it: %s", error)
        return False
    clear(path.parent, LARGEST_BYTES)
    return True


def clear(place: Path, largest: int) -> None:
    """Remove files until those that were used last fit into a size, in bytes."""
    total = 0
    for path, about in sorted(_files(place), key=lambda one: one[1].st_mtime_ns, reverse=True):
        total += about.st_size
        if total > largest:
            path.unlink(missing_ok=True)


def _used(path: Path) -> bool:
    """Whether a file is there; if so, it has just been used."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    except OSError:  # a folder that can only be read
        return path.exists()
    return True


def _files(place: Path) -> list[tuple[Path, os.stat_result]]:
    """The files with what is known of them; another process may be clearing, too."""
    found = []
    for path in place.iterdir():
        try:
            found.append((path, path.stat()))
        except FileNotFoundError:
            continue
    return found
