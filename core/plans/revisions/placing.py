"""Puts a text in the place of a file: whole or not at all, on the disk, and never over an edit.

A rename alone would overwrite what somebody saved a moment before. So the two files change places
in one step, and what came out is looked at: when it is not what was expected, they change back.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path

HERE = -100
"""``AT_FDCWD`` of Linux: names count from the working folder."""

EXCHANGE = 2
"""``RENAME_EXCHANGE`` of Linux, of glibc since 2.28."""

NOT_HERE = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
"""What file systems answer that cannot exchange, such as NFS."""


def place(path: Path, content: bytes, expected: bytes | None) -> bool:
    """Put a content in the place of a file.

    Args:
        path: the file; a link is followed. Mode and owner stay.
        content: what it shall hold.
        expected: what it is thought to hold; None: there is no file.

    Returns:
        False when it holds something else; that is left alone.

    Raises:
        OSError: file or folder cannot be written.
    """
    path = path.resolve()
    aside = path.with_name(f".{path.name}.{socket.gethostname()}.new")
    try:
        _write_aside(aside, content, path if expected is not None else None)
        placed = _link(aside, path) if expected is None else _swap(aside, path, content, expected)
    finally:
        aside.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return placed


def _write_aside(aside: Path, content: bytes, like: Path | None) -> None:
    if like is not None and not os.access(like, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(like))
    aside.unlink(missing_ok=True)
    with aside.open("xb") as file:
        file.write(content)
        file.flush()
        if like is not None:
            status = like.stat()
            shutil.copymode(like, aside)
            with suppress(PermissionError):  # only root may give files away
                os.chown(aside, status.st_uid, status.st_gid)
        os.fsync(file.fileno())


def _link(aside: Path, path: Path) -> bool:
    try:
        os.link(aside, path)
    except FileExistsError:
        return False
    return True


def _swap(aside: Path, path: Path, content: bytes, expected: bytes) -> bool:
    """Exchange until what came out is what was put in before; then nothing was overwritten."""
    inside = expected
    while True:
        putting = aside.read_bytes()
        try:
            exchange(aside, path)
        except OSError as error:
            if error.errno not in NOT_HERE:
                raise
            return _rename(aside, path, expected)
        if aside.read_bytes() == inside:
            return putting == content
        inside = putting


def exchange(one: Path, other: Path) -> None:
    """Two files change places, in one step that nobody sees half done."""
    libc = ctypes.CDLL(None, use_errno=True)
    names = HERE, os.fsencode(one), HERE, os.fsencode(other)
    if libc.renameat2(*names, EXCHANGE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(other))


def _rename(aside: Path, path: Path, expected: bytes) -> bool:
    """As near as it gets where files cannot be exchanged: an edit may slip in between two calls."""
    if path.read_bytes() != expected:
        return False
    os.replace(aside, path)
    return True


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
