"""Asks the plugins to describe a number's way, and joins what they say into one flow (R)."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from core.calls.conductor import BACKUP_SECONDS
from core.calls.found import LineSetup
from core.contract.call import Account, LineKind
from core.contract.errors import BadInput
from core.contract.flow import END, NEXT, Exit, FlowNode
from core.contract.plugin import Plugin, Stage
from core.contract.steps import Destination
from core.plans.gate import Grants
from core.plans.profile import effective
from core.store.lines import LineRow
from core.web.access import previewing
from core.web.flow.closed import Closed, reasons
from core.web.flow.graph import (
    ELSEWHERE,
    LAST,
    START,
    Box,
    Flow,
    Kind,
    Way,
    joined,
    mark_reached,
)
from core.web.format import phone

log = logging.getLogger(__name__)

MOST_BOXES = 5_000
"""So many boxes are read; a plugin that invents destinations without end stops here."""


def read_flow(
    centralino: Any, row: LineRow, at: datetime, plan: str = "", also: Iterable[str] = ()
) -> Flow:
    """The way of a number.

    Args:
        centralino: the wired application.
        row: the number.
        at: the instant whose plan holds.
        plan: what if the account were on this plan; "" for its own.
        also: destinations to read that no box leads to.

    Raises:
        BadInput: there is no such plan.
    """
    reader = FlowReader(centralino, row, at, plan)
    with previewing(reader.grants):
        return reader.read(also)


@dataclass(frozen=True, slots=True)
class _Owner:
    """A plugin that describes something, with what takes effect for the number."""

    plugin: Plugin
    settings: Any
    closed: Closed | None


class FlowReader:
    """Reads one number's way.

    Args:
        centralino, row, at, plan: see ``read_flow``.
        setup: what if the number's settings were these; None for those that it has.
    """

    def __init__(
        self,
        centralino: Any,
        row: LineRow,
        at: datetime,
        plan: str = "",
        setup: LineSetup | None = None,
    ) -> None:
        plans = centralino.book.settled().document.plans
        if plan and plan not in plans:
            known = ", ".join(plans)
            raise BadInput(
                gettext("There is no plan “%(plan)s”; there are %(known)s.", plan=plan, known=known)
            )
        own: Account = row.account.picture()
        self.registry = centralino.registry
        self.row = row
        self.account = replace(own, plan=plan) if plan else own
        self.line = row.picture(own)
        self.setup: LineSetup = setup or centralino.journal.line_setup(own, row.id)
        self.grants: Grants = centralino.gate.grants(
            self.account, at, self.setup.off, plan=plan or None
        )
        self.reasons = reasons(centralino, self.account, at, self.setup, self.grants)
        self._owners: dict[str, _Owner] = {}
        self._offers: dict[str, dict[str, str]] = {}

    def read(self, also: Iterable[str] = ()) -> Flow:
        """Every box from the call's arrival to the last resort, and all they lead to."""
        stages = self.registry.stages
        spine = (START, *(f"stage:{stage.name}" for stage, _ in stages), LAST)
        boxes = {START: self._start()}
        for stage, owner in stages:
            boxes[f"stage:{stage.name}"] = self._stage(stage, self._owner(owner))
        boxes[LAST] = self._last_resort()
        waiting = [
            *also,
            *(to for box in reversed(boxes.values()) for to in reversed(_places(box))),
        ]
        while waiting and len(boxes) < MOST_BOXES:
            key = waiting.pop()
            if key not in boxes:
                boxes[key] = self.destination(key)
                waiting += reversed(_places(boxes[key]))
        return Flow(mark_reached(boxes, spine), spine, cut=bool(waiting))

    def destination(self, key: str) -> Box:
        """The box of a destination, which may be gone."""
        place = Destination.parse(key)
        kind, name = self.registry.destinations.get(place.kind, (None, ""))
        if kind is None:
            gone = gettext("No installed plugin offers “%(kind)s”.", kind=place.kind)
            return Box(key, Kind.DESTINATION, key, off=gone)
        owner = self._owner(name)
        caption = gettext(kind.title)
        node, fault = self._ask("describe_destination", owner, place)
        if node is None:
            offered = self._offered(name).get(key)
            gone = "" if offered else gettext("This destination does not exist any more.")
            bare = Box(key, Kind.DESTINATION, offered or caption, caption, off=fault or gone)
            return self._closed(bare, owner)
        box = _box(key, Kind.DESTINATION, caption, node)
        return self._closed(replace(box, lines=(*self._inner(place), *box.lines)), owner)

    def _inner(self, place: Destination) -> list[str]:
        """For whom it is, where a destination stands inside another: ``voicemail:employee:17``."""
        inner = Destination.parse(place.id)
        if not inner.id or inner.kind not in self.registry.destinations:
            return []
        return [gettext("For %(title)s.", title=self.destination(place.id).title)]

    # --- The boxes of the spine ---

    def _start(self) -> Box:
        lines = [self.line.name] if self.line.name else []
        if self.row.gateway_id is None:
            lines.append(gettext("No gateway: no call can reach it."))
        if self.line.kind is LineKind.CALLER_ID:
            lines.append(gettext("For outgoing calls only."))
        link = url_for("lines.card", id=self.row.id)
        title, ways = phone(self.line.number), (Way("", NEXT),)
        return Box(START, Kind.START, title, gettext("A call arrives"), tuple(lines), ways, link)

    def _stage(self, stage: Stage, owner: _Owner) -> Box:
        key, title = f"stage:{stage.name}", gettext(stage.title)
        on = (Way("", NEXT),)
        described = self.registry.implementation("describe_stage", owner.plugin.name) is not None
        node, fault = self._ask("describe_stage", owner, stage.name)
        if node is None:
            summary = gettext(owner.plugin.summary) if owner.plugin.summary else ""
            told = fault or ("" if described else summary)
            box = Box(key, Kind.STAGE, title, lines=(told,) if told else (), ways=on)
            box = replace(box, idle=described and not fault and owner.closed is None)
        else:
            box = _box(key, Kind.STAGE, title, node)
        box = self._closed(replace(box, link=box.link or self._sheet(owner.plugin)), owner)
        return replace(box, ways=joined([*box.ways, *on])) if box.off else box

    def _last_resort(self) -> Box:
        caption = gettext("Nobody has taken the call")
        link = url_for("lines.edit_view", id=self.row.id)
        end = (Way("", END),)
        backup = self.row.backup_number or self.row.account.backup_number
        if not backup:
            lines = (gettext("There is no backup number."),)
            return Box(LAST, Kind.LAST, gettext("Hang up"), caption, lines, end, link)
        own = bool(self.row.backup_number)
        whose = gettext("The number's own.") if own else gettext("The account's.")
        rings = gettext("Rings for %(seconds)s s.", seconds=BACKUP_SECONDS)
        title = gettext("Backup number %(number)s", number=phone(backup))
        return Box(LAST, Kind.LAST, title, caption, (whose, rings), end, link)

    def _sheet(self, plugin: Plugin) -> str:
        """Where the plugin's settings stand on the number's card."""
        card = url_for("lines.card", id=self.row.id)
        return f"{card}#sheet-{plugin.name}" if plugin.settings or plugin.optional else card

    # --- Asking ---

    def _ask(self, hook: str, owner: _Owner, what: Any) -> tuple[FlowNode | None, str]:
        """What a plugin describes; a fault is its own, and named in its box."""
        describe = self.registry.implementation(hook, owner.plugin.name)
        if describe is None:
            return None, ""
        try:
            node = describe(self.account, self.line, what, owner.settings)
            if node is not None and not isinstance(node, FlowNode):
                raise TypeError(f"{hook} answered {node!r:.80}")
        except Exception as error:
            log.exception("%s could not describe %s", owner.plugin.name, what)
            return None, gettext("It could not be described: %(error)s", error=error)
        return node, ""

    def _owner(self, name: str) -> _Owner:
        found = self._owners.get(name)
        if found is None:
            plugin = self.registry.plugins[name].plugin
            stored = self.setup.stored.get(name, "{}")
            settings = effective(plugin, stored, self.grants).settings if plugin.settings else None
            found = self._owners[name] = _Owner(plugin, settings, self.reasons(name))
        return found

    def _offered(self, plugin: str) -> dict[str, str]:
        """The titles under which a plugin offers its destinations."""
        if plugin not in self._offers:
            offer = self.registry.implementation("offer_destinations", plugin)
            try:
                offers = list((offer(self.account) if offer else None) or ())
            except Exception:
                log.exception("%s could not offer its destinations", plugin)
                offers = []
            self._offers[plugin] = {one.value: str(one.title) for one in offers}
        return self._offers[plugin]

    def _closed(self, box: Box, owner: _Owner) -> Box:
        """The same box, greyed where the plan or a switch leaves its plugin out."""
        sentence = owner.closed.sentence if owner.closed else box.off
        if not sentence:
            return box
        ways = tuple(replace(one, off=one.off or sentence) for one in box.ways)
        plan, compare = (owner.closed.plan, owner.closed.compare) if owner.closed else ("", "")
        return replace(box, ways=ways, off=sentence, plan=plan, compare=compare)


def _box(key: str, kind: Kind, caption: str, node: FlowNode) -> Box:
    title = str(node.title) or caption
    return Box(
        key,
        kind,
        title,
        "" if title == caption else caption,
        tuple(str(line) for line in node.lines if line),
        joined([_way(one) for one in node.exits]),
        node.link,
        str(node.off),
    )


def _way(exit: Exit) -> Way:
    return Way(str(exit.label), str(exit.to), str(exit.off))


def _places(box: Box) -> list[str]:
    return list(_destinations(box))


def _destinations(box: Box) -> Iterator[str]:
    for way in box.ways:
        if way.to not in ELSEWHERE:
            yield way.to
