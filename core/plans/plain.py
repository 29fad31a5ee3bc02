"""The matrix, its revisions and what changes between them, as plain data: the API and ``--json`` of
the commands show the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from core.contract.features import Feature
from core.plans.catalogue import Catalogue, plugin_of
from core.plans.file.changes import as_json, diff
from core.plans.file.faults import PlansFault
from core.plans.file.plan import Cell, Plan
from core.plans.file.written import Written, written_json
from core.plans.impact.cells import matrix_change
from core.plans.impact.matrices import Matrices
from core.plans.impact.parts import Impact
from core.plans.revisions.book import PlanBook
from core.plans.revisions.revisions import Entry
from core.plans.versions import Version, version_of_text


def check_json(content: str | bytes, catalogue: Catalogue, name: str) -> dict[str, Any]:
    """Whether a plan file can be taken: its faults, or its plans' keys and its warnings.

    Args:
        content: the text of a plan file, or its bytes.
        catalogue: the installed plugins.
        name: what faults call it.
    """
    try:
        document = version_of_text(content, catalogue, name).document
    except PlansFault as fault:
        faults = [asdict(one) for one in fault.faults]
        return {"file": name, "plans": [], "faults": faults, "warnings": []}
    warnings = [asdict(one) for one in document.warnings]
    return {"file": name, "plans": list(document.plans), "faults": [], "warnings": warnings}


def matrix_json(version: Version, scheduled: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """A version with all its plans: what each says of every feature, own and inherited.

    Args:
        version: a revision or a file.
        scheduled: what is to follow it, as ``scheduled_json`` says it.
    """
    document = version.document
    return {
        "version": version.as_json(),
        "features": [_feature(one) for one in document.features.values()],
        "plans": [_plan(version, one) for one in document.plans.values()],
        "scheduled": list(scheduled),
    }


def scheduled_json(book: PlanBook) -> list[dict[str, Any]]:
    """The revisions that do not hold everywhere yet, in the order of their starts, each with what
    it changes of the one before."""
    found, before = [], book.settled()
    for one in book.scheduled():
        changes = diff(before.document, one.revision.document)
        shown = revision_json(book, one.entry)
        found.append({**shown, "changes": [as_json(change) for change in changes]})
        before = one.revision
    return found


def comparison_json(before: Version, after: Version) -> dict[str, Any]:
    """What changes from one version to another.

    ``changes`` is what the file says differently, ``matrix`` what takes effect of it.
    """
    return {
        "from": before.as_json(),
        "to": after.as_json(),
        "changes": [as_json(one) for one in diff(before.document, after.document)],
        "matrix": matrix_change(Matrices(before.document, after.document)).as_json(),
    }


def impact_json(before: Version, after: Version, impact: Impact) -> dict[str, Any]:
    """Whom it affects to go from one version to another."""
    return {"from": before.as_json(), "to": after.as_json(), **impact.as_json()}


def revision_json(book: PlanBook, entry: Entry) -> dict[str, Any]:
    """What is known of a revision beside its plans; ``state`` is ``current`` for the settled one,
    ``scheduled`` for those that do not hold everywhere yet, else ``past``."""
    scheduled = {one.entry.number for one in book.scheduled()}
    settled = entry.number == book.settled().number
    return {
        **asdict(entry),
        "start": str(entry.start),
        "published_at": entry.published_at.isoformat(),
        "counted_from": entry.counted_from.isoformat(),
        "state": "current" if settled else "scheduled" if entry.number in scheduled else "past",
    }


def revisions_json(book: PlanBook, before: int | None, most: int) -> list[dict[str, Any]]:
    """Revisions, the newest first.

    Args:
        book: the revisions.
        before: only those with a lower number; None: from the newest.
        most: how many at most.
    """
    book.look()
    return [revision_json(book, one) for one in book.revisions.page(before, most)]


def _feature(feature: Feature) -> dict[str, Any]:
    return {
        "key": feature.key,
        "title": feature.title,
        "plugin": plugin_of(feature.key),
        "kind": str(feature.kind),
        "choices": list(feature.choices),
        "without": feature.without,
    }


def _plan(version: Version, plan: Plan) -> dict[str, Any]:
    cells = {key: _cell(version, plan, key, cell) for key, cell in plan.cells.items()}
    return {"key": plan.key, "title": plan.title, "extends": plan.extends, "cells": cells}


def _cell(version: Version, plan: Plan, feature: str, cell: Cell) -> dict[str, Any]:
    """``says`` is the plan that says it, ``included`` whether it takes effect."""
    return {
        **written_json(Written(cell.value, cell.warn_at)),
        "says": cell.plan,
        "inherited": cell.plan != plan.key,
        "line": cell.line,
        "included": version.document.includes(plan.key, feature),
    }
