"""A walk over every route and view with another account's ids: nothing seen, nothing changed.

The rows are made from the tables' own columns, so that a new plugin's views are walked, too.
"""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time

import peewee

from core.store.accounts import AccountRow
from core.store.people import UserRow
from core.store.table import InstantField, JsonField
from core.web.base_view import AccountView
from tests.support.bodies import body_at

MARK = "zzforeignzz"
"""Stands in every text of the other account: must appear on no page."""

serial = itertools.count(1)


def make(model, account):
    """A row of a table in an account, every required column filled with something."""
    values = {}
    for field in model._meta.sorted_fields:
        if field.primary_key or (field.null and not isinstance(field, peewee.ForeignKeyField)):
            continue
        if field.name == "account":
            values["account"] = account
        elif isinstance(field, peewee.ForeignKeyField):
            if not field.null:
                values[field.name] = make_parent(field, account)
        elif field.default is None or isinstance(field, peewee.CharField):
            values[field.name] = something(field)
    return model.create(**values)


def make_parent(field, account):
    if field.rel_model is AccountRow:
        return account
    if field.rel_model is UserRow:
        return UserRow.create(email=f"{next(serial)}@x.example", fs_uniquifier=str(next(serial)))
    return make(field.rel_model, account)


def something(field):
    number = next(serial)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, JsonField):
        return {}
    if isinstance(field, peewee.TextField | peewee.CharField):
        longest = getattr(field, "max_length", None) or 100
        return f"{MARK}{number}" if longest >= 15 else str(number)[:longest]
    for kind, value in (
        (InstantField, datetime.now(UTC)),
        (peewee.DateField, date(2026, 11, 22)),
        (peewee.TimeField, time(9)),
        (peewee.BooleanField, True),
    ):
        if isinstance(field, kind):
            return value
    return number


def views(site):
    found = [
        view for view in site.app.extensions["admin"][0]._views if isinstance(view, AccountView)
    ]
    return [view for view in found if "account" in view.model._meta.fields]


def test_every_view_refuses_another_accounts_rows(site):
    browser = site.sign_in("anna")
    walked = 0
    for view in views(site):
        row = make(view.model, site.paris)
        before = view.model.get_by_id(row.id).__data__
        base = f"/{view.endpoint}"
        for page in ("details", "edit", "delete"):
            answer = browser.get(f"{base}/{page}/?id={row.id}")
            assert answer.status_code in (403, 404), (base, page, answer.status_code)
            assert MARK not in answer.text
        everything = dict.fromkeys(view.model._meta.fields, "1")
        posts = [
            (f"{base}/edit/?id={row.id}", everything),
            (f"{base}/delete/", {"id": row.id}),
            (f"{base}/action/", {"action": "delete", "rowid": row.id, "confirmed": "yes"}),
            (f"{base}/ajax/update/", {"list_form_pk": row.id, **everything}),
        ]
        for address, data in posts:
            browser.post(address, **data)
        assert view.model.get_by_id(row.id).__data__ == before, base
        for page in ("", "new/", "export/csv/"):
            assert MARK not in browser.get(f"{base}/{page}").text, (base, page)
        walked += 1
    assert walked >= 6


def test_every_address_with_a_foreign_id_is_refused(site):
    line = site.other.line
    call = site.other.call()
    stored = site.kit.app.store.row("SELECT id FROM calls WHERE ref = ?", (call.ref,))[0]
    ids = {"lines": line.id, "dry_run": line.id, "calls": stored, "api": stored}
    browser = site.sign_in("anna")
    walked = []
    for rule in site.app.url_map.iter_rules():
        if "<int:id>" not in rule.rule:
            continue
        for id in {ids.get(rule.endpoint.split(".")[0], 1), line.id, stored}:
            address = rule.rule.replace("<int:id>", str(id)).replace("<plugin>", "crm")
            for method in rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
                answer = browser.client.open(
                    address,
                    method=method,
                    headers={"X-CSRFToken": browser.token},
                    json=body_at(rule, method),
                )
                own = str(site.company.line.id) in address
                assert own or answer.status_code in (403, 404), (address, method)
        walked.append(rule.endpoint)
    assert len(walked) >= 5


def test_every_views_table_belongs_to_an_account(site):
    """A view of a table without accounts must say itself whose rows it shows."""
    for view in site.app.extensions["admin"][0]._views:
        if isinstance(view, AccountView) and "account" not in view.model._meta.fields:
            assert "rows" in type(view).__dict__, view.endpoint
