"""Menus as plain JSON: what the edits remember, and the stamp that tells two states apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from plugins.ivr.menus import FAILURES, ID_DIGITS, Failure, Key, Menu, Menus

Plain = dict[str, Any]


def as_plain(menu: Menu) -> Plain:
    """A menu as JSON can carry it."""
    return asdict(menu)


def from_plain(data: Mapping[str, Any]) -> Menu:
    """The menu again."""
    keys = {key: Key(**one) for key, one in data["keys"].items()}
    failures = {name: Failure(**data[name]) for name in FAILURES}
    return Menu(**{**data, "keys": keys, **failures})


def stamp(menu: Menu) -> str:
    """Says by its letters whether a menu is what it was."""
    text = json.dumps(as_plain(menu), sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:12]


def seen(known: Menus, ids: Iterable[int]) -> str:
    """The version of some menus, for a form or a program to send back."""
    return " ".join(f"{id}-{stamp(known[id])}" for id in ids if id in known)


def read_seen(text: str) -> dict[int, str]:
    """The stamps by menu; what is no version is left out."""
    pairs = (part.partition("-") for part in text.split())
    return {int(id): mark for id, _, mark in pairs if id.isdecimal() and len(id) <= ID_DIGITS}
