"""Walks a number's way as it would be, for ends that are dead and ways that go round (N5).

The plugins draw the way themselves (``describe_stage``, ``describe_destination``); what is found is
told on the setting that leads there, whichever plugins lie between.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flask_babel import gettext

from core.calls.found import LineSetup
from core.contract.plugin import Problem
from core.contract.steps import Destination
from core.web.access import previewing
from core.web.card.draft import Draft
from core.web.card.names import Names
from core.web.card.sheet import short
from core.web.flow.graph import ELSEWHERE, Box, Flow
from core.web.flow.reading import FlowReader
from core.web.forms import as_text
from core.web.host import host, now

if TYPE_CHECKING:
    from core.web.card.card import Card


def wrong_ways(card: Card, drafts: Iterable[Draft]) -> Iterator[tuple[Draft, Problem]]:
    """What is wrong with where the settings lead.

    Args:
        card: of the number.
        drafts: what is to be saved; only ways that begin at these are walked.
    """
    drafts = list(drafts)
    acting = {one.name: one for one in drafts if one.on and not one.sheet.faults}
    if not acting:
        return
    flow, names = _drawn(card, drafts), Names()
    told: set[str] = set()
    for stage, owner in host().registry.stages:
        box = flow.boxes[f"stage:{stage.name}"]
        if owner in acting and not box.off:
            for problem in _from(flow, box, acting[owner], names):
                if problem.sentence not in told:
                    told.add(problem.sentence)
                    yield acting[owner], problem


def _drawn(card: Card, drafts: list[Draft]) -> Flow:
    reader = FlowReader(host(), card.line, now(), setup=_setup(card, drafts))
    with previewing(reader.grants):
        return reader.read()


def _setup(card: Card, drafts: list[Draft]) -> LineSetup:
    """What the number would have."""
    setup = host().journal.line_setup(card.account, card.line.id)
    switched = {one.name for one in drafts if one.sheet.plugin.optional}
    off = {one.name for one in drafts if not one.on} | (setup.off - (switched - setup.account_off))
    stored = setup.stored | {one.name: json.dumps(one.stored) for one in drafts}
    return LineSetup(frozenset(off), stored, setup.account_off)


def _from(flow: Flow, stage: Box, draft: Draft, names: Names) -> Iterator[Problem]:
    for key in _onward(flow, stage):
        field = _field(draft, key)
        if field and names.gone(key):
            words = gettext("What is chosen here does not exist any more: choose another.")
            yield Problem(field, words)
        else:
            for sentence in _walk(flow, key):
                yield Problem(field, sentence, warning=True)


def _walk(flow: Flow, start: str) -> Iterator[str]:
    """Every dead end and every circle behind a place, each as the way that leads there."""
    waiting, seen = [(start, (start,))], {start}
    while waiting:
        key, way = waiting.pop()
        box = flow.boxes[key]
        if box.off:
            yield gettext("%(way)s: %(why)s", way=_said(flow, way), why=box.off)
            continue
        for to in _onward(flow, box):
            if to in way:
                circle = (*way[way.index(to) :], to)
                if len({_owner(one) for one in circle}) > 1:
                    words = gettext("Calls can go round: %(way)s.", way=_said(flow, circle))
                    yield words
            elif to not in seen:
                seen.add(to)
                waiting.append((to, (*way, to)))


def _onward(flow: Flow, box: Box) -> list[str]:
    """The boxes to which open ways lead."""
    ways = [one for one in box.ways if one.to not in ELSEWHERE and not one.off]
    return [one.to for one in ways if one.to in flow.boxes]


def _owner(key: str) -> str:
    """The plugin that offers a place. A circle within one plugin is its own affair: in a menu,
    "back" is meant, and the plugin checks its tables when they are saved."""
    _, owner = host().registry.destinations[Destination.parse(key).kind]
    return owner


def _said(flow: Flow, way: Iterable[str]) -> str:
    return " → ".join(flow.boxes[key].title for key in way)


def _field(draft: Draft, key: str) -> str:
    """The setting that leads to a place: the one whose value it is, or whose number is called."""
    for one in draft.sheet.fields:
        value = as_text(draft.stored.get(short(one)))
        place = Destination.parse(key).id if one.control == "tel" else key
        if value and value == place:
            return short(one)
    return ""
