"""What differs between two states of the menus, in sentences: for undo, and for who was faster."""

from __future__ import annotations

from collections.abc import Iterator

from core.api import gettext, lazy_gettext
from plugins.ivr.menus import Key, Menu, Menus
from plugins.ivr.places import Places, key_title

FIELDS = {
    "prompt": lazy_gettext("prompt"),
    "sound": lazy_gettext("sound"),
    "language": lazy_gettext("language"),
    "extensions": lazy_gettext("dialling extensions"),
    "first_seconds": lazy_gettext("seconds for the first key"),
    "between_seconds": lazy_gettext("seconds between keys"),
    "no_input": lazy_gettext("what follows no key"),
    "invalid": lazy_gettext("what follows a wrong key"),
    "no_answer": lazy_gettext("what follows no answer"),
}
"""The fields of a menu in the middle of a sentence; name and keys have sentences of their own."""


def describe(before: Menus, after: Menus, around: Places) -> list[str]:
    """What has become of the menus.

    Args:
        before: as they were.
        after: as they are.
        around: says what the destinations are called.
    """
    return list(_sentences(before, after, around))


def _sentences(before: Menus, after: Menus, around: Places) -> Iterator[str]:
    for id, menu in after.items():
        if id not in before:
            yield gettext("menu %(menu)s added", menu=menu.name)
    for id, menu in before.items():
        if id not in after:
            yield gettext("menu %(menu)s deleted", menu=menu.name)
    both = [(before[id], after[id]) for id in after if id in before]
    for old, new in both:
        yield from _fields(old, new)
    yield from _keys(before, after, around)


def _fields(old: Menu, new: Menu) -> Iterator[str]:
    if old.name != new.name:
        yield gettext("menu %(old)s renamed to %(new)s", old=old.name, new=new.name)
    changed = [str(title) for name, title in FIELDS.items()
               if getattr(old, name) != getattr(new, name)]  # fmt: skip
    if changed:
        yield gettext("menu %(menu)s: %(fields)s", menu=new.name, fields=", ".join(changed))


def _keys(before: Menus, after: Menus, around: Places) -> Iterator[str]:
    gone = {one: key for one, key in _all_keys(before).items() if _all_keys(after).get(one) != key}
    come = {one: key for one, key in _all_keys(after).items() if _all_keys(before).get(one) != key}
    for (id, name), key in come.items():
        menu = after[id].name
        old = gone.pop((id, name), None)
        origin = _origin(gone, key) if old is None else None
        if origin is not None:
            gone.pop(origin)
            yield gettext(
                "key %(old)s of menu %(menu)s moved to key %(new)s of menu %(to)s",
                old=origin[1], menu=before[origin[0]].name, new=name, to=menu,
            )  # fmt: skip
            continue
        title = key_title(key, after, around) or key.target
        if old is None:
            yield gettext("key %(key)s of menu %(menu)s added: %(does)s",
                          key=name, menu=menu, does=title)  # fmt: skip
        else:
            was = key_title(old, before, around) or old.target
            yield gettext("key %(key)s of menu %(menu)s: %(old)s → %(new)s",
                          key=name, menu=menu, old=was, new=title)  # fmt: skip
    for (id, name), _ in gone.items():
        if id in after:
            yield gettext("key %(key)s of menu %(menu)s deleted", key=name, menu=after[id].name)


def _all_keys(known: Menus) -> dict[tuple[int, str], Key]:
    return {(id, name): key for id, menu in known.items() for name, key in menu.keys.items()}


def _origin(gone: dict[tuple[int, str], Key], key: Key) -> tuple[int, str] | None:
    """Where the same key was before it was moved."""
    return next((place for place, one in gone.items() if one == key), None)
