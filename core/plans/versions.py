"""One content of the plan matrix that is looked at or compared: a revision, or a text that nobody
has published."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.contract.errors import BadInput
from core.plans.catalogue import Catalogue
from core.plans.file.document import parse_plans
from core.plans.file.nodes import decode
from core.plans.file.plan import PlanDocument

if TYPE_CHECKING:
    from core.plans.revisions.book import PlanBook, Revision

CURRENT = "current"
"""The word for the revision that the plan file on disk mirrors."""

LONGEST_NUMBER = 9
"""Digits that every database's integer holds."""


@dataclass(frozen=True, slots=True)
class Version:
    """A content of the matrix.

    Args:
        name: what people call it: ``revision 12``, or the file's name.
        document: its plans.
        text: the plan file's text.
        sha: SHA-256 of the text.
        number: of the revision; None for a text that is none.
    """

    name: str
    document: PlanDocument
    text: str
    sha: str
    number: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain data, without the plans."""
        return {"name": self.name, "number": self.number, "sha": self.sha}


def version_of_text(content: str | bytes, catalogue: Catalogue, name: str) -> Version:
    """A text that is no revision, or not yet.

    Args:
        content: the text of a plan file, or its bytes.
        catalogue: the installed plugins.
        name: what faults call it.

    Raises:
        PlansFault: names every fault.
    """
    text = decode(content, name) if isinstance(content, bytes) else content
    sha = hashlib.sha256(text.encode()).hexdigest()
    return Version(name, parse_plans(text, catalogue, name), text, sha)


def version_of_word(book: PlanBook, word: str) -> Version:
    """A revision as people and programs name it: its number, or ``current``.

    Raises:
        BadInput: it is neither.
        NotFound: there is no such revision.
    """
    settled = book.settled()  # the very first question takes the file as revision 1
    if word == CURRENT:
        return version_of_revision(settled)
    if not (word.isascii() and word.isdecimal() and len(word) <= LONGEST_NUMBER):
        raise BadInput(f"“{word}” is no revision; give its number, or “{CURRENT}”.")
    return version_of_revision(book.revision(int(word)))


def version_of_revision(revision: Revision) -> Version:
    """A published content."""
    name = f"revision {revision.number}"
    return Version(name, revision.document, revision.text, revision.sha, revision.number)
