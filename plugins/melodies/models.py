"""The tables of melodies: an account's own sounds, which of them stand for its tones, and in which
language the ready ones are."""

from __future__ import annotations

import peewee

from core.api import AccountRow, InstantField, Table

LONGEST_TITLE = 120
LONGEST_TEXT = 1000


class SoundRow(Table):
    """An own sound. Its files are on the shelf under ``digest``; ``seconds`` is their length,
    ``text`` what it says, for providers that cannot fetch it."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    title = peewee.CharField(LONGEST_TITLE)
    text = peewee.CharField(LONGEST_TEXT, default="")
    digest = peewee.CharField(64, index=True)
    seconds = peewee.FloatField()
    added_at = InstantField()

    class Meta:
        """A title is unique in its account."""

        table_name = "melodies_sounds"
        indexes = ((("account", "title"), True),)

    def __str__(self) -> str:
        return self.title


class ToneRow(Table):
    """The sound that stands for a tone on all numbers of an account that have no own (M2)."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE")
    name = peewee.CharField(20)
    sound = peewee.ForeignKeyField(SoundRow, on_delete="CASCADE", backref="tones")

    class Meta:
        """One sound for each tone."""

        table_name = "melodies_tones"
        indexes = ((("account", "name"), True),)

    def __str__(self) -> str:
        return self.name


class LanguageRow(Table):
    """The language of an account's ready tones, when it is not the account's own."""

    configures_calls = True

    account = peewee.ForeignKeyField(AccountRow, on_delete="CASCADE", unique=True)
    language = peewee.CharField(10)

    class Meta:
        """At most one for each account."""

        table_name = "melodies_languages"


TABLES = (SoundRow, ToneRow, LanguageRow)
