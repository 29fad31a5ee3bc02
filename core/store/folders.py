"""Where plugins keep files: a folder of their own below the installation's data folder.

Like tables, what a plugin keeps is declared without an installation; ``create_app`` says where it
is, once.
"""

from __future__ import annotations

from pathlib import Path

_data: list[Path] = []


def keep_in(data: Path) -> None:
    """Say which data folder is this process's; the last word counts, as with the database."""
    _data[:] = [data]


def data_folder(plugin: str) -> Path:
    """A plugin's own folder; it exists. Files in it survive a restart.

    Raises:
        RuntimeError: no installation is open in this process.
    """
    if not _data:
        raise RuntimeError("No installation is open, so there is no data folder.")
    folder = _data[0] / plugin
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
