"""Brings a profile onto a number: what would change, what is left out, what cannot be taken (N4).

Nothing is written before all of it was looked at; then all of it is, or nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext

from core.contract.errors import BadInput, Conflict
from core.contract.texts import N_, phrase
from core.plans.catalogue import did_you_mean
from core.store.lines import LineRow
from core.web.card.card import Card
from core.web.card.checking import check
from core.web.card.document import Document, Part, ProfileFault, value
from core.web.card.draft import Draft, taken
from core.web.card.names import Names
from core.web.card.saving import write
from core.web.card.sheet import Sheet
from core.web.host import host
from core.web.rehearsing import rehearsed
from core.web.words import say, why


@dataclass(frozen=True, slots=True)
class Changed:
    """A setting that would change, for people; ``field`` is "" for the plugin's switch."""

    plugin: str
    field: str
    title: str
    label: str
    before: str
    after: str


@dataclass(slots=True)
class Review:
    """What a profile would do to a number.

    Args:
        card: of the number.
        drafts: what would be written.
        changes: what differs from what is stored.
        left_out: sentences about what stays although the profile says otherwise.
        warnings: what can be saved, but is probably not meant (N5).
        base: says what the number had when this was worked out.
    """

    card: Card
    drafts: list[Draft]
    changes: list[Changed] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    base: str = ""


def review(line: LineRow, document: Document, names: Names | None = None) -> Review:
    """What a profile would do to a number.

    Args:
        line: a number of the current member's account.
        document: what was read.
        names: of the account's things, where they are known already.

    Raises:
        ProfileFault: something in it cannot be taken; every fault has its line and its key.
    """
    card, faults = Card(line), len(document.faults)
    found = Review(card, [], base=base_of(card))
    names = names or Names()
    for part in document.parts:
        _read(found, document, part, names)
    if len(document.faults) == faults:
        _check(found, document)
    if document.faults:
        raise ProfileFault(document.faults)
    return found


def apply(reviews: list[Review], action: str, message: str = "") -> None:
    """Write all of it or nothing.

    Args:
        reviews: of different numbers.
        action: the audit's word.
        message: where it came from.
    """
    with rehearsed(*(one.card.line for one in reviews)):
        for one in reviews:
            write(one.card, one.drafts, action, message)


def same_base(reviews: list[Review], base: str) -> None:
    """Make sure that nobody changed the numbers since the review was shown.

    Raises:
        Conflict: somebody did.
    """
    if base != joined_base(reviews):
        raise Conflict(
            gettext("The settings were changed meanwhile. This is the review as it is now.")
        )


def joined_base(reviews: list[Review]) -> str:
    """What several numbers had when their reviews were worked out."""
    return hashlib.sha256("".join(one.base for one in reviews).encode()).hexdigest()[:20]


def base_of(card: Card) -> str:
    """A short word for what is stored of a number."""
    stored = {name: [row.on, row.stored] for name, row in card.profiles.items()}
    return hashlib.sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()


def _read(found: Review, document: Document, part: Part, names: Names) -> None:
    """One plugin of the profile: its values in the schema's own form, or its faults."""
    sheet = next((one for one in found.card.sheets if one.plugin.name == part.name), None)
    if sheet is None:
        _no_sheet(found, document, part)
        return
    data = dict(_values(document, sheet, part, names))
    if sheet.closed is not None:
        if _differs(found.card, sheet, part, data):
            found.left_out.append(f"{gettext(sheet.plugin.title)}: {why(sheet.closed)}")
        return
    _without_locked(found, sheet, data)
    try:
        new = taken(sheet, data) if data else {}
    except BadInput as error:
        for name, sentence in error.fields.items():
            node = part.settings.get(name, part.node)
            document.fault(node, f"plugins.{part.name}.settings.{name}", sentence)
        return
    stored = found.card.stored(sheet.plugin)
    on = part.on if part.on is not None and sheet.plugin.optional else sheet.on
    found.changes += _changes(found.card, sheet, on, new)
    if on != sheet.on or new:
        sheet.on = on
        found.drafts.append(Draft(sheet, on, stored | new))


def _no_sheet(found: Review, document: Document, part: Part) -> None:
    """A plugin that this number has no sheet of: of no concern here, or of no plugin at all."""
    registry = host().registry
    if part.name in registry.plugins:
        title = gettext(registry.plugins[part.name].plugin.title)
        words = gettext("%(plugin)s: means nothing on this kind of number.", plugin=title)
        found.left_out.append(words)
        return
    words = N_("No plugin “%(name)s” is installed%(hint)s")
    known = [one.plugin.name for one in found.card.sheets]
    hint = did_you_mean(part.name, known) or "."
    document.fault(part.node, f"plugins.{part.name}", phrase(words, name=part.name, hint=hint))


def _values(
    document: Document, sheet: Sheet, part: Part, names: Names
) -> Iterator[tuple[str, Any]]:
    """The settings of a plugin with the rows that their names stand for."""
    declared = sheet.plugin.settings().fields if sheet.plugin.settings else {}
    for name, node in part.settings.items():
        path = f"plugins.{part.name}.settings.{name}"
        if name not in declared:
            words = N_("%(plugin)s has no setting “%(name)s”%(hint)s")
            hint = did_you_mean(name, declared) or "."
            title = phrase(sheet.plugin.title)
            document.fault(node, path, phrase(words, plugin=title, name=name, hint=hint))
        elif node.kind != "refused" and sheet.field(name) is not None:
            try:
                yield name, names.found(declared[name], value(node, declared[name]))
            except BadInput as error:
                document.fault(node, path, error.message)


def _without_locked(found: Review, sheet: Sheet, data: dict[str, Any]) -> None:
    """What the plan locks stays as it is stored; where the profile differs, that is told."""
    values = found.card.values(sheet.plugin)
    for one in sheet.fields:
        name = one.name.partition(".")[2]
        if one.lock is not None and name in data and data.pop(name) != values[name]:
            label = gettext(one.label)
            found.left_out.append(f"{gettext(sheet.plugin.title)} · {label}: {why(one.lock)}")


def _differs(card: Card, sheet: Sheet, part: Part, data: dict[str, Any]) -> bool:
    values = card.values(sheet.plugin)
    return part.on not in (None, sheet.on) or any(values[key] != data[key] for key in data)


def _changes(card: Card, sheet: Sheet, on: bool, new: dict[str, Any]) -> Iterator[Changed]:
    plugin = sheet.plugin
    title = gettext(plugin.title)
    if on != sheet.on:
        words = {True: gettext("on"), False: gettext("off")}
        label = gettext("On for this number")
        yield Changed(plugin.name, "", title, label, words[sheet.on], words[on])
    values = card.values(sheet.plugin)
    for one in sheet.fields:
        name = one.name.partition(".")[2]
        if name in new and new[name] != values[name]:
            before, after = one.shown(values[name]), one.shown(new[name])
            yield Changed(plugin.name, name, title, gettext(one.label), before, after)


def _check(found: Review, document: Document) -> None:
    """The checks that every door asks; each fault at the line of its setting."""
    found.warnings = check(found.card, found.drafts)
    parts = {one.name: one for one in document.parts}
    for sheet, one in found.card.faults():
        name = one.name.partition(".")[2]
        part = parts[sheet.plugin.name]
        node = part.settings.get(name, part.node)
        document.fault(node, f"plugins.{part.name}.settings.{name}", say(one.error))
