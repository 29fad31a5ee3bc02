"""Form fields that choose rows, limited to the rows the user may see (B8), and ids from outside."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

import peewee
from flask_admin.contrib.peewee.ajax import QueryAjaxModelLoader
from wtfpeewee.fields import SelectQueryField

from core.web.format import spaced

GREATEST_ID = 2**63 - 1


def row_id(text: Any) -> int | None:
    """An id from an address; None when it cannot be one (B9: 64 bits and no more)."""
    try:
        number = int(str(text))
    except ValueError:
        return None
    return number if 0 < number <= GREATEST_ID else None


class RowField(SelectQueryField):
    """Chooses one row; ``rows`` is asked at every request, because every account has its own."""

    def __init__(self, *args: Any, rows: Callable[[], peewee.ModelSelect], **kwargs: Any) -> None:
        super().__init__(*args, query=rows(), get_label=spaced, blank_text="–", **kwargs)

    def get_model(self, pk: Any) -> Any:
        """The chosen row, None when it is no row of this account."""
        known = row_id(pk)
        return None if known is None else super().get_model(known)


class RowLoader(QueryAjaxModelLoader):
    """Looks rows up while somebody types, among the rows of the account only (B8)."""

    def __init__(
        self, name: str, model: type, rows: Callable[[], peewee.ModelSelect], **options: Any
    ) -> None:
        super().__init__(name, model, **options)
        self.rows = rows

    def get_one(self, pk: Any) -> Any:
        """The row, None when the account has none with this id."""
        known = row_id(pk)
        if known is None:
            return None
        return self.rows().where(self.model._meta.primary_key == known).first()

    def get_list(self, term: str | None, offset: int | None = 0, limit: int | None = 10) -> list:
        """Rows of which a field contains the term; no term is no error (B22)."""
        query = self.rows()
        if term:
            query = query.where(reduce(or_, (one.contains(term) for one in self._cached_fields)))
        return list(query.offset(max(offset or 0, 0)).limit(min(max(limit or 10, 1), 50)))
