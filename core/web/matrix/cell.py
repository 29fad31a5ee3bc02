"""Reads the form of one cell: what a plan itself says of a feature."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from core.contract.errors import BadInput
from core.contract.features import Feature, FeatureKind
from core.plans.file.typed import typed_cell
from core.plans.file.written import Written

INHERIT, COUNT = "inherit", "count"
"""What the form's choice says besides words of the plan file."""


def written_in(form: Mapping[str, str], feature: Feature) -> Written | None:
    """What was chosen in a cell's form; None is to inherit.

    Args:
        form: ``say`` is ``inherit``, ``count`` (then ``count`` has the number, and ``warn_at`` the
            percents of a quota) or a word of the plan file.
        feature: the feature.

    Raises:
        BadInput: nothing was chosen, or it cannot be taken.
    """
    chosen = form.get("say", "")
    if chosen == INHERIT:
        return None
    if chosen == COUNT:
        return _counted(form.get("count", "").strip(), form.get("warn_at", "").strip(), feature)
    if not chosen:
        raise BadInput(gettext("Choose what this plan shall say."))
    return typed_cell(chosen, feature)


def _counted(count: str, warn_at: str, feature: Feature) -> Written | None:
    if not count:
        raise BadInput(gettext("Write how many: a whole number such as 0 or 100."))
    if feature.kind is FeatureKind.QUOTA:
        return typed_cell(f"{count} @ {warn_at or 'none'}", feature)
    return typed_cell(count, feature)
