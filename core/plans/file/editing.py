"""Writes changes into the text of a plan file and leaves all else as it was typed.

The text belongs to those who wrote it: comments, order, quotes and blank lines say things that no
reader of YAML keeps. So nothing is written anew but what a change names.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.contract.errors import BadInput
from core.contract.texts import N_, phrase
from core.plans.catalogue import Catalogue
from core.plans.file.applying import applied
from core.plans.file.changes import Change
from core.plans.file.document import parse_plans, parse_with_nodes
from core.plans.file.faults import PlansFault
from core.plans.file.lines import BREAK, Lines
from core.plans.file.nodes import MAX_CHARACTERS, Node
from core.plans.file.surgery import Surgery
from core.plans.file.written import OwnPlan, own_plans

_NOT_HERE = N_(
    "This cannot be written into %(name)s without changing more than it should; lay each feature on"
    " a line of its own there."
)


def apply_changes(
    text: str, changes: Iterable[Change], catalogue: Catalogue, name: str = "plans.yaml"
) -> str:
    """The text of a plan file with changes.

    Args:
        text: the file as it is.
        changes: what shall be otherwise; one after the other.
        catalogue: the installed plugins.
        name: what sentences call the file.

    Returns:
        A text that says exactly what the changes ask for; every line that they do not concern is
        the same, byte for byte.

    Raises:
        PlansFault: the text as it is cannot be read.
        BadInput: a change does not fit, the plans would not hold together, or the file is written
            so that it cannot be changed here.
    """
    document, root = parse_with_nodes(text, catalogue, name)
    before = own_plans(document)
    after = applied(before, changes, catalogue.features)
    if list(after.items()) == list(before.items()):
        return text
    result = _rewritten(text, root, before, after)
    _require_same(result, after, catalogue, name)
    return result


def _rewritten(text: str, root: Node, before: dict[str, OwnPlan], after: dict[str, OwnPlan]) -> str:
    """A last line without a break gets one for the operation only."""
    added = "" if BREAK.search(text[-1:]) else Lines(text).newline
    result = Surgery(Lines(text + added), root).operate(before, after)
    return result.removesuffix(added)


def _require_same(text: str, after: dict[str, OwnPlan], catalogue: Catalogue, name: str) -> None:
    """Never hand out a text that says something else."""
    try:
        found = own_plans(parse_plans(text, catalogue, name))
    except PlansFault:
        if len(text) > MAX_CHARACTERS:
            raise
        found = {}
    if list(found.items()) != list(after.items()):
        raise BadInput(phrase(_NOT_HERE, name=name))
