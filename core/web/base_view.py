"""The base of every page: ``AccountView`` for a table, ``AdminPage`` for anything else.

Only ``AccountView`` subclasses Flask-Admin's peewee view, and mends in one place what was found
wrong there (docs/decisions/base-view.md names each). A view states its columns and roles; the wall
between accounts, the roles, the plan and the form token are not its business.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import peewee
from flask import abort, request
from flask_admin import BaseView
from flask_admin.contrib.peewee import ModelView
from flask_admin.model.typefmt import BASE_FORMATTERS
from flask_babel import gettext, lazy_gettext

from core.contract.errors import CentralinoError, OutcomesChanged
from core.web.access import Access
from core.web.convert import Converter
from core.web.deleting import Deleting
from core.web.explain import explain
from core.web.export import cell
from core.web.filters import filter_for
from core.web.format import icon, instant
from core.web.inline import InlineConverter, InlineRows
from core.web.member import current_member
from core.web.offers import address_with
from core.web.rehearsing import change_of
from core.web.rows import RowLoader, row_id

LAST_PAGE = 1_000_000
"""Beyond it, a page number is a joke or an attack (B9)."""

PREPARES_WRITING = {"create_view", "edit_view", "confirm_view"}


def _yes_no(view: Any, value: bool, name: str) -> Any:
    return icon("check", gettext("yes")) if value else "–"


def _instant(view: Any, value: datetime, name: str) -> str:
    return instant(value, "short")


class AdminPage(Access, BaseView):
    """Base of pages that are no table: subclass it, ``@expose("/")`` a method, ``self.render``."""

    category: Any = None

    def __init__(self, name: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("category", type(self).category)
        super().__init__(name, **kwargs)


class AccountView(Deleting, Access, ModelView):
    """The rows of one table, of the account of this request and no other.

    Attributes:
        empty_text, empty_hint: what an empty list says, and what to do next.
        delete_hint: what goes with a deleted row, and what stays.
        destination: the kind under which rows of this table are chosen elsewhere; a row that
            something leads to is not deleted, and the page says what leads to it.
    """

    model_form_converter = Converter
    inline_model_form_converter = InlineConverter
    list_template = "admin/model/list.html"
    can_view_details = True
    page_size = 25
    named_filter_urls = False
    column_type_formatters = {**BASE_FORMATTERS, bool: _yes_no, datetime: _instant}
    category: Any = None
    empty_text: Any = lazy_gettext("Nothing here yet.")
    empty_hint: Any = ""
    delete_hint: Any = ""

    def __init__(self, model: type[peewee.Model], name: Any = None, **kwargs: Any) -> None:
        if self.column_editable_list:
            raise TypeError(f"{type(self).__name__}: cells of a list cannot be edited (B3, B16).")
        kwargs.setdefault("category", type(self).category)
        super().__init__(model, name, **kwargs)

    # --- The wall: every door asks here (B8) ---------------------------------------------------

    def rows(self) -> peewee.ModelSelect:
        """All rows this view may show or change; every other method starts here."""
        return self.model.of(current_member().account)

    def choices(self, field: peewee.ForeignKeyField) -> peewee.ModelSelect:
        """The rows that may be chosen for a foreign key: those of the account.

        Override it for a table that has no account, such as users.
        """
        return field.rel_model.of(current_member().account)

    def fill(self, row: Any) -> None:
        """Set on a new row what its form does not ask: the account."""
        row.account = current_member().account.id

    def get_query(self) -> peewee.ModelSelect:
        """The list's rows, with the rows their foreign keys lead to, in one query (B10)."""
        query = self.rows()
        for field in self._joined():
            other = field.rel_model.alias()
            on = field == getattr(other, other.model._meta.primary_key.name)
            query = query.select_extend(other).join_from(
                self.model, other, peewee.JOIN.LEFT_OUTER, on=on, attr=field.name
            )
        return query.switch(self.model)

    def get_one(self, id: Any) -> Any:
        """The row of this account with this id; 404 when there is none."""
        known = row_id(id)
        row = known and self.rows().where(self.model._meta.primary_key == known).first()
        return row or abort(404)

    def get_list(self, page: int | None, sort_column: str | None, *args: Any, **kwargs: Any) -> Any:
        """One page of the rows; an address that sorts by what cannot be sorted sorts by nothing."""
        sort = sort_column if sort_column in self._sortable_columns else None
        return super().get_list(min(max(page or 0, 0), LAST_PAGE), sort, *args, **kwargs)

    def _joined(self) -> list[peewee.ForeignKeyField]:
        fields = self.model._meta.fields
        shown = [fields.get(str(name).partition(".")[0]) for name, _ in self._list_columns]
        return [field for field in shown if isinstance(field, peewee.ForeignKeyField)]

    def _create_ajax_loader(self, name: str, options: dict[str, Any]) -> RowLoader:
        field = self.model._meta.fields[name]
        return RowLoader(name, field.rel_model, lambda: self.choices(field), **options)

    # --- Access ------------------------------------------------------------------------------

    def writes(self, name: str) -> bool:
        """Forms are for those who may save them; B4: so is every address that changes a row."""
        return name in PREPARES_WRITING or super().writes(name)

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        refused = super()._handle_view(name, **kwargs)
        needed = {
            "create_view": self.can_create,
            "edit_view": self.can_edit,
            "delete_view": self.can_delete,
            "confirm_view": self.can_delete,
            "details_view": self.can_view_details,
            "ajax_update": False,  # B3, B4, B16, B22: no cell of a list is ever edited
            "export": self.can_export,
        }
        if refused is None and not needed.get(name, True):
            abort(403)
        return refused

    # --- Writing, in one transaction (B11) --------------------------------------------------------

    def create_model(self, form: Any) -> Any:
        """Write a new row and its inline rows, or say on the form why not."""
        row = self.model()
        self.fill(row)
        return self._save(form, row, True) and row

    def update_model(self, form: Any, model: Any) -> bool:
        """Write a row and its inline rows, or say on the form why not."""
        return self._save(form, model, False)

    def _save(self, form: Any, row: Any, is_created: bool) -> bool:
        try:
            with change_of(row):
                form.populate_obj(row)
                self._on_model_change(form, row, is_created)
                row.save(force_insert=is_created)
                for rows in form:
                    if isinstance(rows, InlineRows):
                        rows.save_related(row)
        except OutcomesChanged:  # the site asks
            raise
        except (CentralinoError, peewee.DatabaseError) as error:
            explain(error, form, self)
            return False
        self.after_model_change(form, row, is_created)
        return True

    # --- Forms, lists and files ---------------------------------------------------------------

    def is_action_allowed(self, name: str) -> bool:
        """Actions change rows: only for those who may."""
        return self.may_edit() and super().is_action_allowed(name)

    def get_save_return_url(self, model: Any, is_created: bool = False) -> str:
        """As inherited; what was made for a choice on another page is chosen there."""
        address = super().get_save_return_url(model, is_created)
        field = request.args.get("chosen_for", "")
        if is_created and self.destination and field:
            return address_with(address, field, f"{self.destination}:{model.id}")
        return address

    def scaffold_list_columns(self) -> list[str]:
        """All columns but the account, which is the same in every row."""
        return [name for name in super().scaffold_list_columns() if name not in ("id", "account")]

    def scaffold_form(self) -> Any:
        """A form that never asks for the account (it is the member's)."""
        self.form_excluded_columns = [*(self.form_excluded_columns or ()), "account"]
        if self.form_columns and "account" in self.form_columns:
            raise TypeError(f"{type(self).__name__}: the account is not a field of the form.")
        return super().scaffold_form()

    def ordered(self, form: Any) -> list[Any]:
        """The form's fields in the order of ``form_columns``, which may name extra fields too."""
        places = {name: place for place, name in enumerate(self.form_columns or ())}
        return sorted(form, key=lambda field: places.get(field.short_name, len(places)))

    def scaffold_filters(self, name: Any) -> list[Any]:
        """One filter per column (B1)."""
        return [filter_for(self, self.model._meta.fields[name])]

    def filter_name(self, index: int) -> str:
        """The name of a filter's control; the list has one control per filter."""
        return f"flt{index}_{self.get_filter_arg(index, self._filters[index])}"

    def row_address(self, row: Any) -> str:
        """Where the first cell of a row leads: to its form, else to its details."""
        if self.can_edit and self.may_edit():
            return self.get_url(".edit_view", id=row.id)
        return self.get_url(".details_view", id=row.id) if self.can_view_details else ""

    def _get_list_filter_args(self) -> Any:
        chosen = super()._get_list_filter_args() or []
        return [one for one in chosen if one[2] != ""]

    def search_placeholder(self) -> str:
        """B18: never the word None."""
        return gettext("Search")

    def get_empty_list_message(self) -> str:
        """What an empty list says."""
        return str(self.empty_text)

    def get_export_value(self, model: Any, name: Any) -> Any:
        """A value for a spreadsheet (B14)."""
        return cell(super().get_export_value(model, name))
