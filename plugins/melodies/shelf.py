"""Files on disk: whole or not there at all, named by their content."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from core.api import data_folder

FILE_MODE = 0o644
"""Whoever is let into the folder may read: a PBX plays the files as another user."""


def put(path: Path, write: Callable[[IO[bytes]], Any]) -> None:
    """Write a file beside its place and move it there, so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "w+b") as file:
            write(file)
        os.chmod(name, FILE_MODE)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def place(digest: str, kind: str) -> Path:
    """Where the file with this content is: ``kind`` is ``mp3`` or ``wav``."""
    return data_folder("melodies") / "own" / digest[:2] / f"{digest}.{kind}"
