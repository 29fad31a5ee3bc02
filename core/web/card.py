"""A number's settings card: every plugin's settings, what is stored and what takes effect (N1-N3).

Reading builds one ``Sheet`` per plugin; saving checks all sheets first and writes all or none.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from core.contract.call import Account, Line, LineKind
from core.contract.errors import BadInput, NotFound, PlanDenied
from core.contract.plugin import Plugin, Section
from core.plans.decision import Decision
from core.plans.gate import Grants
from core.plans.profile import Profile, effective, load_settings
from core.store.lines import LineProfile, LineRow
from core.web.access import switched_off
from core.web.forms import FormField, as_text, form_field, typed
from core.web.host import host, now
from core.web.member import current_member
from core.web.words import why

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Sheet:
    """One plugin on the card.

    Args:
        plugin: whose.
        on: whether the number has it on.
        closed: the decision that keeps it out of the account's plan; ``plan`` names the cheapest
            plan that has it.
        account_off: whether the account has it switched off altogether.
        fields: its settings.
        notes: sentences about what is stored and cannot be read any more.
    """

    plugin: Plugin
    on: bool
    closed: Decision | None
    plan: str
    account_off: bool
    fields: list[FormField]
    notes: list[str] = field(default_factory=list)


class Card:
    """The settings of one number.

    Args:
        line: a number of the current member's account.
    """

    def __init__(self, line: LineRow) -> None:
        self.line = line
        self.account: Account = current_member().account
        self.grants: Grants = host().gate.grants(self.account, now())
        self.profiles = {
            one.plugin: one for one in LineProfile.of(self.account).where(LineProfile.line == line)
        }
        self.sheets = [self._sheet(plugin) for plugin in _with_settings()]

    def sections(self) -> Iterator[tuple[Section, list[Sheet]]]:
        """The sections that have something, in their order (N1)."""
        for section in Section:
            sheets = [one for one in self.sheets if one.plugin.section is section]
            if sheets:
                yield section, sheets

    def save(self, form: MultiDict) -> list[str]:
        """Take what was typed; on a fault write nothing, keep what was typed, name the fields.

        Returns:
            Warnings: saved, but probably not meant (N5).

        Raises:
            BadInput: something cannot be taken; every field concerned says why.
        """
        shown = [one for one in self.sheets if f"{one.plugin.name}:sheet" in form]
        drafts = [self._draft(sheet, form) for sheet in shown if sheet.closed is None]
        warnings = [one for draft in drafts for one in self._check(*draft)]
        faults = sum(1 for sheet in self.sheets for one in sheet.fields if one.error)
        if faults:
            raise BadInput(gettext("Nothing is saved yet: see the fields marked below."))
        with LineProfile._meta.database.atomic():
            for sheet, stored in drafts:
                self._store(sheet, stored)
        return warnings

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
        locks = {one.name.partition(".")[2]: one.lock for one in sheet.fields if one.lock}
        refused = sheet.closed or next((locks[one] for one in data if one in locks), None)
        if refused is not None:
            raise PlanDenied(why(refused), decision=refused)
        if on is not None and sheet.plugin.optional:
            sheet.on = on
        new = load_settings(sheet.plugin, data) if data else {}
        _refuse_what_is_not_offered(sheet, new)
        stored = self.stored(sheet.plugin) | new
        warnings = self._check(sheet, stored)
        wrong = {one.name.partition(".")[2]: one.error for one in sheet.fields if one.error}
        if wrong:
            raise BadInput(" ".join(wrong.values()), wrong)
        self._store(sheet, stored)
        return warnings

    def sheet(self, name: str) -> Sheet:
        """The sheet of a plugin.

        Raises:
            NotFound: no plugin of this name has settings.
        """
        found = next((one for one in self.sheets if one.plugin.name == name), None)
        if found is None:
            raise NotFound(gettext("No plugin “%(name)s” has settings here.", name=name))
        return found

    def profile(self, plugin: Plugin) -> Profile:
        """What is stored of a plugin for this number, and what takes effect."""
        return effective(plugin, json.dumps(self.stored(plugin)), self.grants)

    def stored(self, plugin: Plugin) -> dict[str, Any]:
        """The stored values of a plugin, as they are in the database."""
        row = self.profiles.get(plugin.name)
        return dict(row.stored) if row else {}

    # --- Reading ---

    def _sheet(self, plugin: Plugin) -> Sheet:
        decision = self.grants.ask(plugin.name) if plugin.name in host().registry.features else None
        closed = decision if decision is not None and not decision.allowed else None
        row = self.profiles.get(plugin.name)
        profile = self.profile(plugin)
        return Sheet(
            plugin=plugin,
            on=row.on if row else plugin.on_by_default,
            closed=closed,
            plan=_cheapest(plugin.name) if closed else "",
            account_off=plugin.name in switched_off(),
            fields=list(self._fields(plugin, profile)),
            notes=list(profile.problems.values()),
        )

    def _fields(self, plugin: Plugin, profile: Profile) -> Iterator[FormField]:
        if plugin.settings is None:
            return
        schema = plugin.settings()
        values = schema.dump(dict(profile.values))
        for name, declared in schema.fields.items():
            one = form_field(plugin.name, name, declared, values.get(name))
            if name in profile.locked:
                one.lock = profile.locked[name]
                one.plan = _cheapest(one.lock.feature)
                one.effective = one.shown(getattr(profile.settings, name))
            yield one

    # --- Saving ---

    def _draft(self, sheet: Sheet, form: MultiDict) -> tuple[Sheet, dict[str, Any]]:
        """Check one sheet by its schema; what was typed stays in its fields."""
        plugin = sheet.plugin
        if plugin.optional:
            sheet.on = f"{plugin.name}:on" in form
        data = self._typed(sheet, form)
        stored = self.stored(plugin)
        if data:
            try:
                new = load_settings(plugin, data)
                _refuse_what_is_not_offered(sheet, new)
                return sheet, stored | new
            except BadInput as error:
                _mark(sheet, error.fields)
        return sheet, stored

    def _typed(self, sheet: Sheet, form: MultiDict) -> dict[str, Any]:
        data = {}
        for one in sheet.fields:
            if one.lock is not None or not one.posted(form):
                continue
            name = one.name.partition(".")[2]
            declared = sheet.plugin.settings().fields[name]
            one.value = _as_typed(one, form)
            try:
                data[name] = typed(one, declared, form)
            except BadInput as error:
                one.error = error.message
        return data

    def _check(self, sheet: Sheet, stored: dict[str, Any]) -> list[str]:
        """Ask the plugin what its schema cannot know (N5); answers its warnings."""
        check = host().registry.implementation("check_settings", sheet.plugin.name)
        if check is None or not sheet.on or any(one.error for one in sheet.fields):
            return []
        settings = effective(sheet.plugin, json.dumps(stored), self.grants).settings
        try:
            problems = list(check(self.account, picture(self.line), settings) or ())
        except Exception as error:
            log.exception("%s could not check its settings", sheet.plugin.name)
            title = gettext(sheet.plugin.title)
            return [gettext("%(title)s could not check: %(error)s", title=title, error=error)]
        _mark(sheet, {one.field: one.sentence for one in problems if not one.warning})
        return [one.sentence for one in problems if one.warning]

    def _store(self, sheet: Sheet, stored: dict[str, Any]) -> None:
        name = sheet.plugin.name
        row = self.profiles.get(name) or LineProfile(
            account=self.account.id, line=self.line, plugin=name
        )
        if row.id is None or row.on != sheet.on or row.stored != stored:
            row.on, row.stored = sheet.on, stored
            row.save()


def _refuse_what_is_not_offered(sheet: Sheet, new: dict[str, Any]) -> None:
    """A destination or employee that is not offered is gone, or another account's."""
    wrong = {}
    for one in sheet.fields:
        name = one.name.partition(".")[2]
        chosen = new.get(name) if one.groups else None
        offered = {key for _, options in one.groups for key, _ in options}
        for value in chosen if isinstance(chosen, list) else [chosen]:
            text = as_text(value)
            if text and text not in offered:
                wrong[name] = gettext("“%(typed)s” is not among the choices here.", typed=text)
    if wrong:
        raise BadInput(" ".join(wrong.values()), wrong)


def picture(line: LineRow) -> Line:
    """The frozen picture of a number that hooks are shown."""
    zone = line.timezone or current_member().account.timezone
    return Line(line.id, line.number, line.name, LineKind(line.kind), zone)


def _with_settings() -> list[Plugin]:
    plugins = [one.plugin for one in host().registry.plugins.values()]
    return [one for one in plugins if one.settings is not None or one.optional]


def _cheapest(feature: str) -> str:
    """The title of the first plan that has a feature (N3)."""
    document = host().book.settled().document
    key = document.first_plan_with(feature)
    return document.plans[key].title if key else ""


def _as_typed(one: FormField, form: MultiDict) -> Any:
    if one.control == "switch":
        return one.name in form
    return form.getlist(one.name) if one.control == "checks" else form.get(one.name, "")


def _mark(sheet: Sheet, sentences: dict[str, str]) -> None:
    """Put each sentence on its field; one that belongs to no field goes to the first."""
    names = {one.name.partition(".")[2]: one for one in sheet.fields}
    for name, sentence in sentences.items():
        target = names.get(name) or (sheet.fields[0] if sheet.fields else None)
        if target is not None:
            target.error = sentence
        else:
            raise BadInput(sentence)
