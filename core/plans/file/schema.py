"""The JSON Schema of a plan file, from the features that plugins declare: editors complete and
check with it while somebody types (plans.md §4).

It refuses nothing that the reader takes. The reader refuses more: an editor has already turned what
was typed into a value, so that only ``plans check`` sees that a 10 was typed as ``010``, a plan
twice, or a circle of plans.
"""

from __future__ import annotations

import json
import re
from typing import Any

from core.contract.features import Feature, FeatureKind
from core.plans.catalogue import Catalogue
from core.plans.decision import DEFAULT_WARN_AT, UNLIMITED
from core.plans.file.cells import COUNT, MOST
from core.plans.file.document import LONGEST_TITLE, PLAN_KEY, SCHEMA

_COUNT = {"type": "integer", "minimum": 0, "maximum": MOST}
_UNCOUNTED = {"enum": [False, UNLIMITED]}
_LIMIT = {"anyOf": [_COUNT, _UNCOUNTED]}
_PERCENTS = {
    "type": "array",
    "description": "At which percents of the limit the account is warned; [] never warns.",
    "items": {"type": "integer", "minimum": 1, "maximum": 100},
    "uniqueItems": True,
    "default": list(DEFAULT_WARN_AT),
}
_DETAILED = {
    "type": "object",
    "properties": {"limit": {"$ref": "#/$defs/number"}, "warn_at": _PERCENTS},
    "required": ["limit"],
    "additionalProperties": False,
    "if": {"required": ["warn_at"]},
    "then": {"properties": {"limit": _COUNT}},
}
_KINDS = {
    FeatureKind.SWITCH: {"type": "boolean"},
    FeatureKind.METERED: {"type": "boolean"},
    FeatureKind.NUMBER: _LIMIT,
    FeatureKind.QUOTA: {"anyOf": [{"$ref": "#/$defs/number"}, _DETAILED]},
}
_TAKES = {
    FeatureKind.SWITCH: "true or false",
    FeatureKind.METERED: "true or false; what is used is paid from credit",
    FeatureKind.NUMBER: f"a count, {UNLIMITED}, or false; 0 is in the plan, but none of it",
    FeatureKind.QUOTA: f"a count for each calendar month, {UNLIMITED}, false, "
    "or {limit: 100, warn_at: [80, 100]}",
    FeatureKind.CHOICE: "one of its words, or false",
}


def json_schema(catalogue: Catalogue) -> dict[str, Any]:
    """The schema (draft 2020-12) of the plan files that ``parse_plans`` takes.

    Args:
        catalogue: the installed plugins. Keys of a plugin that did not load are taken with any
            value, as the reader takes them.
    """
    top = {
        "schema": {"const": int(SCHEMA), "description": "The version of this file's shape."},
        "plans": {
            "description": "The plans, cheapest first.",
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": f"^{PLAN_KEY.pattern}$"},
            "additionalProperties": {"$ref": "#/$defs/plan"},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The plan file of Centralino",
        "description": "What each plan includes. An editor does not see all faults;"
        " `centralino plans check FILE` does.",
        **_mapping(top, required=["schema", "plans"]),
        "$defs": {"plan": _plan(catalogue), **{kind.value: one for kind, one in _KINDS.items()}},
    }


def schema_text(catalogue: Catalogue) -> str:
    """The schema as a file holds it, and as a command prints it."""
    return json.dumps(json_schema(catalogue), indent=2, ensure_ascii=False) + "\n"


def _plan(catalogue: Catalogue) -> dict[str, Any]:
    cells = {key: _cell(feature) for key, feature in catalogue.features.items()}
    features = {"description": "What the plan says itself.", **_mapping(cells)}
    if catalogue.broken:
        names = "|".join(re.escape(name) for name in catalogue.broken)
        features["patternProperties"] = {rf"^({names})($|\.)": {}}
    parts = {
        "title": {
            "type": "string",
            "pattern": r"\S",
            "maxLength": LONGEST_TITLE,
            "description": "What people read.",
        },
        "extends": {
            "type": "string",
            "pattern": f"^{PLAN_KEY.pattern}$",
            "description": "The key of the plan whose features this one has, too.",
        },
        "features": features,
    }
    return _mapping(parts)


def _cell(feature: Feature) -> dict[str, Any]:
    without = f"Without it: {feature.without} " if feature.without else ""
    takes = f"{without}Takes {_TAKES[feature.kind]}."
    said = {"title": feature.title, "description": takes}
    if feature.kind is FeatureKind.CHOICE:
        unquoted = [int(word) for word in feature.choices if COUNT.fullmatch(word)]
        return {**said, "enum": [*feature.choices, *unquoted, False]}
    return {**said, "$ref": f"#/$defs/{feature.kind.value}"}


def _mapping(properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    needed = {"required": required} if required else {}
    return {"type": "object", "properties": properties, **needed, "additionalProperties": False}
