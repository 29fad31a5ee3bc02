"""What changes between two matrices, as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from core.cli.printing import NO, counted, print_columns, short
from core.plans.decision import DEFAULT_WARN_AT
from core.plans.file.changes import (
    AddPlan,
    Change,
    ChangePlan,
    MovePlan,
    RemovePlan,
    SetCell,
    diff,
)
from core.plans.file.plan import PlanDocument
from core.plans.file.written import Written
from core.plans.impact.cells import CellChange, MatrixChange, PlanChange, matrix_change
from core.plans.impact.matrices import Matrices


def print_differences(before: PlanDocument, after: PlanDocument) -> bool:
    """Print what changes: the plans, the cells that take effect otherwise, and what is written
    otherwise without an effect. Says whether anything does."""
    changes, effect = diff(before, after), matrix_change(Matrices(before, after))
    for line in _plans(changes, before, effect):
        click.echo(line)
    rows = [_cell(one) for one in effect.cells]
    if rows:
        print_columns(rows)
    for line in _without_effect(changes, effect):
        click.echo(line)
    if not changes and not effect:
        click.echo("Nothing changes.")
    return bool(changes or effect)


def value_text(written: Written | None) -> str:
    """A value, with its warnings where they are not the usual ones."""
    if written is None:
        return NO
    if written.warn_at == DEFAULT_WARN_AT:
        return short(written.value)
    percents = ", ".join(f"{one} %" for one in written.warn_at)
    return f"{short(written.value)} ({f'warns at {percents}' if percents else 'no warning'})"


def _plans(changes: Iterable[Change], before: PlanDocument, effect: MatrixChange) -> Iterator[str]:
    added = {one.key: one for one in effect.added}
    for change in changes:
        match change:
            case AddPlan(key=key):
                yield from _added(change, added[key])
            case RemovePlan(key=key):
                yield f"- plan {key} ({before.plans[key].title})"
            case ChangePlan(key=key):
                yield from _changed(change, before)
            case MovePlan(key=key, after=place):
                yield f"~ plan {key} stands {f'behind {place}' if place else 'first'} now"


def _added(change: AddPlan, effect: PlanChange) -> Iterator[str]:
    extends = f" extends {change.extends}" if change.extends else ""
    yield f"+ plan {change.key} ({effect.title}){extends}"
    own = [one for one in effect.cells if not one.inherited]
    for one in own:
        yield f"    {one.feature}: {value_text(one.after)}"
    if inherited := len(effect.cells) - len(own):
        yield f"    and {counted(inherited, 'feature')} from {change.extends}"


def _changed(change: ChangePlan, before: PlanDocument) -> Iterator[str]:
    former = before.plans[change.key]
    title = change.title or change.key
    if title != former.title:
        yield f"~ plan {change.key}: title {former.title} → {title}"
    if change.extends != former.extends:
        names = f"{former.extends or 'nothing'} → {change.extends or 'nothing'}"
        yield f"~ plan {change.key}: extends {names}"


def _cell(one: CellChange) -> tuple[str, ...]:
    how = ""
    if one.through:
        how = f"({'with' if one.after else 'without'} {one.through})"
    elif one.inherited:
        how = f"(inherited from {one.says})"
    return one.plan, one.feature, f"{value_text(one.before)} → {value_text(one.after)}", how


def _without_effect(changes: Iterable[Change], effect: MatrixChange) -> Iterator[str]:
    """Cells that the file says otherwise, while the plan gives the same as before."""
    felt = {(one.plan, one.feature) for one in effect.cells}
    whole = {one.key for one in (*effect.added, *effect.removed)}
    cells = [one for one in changes if isinstance(one, SetCell) and one.plan not in whole]
    for one in cells:
        if (one.plan, one.feature) not in felt:
            said = "nothing" if one.written is None else value_text(one.written)
            yield f"{one.plan}  {one.feature}: says {said} now, without an effect"
