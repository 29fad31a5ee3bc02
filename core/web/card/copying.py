"""One number's settings for many others: an export, imported by each of them at once (N4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.contract.errors import BadInput
from core.contract.texts import N_, phrase
from core.store.lines import LineRow
from core.web.card.card import Card
from core.web.card.document import ProfileFault, as_yaml, exported, read
from core.web.card.importing import Review, review
from core.web.card.names import Names
from core.web.words import say


class CopyFault(BadInput):
    """Some numbers cannot take the settings; ``faults`` has sentences by number."""

    def __init__(self, faults: dict[str, list[str]]) -> None:
        self.faults = faults
        lines = [f"{number}: {one}" for number, told in faults.items() for one in told]
        super().__init__("\n".join(lines), faults=lines)


def review_copy(
    source: LineRow, targets: Sequence[LineRow], plugins: Collection[str]
) -> list[Review]:
    """What copying would change on each number.

    Args:
        source: the number whose settings are taken.
        targets: numbers of the same account.
        plugins: whose settings.

    Raises:
        BadInput: nothing was chosen.
        CopyFault: a number cannot take them; then none does.
    """
    if not plugins:
        raise BadInput(phrase(N_("Choose at least one plugin whose settings are copied.")))
    if not targets:
        raise BadInput(phrase(N_("Choose at least one number to copy to.")))
    text, names = as_yaml(exported(Card(source), plugins)), Names()
    reviews, faults = [], {}
    for line in targets:
        try:
            reviews.append(review(line, read(text), names))
        except ProfileFault as error:
            faults[line.number] = [f"{one.path}: {say(one.sentence)}" for one in error.faults]
    if faults:
        raise CopyFault(faults)
    return reviews
