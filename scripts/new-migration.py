"""Writes the next migration of the core or of a plugin, from what its tables have become.

    .venv/bin/python scripts/new-migration.py core initial
    .venv/bin/python scripts/new-migration.py ivr "second prompt"

A database with all earlier migrations is compared with the tables as they are declared. peewee
writes the tables, columns and plain indexes; it does not see the conditions of partial indexes, so
those are written here as the statements they are. Read the file before you commit it.
"""

from __future__ import annotations

import re
import sys
import tempfile

from peewee import ForeignKeyField, Index
from playhouse.migrations import Runner, template
from playhouse.schema_diff import diff_models

from core import registry as registries
from core.app import bind, tables
from core.migrating import folders, runners
from core.store.database import Store

NOTES = r"^# TODO.*\n|^#\s+-.*must be added by hand\n"
"""What peewee's writer of migrations leaves to do, about the indexes that are written here."""


def main(owner: str, name: str) -> None:
    """Write the migration of one owner.

    Args:
        owner: ``core``, or the name of a plugin.
        name: what it does, in a word or two.
    """
    registry = registries.load()
    folder = dict(folders(registry))[owner]
    with tempfile.TemporaryDirectory() as scratch:
        store = Store(f"sqlite:///{scratch}/scratch.db")
        with store.connection():
            for _, runner in runners(store, registry):
                runner.up()
            bind(store, registry)
            models = [table for table in tables(registry) if owner_of(table, registry) == owner]
            diff = diff_models(store.database, models)
            body = template(diff)
            body = without_needless_indexes(body, diff.create_tables)
            body = with_partial_indexes(body, diff.create_tables)
            body = re.sub(r"^# Generated.*", f'"""{name.capitalize()}."""\n', body)
            path = Runner(store.database, str(folder)).create(name, body)
    print(f"wrote {path}; read it, then run `make format`")


def owner_of(table: type, registry: registries.Registry) -> str:
    """Whose table it is: the plugin whose module it stands in, else the core's."""
    for plugin, installed in registry.plugins.items():
        if table.__module__.startswith(installed.module.__name__.rpartition(".")[0] + "."):
            return plugin
    return "core"


def without_needless_indexes(body: str, created: list[type]) -> str:
    """The migration with ``index=False`` on the foreign keys that say so; peewee forgets it."""
    for table in created:
        begin = body.index(f"    class {table.__name__}(Model):")
        end = body.index("class Meta:", begin)
        text = body[begin:end]
        for field in table._meta.sorted_fields:
            if isinstance(field, ForeignKeyField) and not field.index:
                text = re.sub(
                    rf"( {field.name} = ForeignKeyField\(.*)\)", r"\1, index=False)", text
                )
        body = body[:begin] + text + body[end:]
    return body


def with_partial_indexes(body: str, created: list[type]) -> str:
    """The migration with the partial indexes of new tables, and without the notes about them."""
    statements = [
        f"    db.execute_sql({statement(index)!r})"
        for table in created
        for index in table._meta.fields_to_index()
        if isinstance(index, Index) and index._where is not None
    ]
    body = re.sub(NOTES, "", body, flags=re.MULTILINE)
    up, down = body.split("\n\ndef down", 1)
    return "\n".join([up.rstrip(), *statements]) + "\n\n\ndef down" + down


def statement(index: Index) -> str:
    """The index as a statement that both databases understand."""
    context = index._model._meta.database.get_sql_context()
    sql, parameters = context.sql(index).query()
    for parameter in parameters:
        sql = sql.replace("?", repr(parameter), 1)
    return sql


if __name__ == "__main__":
    main(sys.argv[1], " ".join(sys.argv[2:]))
