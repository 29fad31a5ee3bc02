"""A number's settings card: what it shows, how it is saved, and its settings as code (N1-N5).

Every door writes the same way: a form, a program, a file or another number's settings become
``Draft`` objects, all of them are checked, and then all are written or none.
"""

from core.web.card.card import Card
from core.web.card.sheet import Sheet, picture

__all__ = ["Card", "Sheet", "picture"]
