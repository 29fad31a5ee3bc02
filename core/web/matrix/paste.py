"""Reads a block that was copied from a spreadsheet into changes of the plan grid.

The block may carry the names of plans in its first row and of features in its first column;
otherwise it lies from the cell on where it was pasted. All of it is taken, or nothing.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from flask_babel import gettext

from core.contract.errors import BadInput
from core.contract.features import Feature
from core.plans.file.changes import SetCell
from core.plans.file.plan import PlanDocument
from core.plans.file.typed import typed_cell
from core.plans.file.written import Written
from core.web.matrix.grid import said
from core.web.words import say

Block = list[list[str]]

MOST = 200_000
"""Characters: two hundred features for a hundred plans."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """One word for one cell."""

    plan: str
    feature: str
    word: str


class PasteRefused(BadInput):
    """Cells of a block that cannot be taken; ``wrong`` has a sentence for each."""

    def __init__(self, wrong: Sequence[tuple[Pasted, str]]) -> None:
        self.wrong = wrong
        super().__init__(gettext("Nothing was changed:"), wrong=[sentence for _, sentence in wrong])


def block_of(text: str) -> Block:
    """The cells of a text with tabs, as spreadsheets put it on the clipboard.

    Raises:
        BadInput: it is empty, far too long, or no text.
    """
    if len(text) > MOST:
        raise BadInput(gettext("This is too much for the grid; copy a smaller block."))
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\r\n", "\n")), dialect="excel-tab"))
    except csv.Error as error:
        raise BadInput(gettext("The copied text cannot be read; copy the block again.")) from error
    found = [[one.strip() for one in row] or [""] for row in rows]
    if not any(word for row in found for word in row):
        raise BadInput(gettext("There is nothing to paste; copy a block of cells first."))
    return found


@dataclass(frozen=True, slots=True)
class Names:
    """How people call the rows and columns: what they write, in small letters, to the key."""

    plans: Mapping[str, str]
    features: Mapping[str, str]

    @classmethod
    def of(cls, document: PlanDocument, features: Mapping[str, Feature]) -> Names:
        """The names of plans and features: keys, and titles in English and in the page's language
        that only one of them has."""
        plans = [(one.key, {one.title}) for one in document.plans.values()]
        rows = [(key, {one.title, say(one.title)}) for key, one in features.items()]
        return cls(_unique(plans), _unique(rows))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block without names lies: the keys of the columns and rows from its first cell on."""

    plans: Sequence[str]
    features: Sequence[str]


def place(block: Block, names: Names, where: Place) -> list[Pasted]:
    """Which word goes into which cell.

    Args:
        block: the copied cells.
        names: of plans and features.
        where: where it goes when it has no names.

    Raises:
        BadInput: a name is unknown, or the block reaches over the edge of the grid.
    """
    named_columns, named_rows = _named(block, names)
    plans = _known(block[0][named_rows:], names.plans, "plan") if named_columns else where.plans
    rows = block[1:] if named_columns else block
    if named_rows:
        rows = [row for row in rows if any(row[1:])]  # without the spreadsheet's headings
        features = _known([row[0] for row in rows], names.features, "feature")
        rows = [row[1:] for row in rows]
    else:
        features = where.features
    _fits(rows, plans, features)
    return [
        Pasted(plan, feature, word)
        for feature, row in zip(features, rows, strict=False)
        for plan, word in zip(plans, row, strict=False)
    ]


def changes(
    pasted: Iterable[Pasted], document: PlanDocument, features: Mapping[str, Feature]
) -> list[SetCell]:
    """What the words change; a cell that inherits just this word goes on inheriting.

    Args:
        pasted: the words.
        document: the plans as the draft has them.
        features: the declared ones.

    Raises:
        PasteRefused: names every word that cannot be taken.
    """
    found, wrong = [], []
    for one in pasted:
        try:
            written = typed_cell(one.word, features[one.feature])
        except BadInput as error:
            title = document.plans[one.plan].title
            row = say(features[one.feature].title)
            wrong.append((one, f"{row}, {title}: {say(error.message)}"))
            continue
        if not _inherits(document, one, written):
            found.append(SetCell(one.plan, one.feature, written))
    if wrong:
        raise PasteRefused(wrong)
    return found


def _inherits(document: PlanDocument, one: Pasted, written: Written | None) -> bool:
    """Whether a cell inherits just this; what nobody says is not in the plan."""
    now = said(document, one.plan, one.feature)
    return now.own is None and written == (now.above or Written(False))


def _unique(titles: list[tuple[str, set[str]]]) -> dict[str, str]:
    words = Counter(word.lower() for _, found in titles for word in found)
    own = {word.lower(): key for key, found in titles for word in found}
    return {word: key for word, key in own.items() if words[word] == 1} | {
        key: key for key, _ in titles
    }


def _named(block: Block, names: Names) -> tuple[bool, bool]:
    """Whether the first row names plans, and whether the first column names features."""
    columns = any(word.lower() in names.plans for word in block[0])
    column = [row[0].lower() for row in block[1 if columns else 0 :]]
    return columns, any(word in names.features for word in column)


def _known(words: Iterable[str], names: Mapping[str, str], what: str) -> list[str]:
    found = []
    for word in words:
        key = names.get(word.lower())
        if key is None:
            raise BadInput(_unknown(word, names, what))
        if key in found:
            raise BadInput(
                gettext(
                    "“%(word)s” stands twice in the block; name each plan and feature once.",
                    word=word,
                )
            )
        found.append(key)
    return found


def _unknown(word: str, names: Mapping[str, str], what: str) -> str:
    close = get_close_matches(word.lower(), names, n=1)
    if close and what == "plan":
        return gettext(
            "There is no plan “%(word)s”; did you mean “%(close)s”?", word=word, close=close[0]
        )
    if close:
        return gettext(
            "There is no feature “%(word)s”; did you mean “%(close)s”?", word=word, close=close[0]
        )
    if what == "plan":
        return gettext("There is no plan “%(word)s”.", word=word)
    return gettext("There is no feature “%(word)s”.", word=word)


def _fits(rows: Block, plans: Sequence[str], features: Sequence[str]) -> None:
    if not plans or not features:
        raise BadInput(gettext("Choose the cell to paste at, then paste again."))
    width, height = max(map(len, rows), default=0), len(rows)
    if width > len(plans) or height > len(features):
        raise BadInput(
            gettext(
                "The block is %(width)s × %(height)s cells; from here on there is room for"
                " %(columns)s × %(rows)s.",
                width=width,
                height=height,
                columns=len(plans),
                rows=len(features),
            )
        )
