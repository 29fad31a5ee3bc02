"""Filters above a list: one plain form control per column, no script needed."""

from __future__ import annotations

from typing import Any

import peewee
from flask import has_request_context
from flask_admin.contrib.peewee.filters import BasePeeweeFilter
from flask_babel import lazy_gettext

from core.web.format import spaced
from core.web.rows import row_id


class Control(BasePeeweeFilter):
    """A filter that is one control of a plain form; left empty, it filters nothing."""

    def validate(self, value: str) -> bool:
        """Whether the value can be used; no value always can."""
        return value == "" or super().validate(value)


class Contains(Control):
    """The column's text contains what was typed."""

    control = "text"

    def apply(self, query: Any, value: str) -> Any:
        """Narrow the query."""
        return query.where(self.column.contains(value))

    def operation(self) -> Any:
        """Its name for people."""
        return lazy_gettext("contains")


class Equals(Control):
    """The column has the chosen value."""

    control = "select"

    def get_options(self, view: Any) -> list[tuple[str, str]]:
        """What can be chosen; nothing while the site is built, before there is an account."""
        if not has_request_context():
            return []
        return list(self.options() if callable(self.options) else self.options)

    def apply(self, query: Any, value: Any) -> Any:
        """Narrow the query."""
        return query.where(self.column == value)

    def operation(self) -> Any:
        """Its name for people."""
        return lazy_gettext("is")


class YesNo(Equals):
    """The column is true, or is not."""

    def __init__(self, column: Any, name: Any) -> None:
        super().__init__(
            column, name, options=[("1", lazy_gettext("yes")), ("0", lazy_gettext("no"))]
        )

    def clean(self, value: str) -> bool:
        """From the control's value."""
        return value == "1"


class IsRow(Equals):
    """The column leads to the chosen row (B1)."""

    def get_options(self, view: Any) -> list[tuple[str, str]]:
        """The account's rows."""
        if not has_request_context():
            return []
        return [(str(row.id), spaced(row)) for row in view.choices(self.column)]

    def clean(self, value: str) -> int:
        """An id of 64 bits at most."""
        known = row_id(value)
        if known is None:
            raise ValueError(value)
        return known


def filter_for(view: Any, field: peewee.Field) -> Control:
    """The one filter a column gets, by what it holds."""
    name = view.get_column_name(field.name)
    choices = (view.form_args or {}).get(field.name, {}).get("choices") or field.choices
    if isinstance(field, peewee.ForeignKeyField):
        return IsRow(field, name)
    if isinstance(field, peewee.BooleanField):
        return YesNo(field, name)
    if choices:
        return Equals(field, name, options=choices)
    return Contains(field, name)
