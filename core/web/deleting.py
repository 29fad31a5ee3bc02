"""Deleting rows of a table's page: never more than was asked for (B7), never unasked (B15)."""

from __future__ import annotations

from typing import Any

import peewee
from flask import flash, redirect, request
from flask_admin import expose
from flask_admin.actions import action
from flask_admin.helpers import get_redirect_target
from flask_babel import gettext, lazy_gettext, ngettext

from core.contract.errors import CentralinoError, OutcomesChanged
from core.contract.steps import Destination
from core.web.rehearsing import change_of
from core.web.rows import row_id
from core.web.uses import leading_to


class Deleting:
    """The part of ``AccountView`` that deletes: one row, or chosen ones, after the question.

    Attributes:
        destination: the kind under which rows of this table are chosen elsewhere; a row that
            something leads to is not deleted.
    """

    destination = ""

    @expose("/delete/", methods=("GET",))
    def confirm_view(self) -> Any:
        """Ask before a row is deleted, by the server, so that no script can lose the question."""
        row = self.get_one(request.args.get("id"))
        return self._confirm([row], self.get_url(".delete_view"))

    def delete_model(self, model: Any) -> bool:
        """Delete one row and nothing that refers to it; say what does."""
        leading = self.uses_of(model)
        if leading:
            flash(_still_used(model, leading), "error")
            return False
        try:
            with change_of(model):
                self.on_model_delete(model)
                model.delete_instance()
        except OutcomesChanged:
            raise
        except CentralinoError as error:
            flash(error.message, "error")
            return False
        except peewee.IntegrityError:
            flash(_still_used(model, self._referring(model)), "error")
            return False
        self.after_model_delete(model)
        return True

    @action("delete", lazy_gettext("Delete"))
    def action_delete(self, ids: list[str]) -> Any:
        """Delete the chosen rows of this account, after the question."""
        known = [number for number in map(row_id, ids) if number]
        rows = list(self.rows().where(self.model._meta.primary_key << known))
        if rows and request.form.get("confirmed") != "yes":
            return self._confirm(rows, self.get_url(".action_view"), action="delete")
        count = 0
        if rows:
            with change_of(rows[0]):
                count = sum(self.delete_model(row) for row in rows)
        if count:
            flash(ngettext("%(num)s entry deleted.", "%(num)s entries deleted.", count), "success")
        return redirect(self.get_url(".index_view"))

    def uses_of(self, row: Any) -> list[str]:
        """What leads to a row, when rows of this table are destinations."""
        if not self.destination:
            return []
        return leading_to(Destination(self.destination, str(row.id)))

    def _referring(self, row: Any) -> list[str]:
        tables = self.model._meta.backrefs.items()
        counted = [(model, model.select().where(field == row).count()) for field, model in tables]
        return [f"{count} × {self._prettify_name(one.__name__)}" for one, count in counted if count]

    def _confirm(self, rows: list[Any], address: str, action: str = "") -> str:
        leading = list(dict.fromkeys(use for row in rows for use in self.uses_of(row)))
        return self.render(
            "admin/model/confirm.html",
            rows=rows,
            address=address,
            action=action,
            leading=leading,
            back=get_redirect_target() or self.get_url(".index_view"),
        )


def _still_used(row: Any, leading: list[str]) -> str:
    names = ", ".join(leading[:5]) or gettext("other entries")
    return gettext(
        "“%(row)s” cannot be deleted: still used by %(names)s. Change these first.",
        row=row,
        names=names,
    )
