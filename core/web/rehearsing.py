"""The rehearsal at the door of pages and API: what is changed here is rehearsed, and confirmed.

Whoever writes configuration that calls read does it inside ``rehearsed()``: account views and the
card do, and plugins' own pages. The first time a changed outcome is refused with a token; the same
request with that token is what "Save anyway" sends.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from flask import current_app, flash, request
from flask_babel import gettext

from core.calls.rehearsal.rehearsing import Change
from core.calls.rehearsal.run import Difference, digest
from core.contract.errors import BadInput, OutcomesChanged
from core.store.accounts import AccountRow
from core.store.table import Table
from core.web.host import host, now
from core.web.member import current_member
from core.web.words import say

FIELD = "rehearsal"
"""The field of a form that carries the token, or ``BACK``."""

BACK = "back"
"""Sent instead of a token: show the form again, with what was typed."""

HEADER = "Confirm-Outcomes"
"""The same for programs; or, in the address, ``CONFIRM``."""

CONFIRM = "confirm"

NOT_CONTENT = (FIELD, "csrf_token")


@contextmanager
def rehearsed(*lines: Any, account: Any = None) -> Iterator[Change]:
    """Change what happens to calls, in one transaction, after the saved scenarios were run on it.

    ::

        with api.rehearsed(line) as change:
            path.write_bytes(sound)
            change.undo(path.unlink)          # files do not roll back by themselves
            row.save()

    Rows are written inside; nothing of it holds when this raises. One inside another is part of it.
    Catch ``BadInput`` around it and show the form again, as for any other fault: "Go back" of the
    question is told so. Let ``OutcomesChanged`` pass: the site asks.

    Args:
        lines: the numbers (rows or ids) that the change can concern; none: all of the account.
        account: whose configuration, by id; None: that of the account somebody works in.

    Raises:
        OutcomesChanged: a scenario would come out differently, and nobody has agreed to that.
        BadInput: "Go back" was chosen.
    """
    account_id = account or current_member().account.id
    if not request.is_json and request.form.get(FIELD) == BACK:
        raise BadInput(gettext("Nothing is saved yet. Change what you like, then save again."))
    sent = _content()

    def agrees(differences: list[Difference]) -> bool:
        token = _token(sent, differences)
        if hmac.compare_digest(token.encode(), _shown().encode()):
            return True
        raise OutcomesChanged(differences, token)

    concerned = [getattr(one, "id", one) for one in lines] or None
    with host().rehearsal().around(account_id, now(), concerned, agrees) as change:
        yield change
    for warning in change.warnings:
        flash(say(warning), "warning")
    change.warnings.clear()


def change_of(row: Table) -> AbstractContextManager[Any]:
    """One transaction for a change of a row, or of rows that refer to it; a rehearsed one where
    calls may read any of them."""
    model = type(row)
    account = row.id if model is AccountRow else getattr(row, "account_id", None)
    tables = [model, *model._meta.backrefs.values()]
    if account is None or not any(one.configures_calls for one in tables):
        return model._meta.database.atomic()
    return rehearsed(account=account)


def repeated() -> list[tuple[str, str]]:
    """The fields of this request's form, to be sent once more."""
    fields = request.form.items(multi=True)
    return [(name, value) for name, value in fields if name not in NOT_CONTENT]


def _shown() -> str:
    """The token that came with this request, or ""."""
    form = "" if request.is_json else request.form.get(FIELD, "")
    return request.headers.get(HEADER) or request.args.get(CONFIRM) or form


def _content() -> bytes:
    """What this request asks for, in a few bytes: address, fields, files."""
    address = [request.method, request.path]
    arguments = [one for one in request.args.items(multi=True) if one[0] != CONFIRM]
    body = request.get_data(parse_form_data=True)  # of JSON and YAML; a form is in its fields
    given = [one for one in request.files.items(multi=True) if one[1].filename]
    files = [(name, one.filename, _sum(one)) for name, one in given]
    told = json.dumps([address, sorted(arguments), sorted(repeated()), files])
    return hashlib.sha256(told.encode() + body).digest()


def _sum(file: Any) -> str:
    place = file.stream.tell()
    file.stream.seek(0)
    found = hashlib.file_digest(file.stream, "sha256").hexdigest()
    file.stream.seek(place)
    return found


def _token(content: bytes, differences: list[Difference]) -> str:
    """Agrees to these differences, of this content, for this user, in this account."""
    member = current_member()
    bound = f"{member.user.id} {member.account and member.account.id} {digest(differences)} "
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, b"rehearsal " + bound.encode() + content, hashlib.sha256).hexdigest()
