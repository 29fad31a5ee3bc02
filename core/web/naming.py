"""Names instead of ids in what the engine noted: traces keep destinations as text, ``queue:3``."""

from __future__ import annotations

import re

from flask import Flask, g
from flask_babel import gettext

from core.web.host import host
from core.web.offers import offers


def named(text: str) -> str:
    """A reason from a trace, with the titles of destinations in the place of their ids: ``a message
    for employee:7`` is a message for Anna."""
    kinds = host().registry.destinations
    listed = "|".join(sorted(map(re.escape, kinds), key=len, reverse=True))
    if not kinds or not re.search(rf"(?:{listed}):", text):
        return text

    def title(found: re.Match[str]) -> str:
        kind, id = found.groups()
        known = _titles().get(f"{kind}:{id}")
        return known or f"{gettext(kinds[kind][0].title)} {named(id)}"

    return re.sub(rf"(?<![\w-])({listed}):([\w+-][\w+:-]*)", title, text)


def _titles() -> dict[str, str]:
    """What the account of this request can choose, asked once for a page."""
    if "destination_titles" not in g:
        g.destination_titles = {one.value: one.title for one in offers()}
    return g.destination_titles


def add(app: Flask) -> None:
    """Give templates this filter."""
    app.jinja_env.filters["named"] = named
