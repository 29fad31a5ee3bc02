"""Marks for translators the texts that are declared once, at start, before anybody reads them.

Titles, labels, helps and choices stay plain English in the registry: the commands, the API and the
log show them as they are, a page translates them while it is shown.
"""

from __future__ import annotations


def N_(text: str) -> str:
    """The same text; ``pybabel extract`` finds it by this name, which is gettext's own for it."""
    return text
