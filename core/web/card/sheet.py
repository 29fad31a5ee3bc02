"""One plugin on a number's card: whether it is on, its settings, and what keeps it from acting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext

from core.contract.call import Line, LineKind
from core.contract.plugin import Plugin, Section
from core.plans.decision import Decision
from core.plans.profile import Profile
from core.store.lines import LineRow
from core.web.forms import FormField, form_field
from core.web.host import host
from core.web.member import current_member

INCOMING = (Section.ROUTING, Section.HOURS, Section.MELODIES)
"""The sections about calls that come in: nothing for a number that only shows itself (N1)."""

LAST = 1_000
"""Where plugins stand that have no stage in the order of routing."""

SUMMED_UP = 4
"""So many settings stand in the line of a closed sheet."""

LONGEST = 40
"""So many characters of a setting stand there."""


@dataclass(slots=True)
class Sheet:
    """One plugin on the card.

    Args:
        plugin: whose.
        on: whether the number has it on.
        closed: the decision that keeps it out of the account's plan; ``plan`` names the cheapest
            plan that has it.
        account_off: whether the account has it switched off altogether.
        fields: its settings, those that concern this kind of number.
        notes: sentences about what is stored and cannot be read any more.
        base: what a form that was sent had shown of it; "" where none was.
    """

    plugin: Plugin
    on: bool
    closed: Decision | None
    plan: str
    account_off: bool
    fields: list[FormField]
    notes: list[str] = field(default_factory=list)
    base: str = ""

    def field(self, name: str) -> FormField | None:
        """The setting of this name, as the schema calls it."""
        return next((one for one in self.fields if short(one) == name), None)

    @property
    def faults(self) -> list[FormField]:
        """The settings that cannot be taken as they were typed."""
        return [one for one in self.fields if one.error]

    @property
    def opened(self) -> bool:
        """Whether the page shows its settings at once: only what must be looked at is open, all
        else is one line, because a card with everything open is several screens long."""
        return bool(self.faults or self.notes)

    @property
    def locked(self) -> int:
        """How many of its settings the plan locks, where it has the plugin itself."""
        return 0 if self.closed else sum(1 for one in self.fields if one.lock)

    @property
    def summary(self) -> str:
        """Its first settings in one line, as they take effect; "" when none says anything."""
        switches = {one.name: bool(one.value) for one in self.fields if one.control == "switch"}
        shown = [one for one in self.fields if switches.get(one.when, True) and one.value != ""]
        said = (f"{gettext(one.label)}: {_brief(one)}" for one in shown[:SUMMED_UP])
        return " · ".join([*said, *(["…"] if len(shown) > SUMMED_UP else [])])


def fields_of(plugin: Plugin, profile: Profile, kind: LineKind) -> Iterator[FormField]:
    """The settings of a plugin that concern a kind of number, each with its lock if it has one.

    Args:
        plugin: whose.
        profile: what is stored, and what takes effect.
        kind: of the number.
    """
    if plugin.settings is None:
        return
    schema = plugin.settings()
    values = schema.dump(dict(profile.values))
    for name, declared in schema.fields.items():
        if not concerns(declared, kind):
            continue
        one = form_field(plugin.name, name, declared, values.get(name))
        if name in profile.locked:
            one.lock = profile.locked[name]
            one.plan = cheapest(one.lock.feature)
            one.effective = one.shown(getattr(profile.settings, name))
        yield one


def concerns(declared: Any, kind: LineKind) -> bool:
    """Whether a setting means anything on this kind of number."""
    return kind in (declared.metadata.get("kinds") or (kind,))


def short(one: FormField) -> str:
    """The name of a setting, as its schema has it."""
    return one.name.partition(".")[2]


def cheapest(feature: str, value: int | str | None = None) -> str:
    """The title of the first plan that has a feature (N3), with ``value`` so much of it; "" when
    none has."""
    document = host().book.settled().document
    key = document.first_plan_with(feature, value)
    return document.plans[key].title if key else ""


def picture(line: LineRow) -> Line:
    """The frozen picture of a number that hooks are shown."""
    return line.picture(current_member().account)


def listed_plugins() -> list[Plugin]:
    """The plugins that have something on a card, in the order in which a call meets them."""
    found = [one.plugin for one in host().registry.plugins.values()]
    return sorted((one for one in found if one.settings is not None or one.optional), key=_place)


def _place(plugin: Plugin) -> int:
    return min((stage.position for stage in plugin.stages), default=LAST)


def _brief(one: FormField) -> str:
    text = one.effective if one.lock else one.shown(one.value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
