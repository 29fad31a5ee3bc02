"""Two numbers side by side: what each has stored of a setting, and what takes effect (N4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from core.web.card.card import Card
from core.web.card.names import Names
from core.web.card.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Side:
    """What one number says of a setting; ``there`` is False where its kind has no such setting.

    ``stored`` and ``effective`` are as a profile has them, the others are for people.
    """

    there: bool
    stored: Any = None
    effective: Any = None
    shown: str = "–"
    shown_effective: str = "–"


@dataclass(frozen=True, slots=True)
class Compared:
    """A setting of two numbers; ``field`` is "" for the plugin's switch."""

    plugin: str
    field: str
    title: str
    label: str
    one: Side
    other: Side

    @property
    def differs(self) -> bool:
        """Whether the two say, or do, something else."""
        return self.one != self.other


def compare(one: Card, other: Card) -> list[Compared]:
    """Every setting that one of two numbers has, in the order of the card.

    Args:
        one: a number.
        other: another of the same account.
    """
    names = Names()
    sides = [{**dict(_sides(card, names))} for card in (one, other)]
    labels = {key: about for card in (one, other) for key, about in _labels(card)}
    plugins = list(dict.fromkeys(plugin for plugin, _ in labels))
    missing = Side(False)
    return [
        Compared(*key, *about, sides[0].get(key, missing), sides[1].get(key, missing))
        for key, about in sorted(labels.items(), key=lambda one: plugins.index(one[0][0]))
    ]


def _labels(card: Card) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    for _, sheets in card.sections():
        for sheet in sheets:
            title = gettext(sheet.plugin.title)
            if sheet.plugin.optional:
                yield (sheet.plugin.name, ""), (title, gettext("On for this number"))
            for one in sheet.fields:
                yield tuple(one.name.split(".", 1)), (title, gettext(one.label))


def _sides(card: Card, names: Names) -> Iterator[tuple[tuple[str, str], Side]]:
    for sheet in card.sheets:
        if sheet.plugin.optional:
            yield (sheet.plugin.name, ""), _switch(sheet)
        if sheet.plugin.settings is not None:
            yield from _settings(card, sheet, names)


def _switch(sheet: Sheet) -> Side:
    acts = sheet.on and sheet.closed is None and not sheet.account_off
    words = {True: gettext("on"), False: gettext("off")}
    return Side(True, sheet.on, acts, words[sheet.on], words[acts])


def _settings(card: Card, sheet: Sheet, names: Names) -> Iterator[tuple[tuple[str, str], Side]]:
    plugin, profile = sheet.plugin, card.profile(sheet.plugin)
    schema = plugin.settings()
    stored, acting = schema.dump(dict(profile.values)), schema.dump(vars(profile.settings))
    for one in sheet.fields:
        name = one.name.partition(".")[2]
        declared = schema.fields[name]
        yield (
            (plugin.name, name),
            Side(
                True,
                names.named(declared, stored[name]),
                names.named(declared, acting[name]),
                one.shown(stored[name]),
                one.shown(acting[name]),
            ),
        )
