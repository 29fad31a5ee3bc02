"""Lets a command do in an account what its admin does on pages: the same checks, the same audit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g

from core.app import application
from core.contract.errors import BadInput, NotFound, OutcomesChanged
from core.store.audit import author_of
from core.store.lines import LineRow
from core.store.people import UserRow
from core.web.member import ADMIN, Member
from core.web.rehearsing import HEADER


@contextmanager
def acting_on(number: str, author: str = "", confirm: str = "") -> Iterator[LineRow]:
    """Work in the account of a number, as its admin.

    Args:
        number: E.164; it belongs to one account of the installation.
        author: who a change is entered under; "" for this machine's user.
        confirm: the word under which a changed outcome of a scenario was shown before.

    Raises:
        NotFound: there is no such number.
        BadInput: a saved scenario would come out differently, and ``confirm`` does not say so.
    """
    sent = {HEADER: confirm} if confirm else {}
    with application() as app, app.test_request_context(headers=sent):
        line = find_number(number)
        user = UserRow(email=author_of(author))
        g.member = Member(user, line.account.picture(), ADMIN, False, False, None)
        try:
            yield line
        except OutcomesChanged as changed:
            raise BadInput(_asked(changed)) from changed


def _asked(changed: OutcomesChanged) -> str:
    """Which scenarios come out differently, and how to save all the same."""
    said = [
        f"{one.scenario.name}: {one.before.in_words()} → {one.after.in_words()}"
        for one in changed.differences
    ]
    return f"{changed} {'; '.join(said)}. To save all the same: --confirm {changed.token}"


def find_number(number: str, account: int | None = None) -> LineRow:
    """The number as it is written in the database.

    Args:
        number: E.164.
        account: only of this one.

    Raises:
        NotFound: there is none.
    """
    row = LineRow.get_or_none(LineRow.number == number)
    if row is None or account not in (None, row.account_id):
        where = " in this account" if account else ""
        raise NotFound(f"There is no number {number!r}{where}; give it as +390612345678.")
    return row
