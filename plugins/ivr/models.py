"""The tables of voice menus: menus, what each key does, and the last edits, to take them back."""

from __future__ import annotations

import peewee

from core.api import AccountRow, InstantField, JsonField, Table

MOST_RETRIES = 9
LONGEST_PROMPT = 1000
LONGEST_TARGET = 60
LONGEST_SOUND = 120


class MenuRow(Table):
    """A menu. Its place in the tree is not stored: a key of the menu above leads to it.

    Of each way to fail it keeps how often the caller may try again, what they hear then, and the
    destination after that as text; "" leaves the menus and continues the routing. A prompt is a
    text, or the sound whose key stands beside it; then the text is what the sound says.
    """

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    name = peewee.CharField(120)
    prompt = peewee.CharField(LONGEST_PROMPT)
    sound = peewee.CharField(LONGEST_SOUND, default="")
    language = peewee.CharField(10, default="")
    extensions = peewee.BooleanField(default=False)
    first_seconds = peewee.IntegerField(default=5)
    between_seconds = peewee.IntegerField(default=2)
    no_input_retries = peewee.IntegerField(default=2)
    no_input_prompt = peewee.CharField(LONGEST_PROMPT, default="We have not heard a key.")
    no_input_sound = peewee.CharField(LONGEST_SOUND, default="")
    no_input_to = peewee.CharField(LONGEST_TARGET, default="")
    invalid_retries = peewee.IntegerField(default=2)
    invalid_prompt = peewee.CharField(LONGEST_PROMPT, default="This key has no meaning here.")
    invalid_sound = peewee.CharField(LONGEST_SOUND, default="")
    invalid_to = peewee.CharField(LONGEST_TARGET, default="")
    no_answer_retries = peewee.IntegerField(default=0)
    no_answer_prompt = peewee.CharField(
        LONGEST_PROMPT, default="Nobody can answer there now. Please choose again."
    )
    no_answer_sound = peewee.CharField(LONGEST_SOUND, default="")
    no_answer_to = peewee.CharField(LONGEST_TARGET, default="")

    class Meta:
        """A menu's name is unique in its account."""

        table_name = "ivr_menus"
        indexes = ((("account", "name"), True),)

    def __str__(self) -> str:
        return self.name


class KeyRow(Table):
    """What a key of a menu does: ``target`` is a Destination as text, ``ivr:7`` a submenu, or one
    of the words ``extension``, ``message``, ``repeat``, ``back``, ``exit``; ``number`` leads to
    the outside number in ``text``, which is the spoken text of ``message`` and ``extension``,
    unless they play a ``sound``."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    menu = peewee.ForeignKeyField(MenuRow, on_delete="CASCADE", backref="keys")
    key = peewee.CharField(1)
    target = peewee.CharField(LONGEST_TARGET)
    text = peewee.CharField(LONGEST_PROMPT, default="")
    sound = peewee.CharField(LONGEST_SOUND, default="")

    class Meta:
        """A key has one meaning in a menu."""

        table_name = "ivr_keys"
        indexes = ((("menu", "key"), True),)

    def __str__(self) -> str:
        return self.key


class EditRow(Table):
    """One edit: the menus it changed as plain JSON by id, before and after; None for no menu.

    ``undone`` edits wait to be done again, until their author edits something else.
    """

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    author = peewee.CharField(255)
    at = InstantField()
    before = JsonField()
    after = JsonField()
    undone = peewee.BooleanField(default=False)

    class Meta:
        """The last edits of somebody in an account."""

        table_name = "ivr_edits"
        indexes = ((("account", "author"), False),)


TABLES = (MenuRow, KeyRow, EditRow)
