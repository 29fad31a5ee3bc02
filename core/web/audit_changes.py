"""Says what an entry of the audit changed, in words: a line for each thing, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext

from core.contract.errors import CentralinoError
from core.contract.texts import N_
from core.plans.decision import DEFAULT_WARN_AT
from core.plans.file.changes import from_json
from core.plans.file.written import Written
from core.store.accounts import AccountRow
from core.store.audit import AuditEntry
from core.web.account_plan import first_of, last_of, plan_title
from core.web.format import day
from core.web.host import host
from core.web.matrix.words import in_full, in_words
from core.web.words import plugin as plugin_title

LABELS = {
    "value": N_("Value"),
    "plan": N_("Plan"),
    "from": N_("From"),
    "until": N_("Until"),
    "reason": N_("Reason"),
    "pinned": N_("Pinned"),
    "revision": N_("Revision"),
    "start": N_("In force"),
    "changes": N_("Changes"),
    "carried": N_("Entered again"),
    "kept": N_("Refused text kept as"),
}
"""What is shown of a thing that was changed, in this order; other keys come after, as they are."""

STARTS = {"now": N_("now"), "next-period": N_("each account's next calendar month")}

HIDDEN = ("id", "feature", "warn_at")
"""What the value or the head of the entry says."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One line; "" on a side where there was nothing."""

    label: str
    before: str
    after: str


def changes(entry: AuditEntry, zone: ZoneInfo) -> list[Changed]:
    """What an entry changed; without what its message says already.

    Args:
        entry: the entry.
        zone: the account's, in which its days are named.
    """
    if entry.action.startswith("number."):
        return list(_of_number(entry.before, entry.after))
    pairs = zip_longest(_things(entry.before), _things(entry.after), fillvalue={})
    lines = [line for before, after in pairs for line in _lines(before, after, zone)]
    return [one for one in lines if not entry.message or one.after != entry.message]


def _of_number(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Changed]:
    """Settings of a number, each under its plugin's title and its own label."""
    for name, made in after.items():
        title, former = plugin_title(name), before.get(name, {})
        if "on" in made:
            label = f"{title} · {gettext('On for this number')}"
            yield Changed(label, _plain(former["on"]), _plain(made["on"]))
        for key, value in made.get("settings", {}).items():
            label = f"{title} · {_label(name, key)}"
            yield Changed(label, _plain(former["settings"][key]), _plain(value))


def _label(plugin: str, key: str) -> str:
    """What a card calls a setting; of one that is gone, its name."""
    installed = host().registry.plugins.get(plugin)
    schema = installed.plugin.settings if installed else None
    field = schema().fields.get(key) if schema else None
    return gettext(field.metadata.get("label") or key) if field else key


def zones_of(entries: Iterable[AuditEntry]) -> dict[int | None, ZoneInfo]:
    """The zones of the entries' accounts, by id; accounts that are gone have none."""
    ids = {one.account_id for one in entries if one.account_id is not None}
    rows = AccountRow.select().where(AccountRow.id.in_(ids))
    return {row.id: row.picture().zone for row in rows}


def _things(side: Any) -> list[dict[str, Any]]:
    """A side as a list of things; a bare value is a plan's key."""
    if side is None:
        return []
    if isinstance(side, dict):
        return [side]
    return [one if isinstance(one, dict) else {"plan": one} for one in _listed(side)]


def _listed(side: Any) -> list[Any]:
    return side if isinstance(side, list) else [side]


def _lines(before: dict[str, Any], after: dict[str, Any], zone: ZoneInfo) -> Iterator[Changed]:
    keys = dict.fromkeys([*LABELS, *before, *after])
    for key in keys:
        had, has = _said(before, key, zone), _said(after, key, zone)
        if key not in HIDDEN and had != has:
            yield Changed(gettext(LABELS[key]) if key in LABELS else key, had, has)


def _said(thing: dict[str, Any], key: str, zone: ZoneInfo) -> str:
    value = thing.get(key)
    if key == "value" and "feature" in thing:
        percents = thing.get("warn_at")
        warn_at = DEFAULT_WARN_AT if percents is None else tuple(percents)
        return in_full(Written(value, warn_at), thing["feature"])
    if key == "until" and key in thing and value is None:
        return gettext("without end")
    if value is None or value is False or value == []:
        return ""
    if key == "plan":
        return plan_title(value)
    if key == "carried":
        return ", ".join(f"{old} → {new}" for new, old in value)
    if key == "start":
        return gettext(STARTS[value]) if value in STARTS else value
    if key == "from":
        return day(first_of(datetime.fromisoformat(value), zone))
    if key == "until":
        return day(last_of(datetime.fromisoformat(value), zone))
    return _plain(value)


def _plain(value: Any) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    if isinstance(value, dict):
        return _change(value)
    return str(value)


def _change(data: dict[str, Any]) -> str:
    """A change of the matrix in a line; of anything else, what it holds."""
    try:
        return in_words(from_json(data), _Titles())
    except CentralinoError:
        return ", ".join(f"{key}: {_plain(value)}" for key, value in data.items())


class _Titles:
    """The plans' titles, as the words of changes ask for them."""

    def plan_title(self, key: str) -> str:
        return plan_title(key)
