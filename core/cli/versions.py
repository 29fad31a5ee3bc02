"""What a command is given to look at or to compare: a file, a revision's number, or ``current``.

Where only files are named no database is opened, so that a biller's CI needs nothing but the
package.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core import registry as registries
from core.app import installation
from core.plans.catalogue import Catalogue
from core.plans.revisions.book import PlanBook
from core.plans.versions import CURRENT, Version, version_of_text, version_of_word


@contextmanager
def versions(*words: str) -> Iterator[tuple[list[Version], PlanBook | None]]:
    """The versions that words name, while the database that they need is open; and the book of
    revisions, None where only files are named.

    Raises:
        PlansFault: a file has faults; names all of them.
        OSError: a file cannot be read.
        NotFound: there is no such revision.
    """
    if any(names_revision(word) for word in words):
        with installation() as centralino:
            registry, book = centralino.registry, centralino.book
            yield [read_version(word, registry, book) for word in words], book
    else:
        catalogue = registries.load()
        yield [read_file(word, catalogue) for word in words], None


def read_version(word: str, catalogue: Catalogue, book: PlanBook) -> Version:
    """The version that a word names; an installation's book knows the revisions."""
    return version_of_word(book, word) if names_revision(word) else read_file(word, catalogue)


def read_file(word: str, catalogue: Catalogue) -> Version:
    """A plan file; its faults are told with the path as it was typed, as editors expect."""
    return version_of_text(Path(word).read_bytes(), catalogue, word)


def names_revision(word: str) -> bool:
    """Whether a word is a revision's; a file that is called so is given as ``./12``."""
    return word == CURRENT or word.isdecimal()
