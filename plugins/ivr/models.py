"""The tables of voice menus: menus, and what each key does."""

from __future__ import annotations

import peewee

from core.api import AccountRow, Table

MOST_RETRIES = 9
LONGEST_PROMPT = 1000


class MenuRow(Table):
    """A menu. Its place in the tree is not stored: a key of the menu above leads to it.

    Of each way to fail it keeps how often the caller may try again, what they hear then, and the
    destination after that as text; "" leaves the menus and continues the routing.
    """

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    name = peewee.CharField(120)
    prompt = peewee.CharField(LONGEST_PROMPT)
    language = peewee.CharField(10, default="")
    extensions = peewee.BooleanField(default=False)
    first_seconds = peewee.IntegerField(default=5)
    between_seconds = peewee.IntegerField(default=2)
    no_input_retries = peewee.IntegerField(default=2)
    no_input_prompt = peewee.CharField(LONGEST_PROMPT, default="We have not heard a key.")
    no_input_to = peewee.CharField(60, default="")
    invalid_retries = peewee.IntegerField(default=2)
    invalid_prompt = peewee.CharField(LONGEST_PROMPT, default="This key has no meaning here.")
    invalid_to = peewee.CharField(60, default="")
    no_answer_retries = peewee.IntegerField(default=0)
    no_answer_prompt = peewee.CharField(
        LONGEST_PROMPT, default="Nobody can answer there now. Please choose again."
    )
    no_answer_to = peewee.CharField(60, default="")

    class Meta:
        """A menu's name is unique in its account."""

        table_name = "ivr_menus"
        indexes = ((("account", "name"), True),)

    def __str__(self) -> str:
        return self.name


class KeyRow(Table):
    """What a key of a menu does: ``target`` is a Destination as text, ``ivr:7`` a submenu, or one
    of the words ``extension``, ``message``, ``repeat``, ``back``, ``exit``; ``number`` leads to
    the outside number in ``text``, which is the spoken text of ``message`` and ``extension``."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    menu = peewee.ForeignKeyField(MenuRow, on_delete="CASCADE", backref="keys")
    key = peewee.CharField(1)
    target = peewee.CharField(60)
    text = peewee.CharField(LONGEST_PROMPT, default="")

    class Meta:
        """A key has one meaning in a menu."""

        table_name = "ivr_keys"
        indexes = ((("menu", "key"), True),)

    def __str__(self) -> str:
        return self.key


TABLES = (MenuRow, KeyRow)
