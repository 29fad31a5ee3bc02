"""Checks before anything is saved what no schema can know (N5): each plugin's own checks, then
where all settings together lead."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from flask_babel import gettext

from core.contract.plugin import Problem
from core.plans.profile import effective
from core.web.card.draft import Draft, mark
from core.web.card.sheet import picture
from core.web.card.ways import wrong_ways
from core.web.host import host
from core.web.words import say

if TYPE_CHECKING:
    from core.web.card.card import Card

log = logging.getLogger(__name__)


def check(card: Card, drafts: Iterable[Draft]) -> list[str]:
    """Mark the fields that cannot be taken.

    Args:
        card: of the number.
        drafts: what is to be saved.

    Returns:
        Warnings: what can be saved, but is probably not meant.
    """
    drafts, warnings = list(drafts), []
    for draft in drafts:
        if draft.on and not draft.sheet.faults:
            warnings += _told(draft, _asked(card, draft))
    for draft, problem in list(wrong_ways(card, drafts)):
        warnings += _told(draft, [problem])
    return warnings


def _told(draft: Draft, problems: Iterable[Problem]) -> list[str]:
    """Mark the fields; answers what only warns."""
    problems = list(problems)
    mark(draft.sheet, {one.field: say(one.sentence) for one in problems if not one.warning})
    return [say(one.sentence) for one in problems if one.warning]


def _asked(card: Card, draft: Draft) -> Iterator[Problem]:
    """What the plugin says of its settings; when it cannot say, that is a warning."""
    ask = host().registry.implementation("check_settings", draft.name)
    if ask is None:
        return
    plugin = draft.sheet.plugin
    settings = effective(plugin, json.dumps(draft.stored), card.grants).settings
    try:
        yield from ask(card.account, picture(card.line), settings) or ()
    except Exception as error:
        log.exception("%s could not check its settings", plugin.name)
        words = gettext(
            "%(title)s could not check: %(error)s", title=gettext(plugin.title), error=error
        )
        yield Problem("", words, warning=True)
