"""From a table's columns to form fields: plain HTML inputs, choices inside the account's wall."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import peewee
from flask_admin.contrib.peewee.form import CustomModelConverter
from flask_admin.model.fields import AjaxSelectField
from wtforms import fields

from core.store.table import InstantField
from core.web.member import current_member
from core.web.rows import RowField


class InstantInput(fields.DateTimeLocalField):
    """An instant, typed and shown on the account's own clock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def process_data(self, value: datetime | None) -> None:
        """To wall time, without its zone, as the input shows it."""
        self.data = value.astimezone(_zone()).replace(tzinfo=None) if value else None

    def populate_obj(self, obj: Any, name: str) -> None:
        """Back to an instant."""
        value = self.data
        setattr(obj, name, value.replace(tzinfo=_zone()).astimezone(UTC) if value else None)


class Converter(CustomModelConverter):
    """Flask-Admin's converter, mended: hidden keys of inline rows are not required (B5)."""

    def __init__(self, view: Any) -> None:
        super().__init__(view)
        self.converters = {
            peewee.AutoField: self.handle_pk,
            InstantField: self._instant,
            peewee.DateField: self._date,
            peewee.TimeField: self._time,
            peewee.ForeignKeyField: self.handle_foreign_key,
        }

    def convert(self, model: Any, field: Any, field_args: dict[str, Any] | None) -> Any:
        """As inherited, with spaces around texts removed and the view's labels."""
        args = {"label": self.view.get_column_name(field.name), **(field_args or {})}
        if isinstance(field, peewee.CharField | peewee.TextField):
            args["filters"] = [*args.get("filters", ()), _strip]
        return super().convert(model, field, args)

    def handle_foreign_key(self, model: Any, field: Any, **kwargs: Any) -> tuple[str, Any]:
        """A choice among rows of the account (B8), looked up while typing where the view says."""
        kwargs["allow_blank"] = field.null
        loader = getattr(self.view, "_form_ajax_refs", {}).get(field.name)
        if loader and model is self.view.model:
            return field.name, AjaxSelectField(loader, **kwargs)
        return field.name, RowField(rows=lambda: self.view.choices(field), **kwargs)

    def _instant(self, model: Any, field: Any, **kwargs: Any) -> tuple[str, Any]:
        return field.name, InstantInput(**kwargs)

    def _date(self, model: Any, field: Any, **kwargs: Any) -> tuple[str, Any]:
        return field.name, fields.DateField(**kwargs)

    def _time(self, model: Any, field: Any, **kwargs: Any) -> tuple[str, Any]:
        return field.name, fields.TimeField(format=["%H:%M", "%H:%M:%S"], **kwargs)


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _zone() -> Any:
    account = current_member().account
    return account.zone if account else UTC
