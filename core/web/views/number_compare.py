"""Two numbers of the account side by side, only what differs or everything (N4)."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from flask import request
from flask_admin import expose
from flask_babel import lazy_gettext

from core.web.card import Card
from core.web.card.comparing import compare
from core.web.views.number_page import NumberPage, all_lines, find_line


class NumberComparePage(NumberPage):
    """What two numbers have stored, and what takes effect."""

    def __init__(self) -> None:
        super().__init__(
            lazy_gettext("Compare numbers"), endpoint="number_compare", url="/number-compare"
        )

    @expose("/")
    def index(self) -> str:
        """The choice of two numbers, and below it what they say."""
        chosen = [request.args.get(name) for name in ("one", "other")]
        one, other = (find_line(id) if id else None for id in chosen)
        rows = compare(Card(one), Card(other)) if one and other else []
        everything = request.args.get("all") == "1"
        shown = [row for row in rows if everything or row.differs]
        sheets = [(title, list(found)) for title, found in groupby(shown, attrgetter("title"))]
        return self.render(
            "web/number_compare.html",
            lines=all_lines(),
            one=one,
            other=other,
            sheets=sheets,
            everything=everything,
            same=sum(not row.differs for row in rows),
        )
