"""Rows of a child table edited within their parent's form, inside the account's wall."""

from __future__ import annotations

from typing import Any

from flask_admin.contrib.peewee.form import InlineModelConverter, InlineModelFormList
from flask_babel import gettext

from core.contract.errors import BadInput


class InlineRows(InlineModelFormList):
    """Saves the rows typed below their parent; the parent's transaction is around it (B11)."""

    def save_related(self, parent: Any) -> None:
        """Write, change and delete the rows.

        Raises:
            BadInput: a row's hidden key is none of this parent's rows.
        """
        known = {str(row.id): row for row in self._rows(parent)}
        for entry in self.entries:
            key = entry.get_pk() or ""
            if key and key not in known:
                raise BadInput(gettext("A row of this list is gone; open the page again."))
            if key and self.should_delete(entry):
                known[key].delete_instance()
            elif not self.should_delete(entry):
                self._write(entry, known.get(key), parent)

    def _rows(self, parent: Any) -> Any:
        return self.model.select().where(getattr(self.model, self.prop) == parent.id)

    def _write(self, entry: Any, row: Any, parent: Any) -> None:
        created = row is None
        if created:
            row = self.model()
        entry.populate_obj(row, None)
        setattr(row, self.prop, parent)
        if "account" in self.model._meta.fields:
            row.account = parent.account_id
        self.inline_view._on_model_change(entry, row, created)
        row.save()


class InlineConverter(InlineModelConverter):
    """Builds the inline form; its account is the parent's and never a field."""

    inline_field_list_type = InlineRows

    def get_info(self, p: Any) -> Any:
        """As inherited; the hidden key is always there, the account never."""
        info = super().get_info(p)
        if info.form_columns:
            info.form_columns = ["id", *(name for name in info.form_columns if name != "id")]
        info.form_excluded_columns = [*(info.form_excluded_columns or ()), "account"]
        return info
