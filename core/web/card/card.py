"""The card of one number: every plugin's settings, what is stored and what takes effect (N1-N3).

Reading builds one ``Sheet`` per plugin; saving checks all sheets first and writes all or none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from core.contract.call import Account, LineKind
from core.contract.errors import BadInput, NotFound, PlanDenied
from core.contract.plugin import Plugin, Section
from core.plans.gate import Grants
from core.plans.profile import Profile, effective
from core.store.lines import LineProfile, LineRow
from core.web.access import switched_off
from core.web.card.checking import check
from core.web.card.draft import Draft, from_data, from_form
from core.web.card.merging import base_of_sheet, merge
from core.web.card.saving import write
from core.web.card.sheet import INCOMING, Sheet, cheapest, fields_of, listed_plugins, short
from core.web.forms import FormField
from core.web.host import host, now
from core.web.member import current_member
from core.web.words import say, why


class Card:
    """The settings of one number.

    Args:
        line: a number of the current member's account.
    """

    def __init__(self, line: LineRow) -> None:
        self.line = line
        self.kind = LineKind(line.kind)
        self.account: Account = current_member().account
        self.grants: Grants = host().gate.grants(self.account, now())
        self.profiles = {
            one.plugin: one for one in LineProfile.of(self.account).where(LineProfile.line == line)
        }
        self.sheets = [self._sheet(one) for one in listed_plugins() if self.concerns(one.section)]

    def sections(self) -> Iterator[tuple[Section, list[Sheet]]]:
        """All sections in their order, also those in which there is nothing (N1)."""
        for section in Section:
            yield section, [one for one in self.sheets if one.plugin.section is section]

    def concerns(self, section: Section) -> bool:
        """Whether a section means anything on this kind of number."""
        return self.kind is not LineKind.CALLER_ID or section not in INCOMING

    def faults(self) -> list[tuple[Sheet, FormField]]:
        """Every setting that cannot be taken as it was typed, in the order of the page."""
        listed = (sheets for _, sheets in self.sections())
        return [(sheet, one) for sheets in listed for sheet in sheets for one in sheet.faults]

    def save(self, form: MultiDict) -> list[str]:
        """Take what was typed; on a fault write nothing, keep what was typed, name the fields.

        Returns:
            Warnings: saved, but probably not meant (N5).

        Raises:
            BadInput: something cannot be taken; every field concerned says why.
        """
        shown = [one for one in self.sheets if f"{one.plugin.name}:sheet" in form]
        drafts = [
            from_form(one, self.stored(one.plugin), form) for one in shown if one.closed is None
        ]
        kept = [one for one in drafts if merge(self, one, form[f"{one.name}:sheet"])]
        warnings = check(self, drafts)
        if self.faults():
            raise BadInput(gettext("Nothing is saved yet: see the fields marked below."))
        write(self, drafts)
        return [*_told(kept), *warnings]

    def change(self, name: str, data: dict[str, Any], on: bool | None = None) -> list[str]:
        """Change settings of one plugin, as a program does.

        Args:
            name: the plugin.
            data: values by field; the others stay.
            on: on or off for this number; None: as it is.

        Returns:
            Warnings (N5).

        Raises:
            NotFound: there is no such plugin with settings.
            PlanDenied: the plan lacks the plugin, or a setting's feature.
            BadInput: a value cannot be taken; ``fields`` says why.
        """
        sheet = self.sheet(name)
        locks = {short(one): one.lock for one in sheet.fields if one.lock}
        refused = sheet.closed or next((locks[one] for one in data if one in locks), None)
        if refused is not None:
            raise PlanDenied(why(refused), decision=refused)
        draft = from_data(sheet, self.stored(sheet.plugin), data, on)
        warnings = check(self, [draft])
        wrong = {short(one): one.error for one in sheet.faults}
        if wrong:
            raise BadInput(" ".join(wrong.values()), wrong)
        write(self, [draft])
        return warnings

    def base(self, sheet: Sheet) -> str:
        """What the form sends back with a sheet, to tell what others have changed meanwhile."""
        return sheet.base or base_of_sheet(self, sheet.plugin)

    def sheet(self, name: str) -> Sheet:
        """The sheet of a plugin.

        Raises:
            NotFound: no plugin of this name has settings for this number.
        """
        found = next((one for one in self.sheets if one.plugin.name == name), None)
        if found is None:
            raise NotFound(gettext("No plugin “%(name)s” has settings here.", name=name))
        return found

    def profile(self, plugin: Plugin) -> Profile:
        """What is stored of a plugin for this number, and what takes effect."""
        return effective(plugin, json.dumps(self.stored(plugin)), self.grants)

    def values(self, plugin: Plugin, stored: dict[str, Any] | None = None) -> dict[str, Any]:
        """All settings of a plugin as plain JSON, in the schema's own form, defaults filled in.

        Args:
            plugin: whose.
            stored: what is to be stored of it; None for what is.
        """
        if plugin.settings is None:
            return {}
        known = self.stored(plugin) if stored is None else stored
        profile = effective(plugin, json.dumps(known), self.grants)
        return plugin.settings().dump(dict(profile.values))

    def stored(self, plugin: Plugin) -> dict[str, Any]:
        """The stored values of a plugin, as they are in the database."""
        row = self.profiles.get(plugin.name)
        return dict(row.stored) if row else {}

    def _sheet(self, plugin: Plugin) -> Sheet:
        decision = self.grants.ask(plugin.name) if plugin.name in host().registry.features else None
        closed = decision if decision is not None and not decision.allowed else None
        row = self.profiles.get(plugin.name)
        profile = self.profile(plugin)
        return Sheet(
            plugin=plugin,
            on=row.on if row else plugin.on_by_default,
            closed=closed,
            plan=cheapest(plugin.name) if closed else "",
            account_off=plugin.name in switched_off(),
            fields=list(fields_of(plugin, profile, self.kind)),
            notes=[say(one) for one in profile.problems.values()],
        )


def _told(kept: list[Draft]) -> list[str]:
    """That others have changed something meanwhile, and that it stays."""
    titles = ", ".join(gettext(one.sheet.plugin.title) for one in kept)
    sentence = gettext("Changed meanwhile elsewhere, and kept: %(plugins)s.", plugins=titles)
    return [sentence] if kept else []
