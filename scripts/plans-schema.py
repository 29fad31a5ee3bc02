"""Writes docs/plans.schema.json anew, from the features that the built-in plugins declare.

.venv/bin/python scripts/plans-schema.py
"""

from __future__ import annotations

from importlib.metadata import entry_points

from core.config import PROJECT
from core.plans.file.schema import schema_text
from core.registry import GROUP, HOME, load

FILE = PROJECT / "docs" / "plans.schema.json"


def text() -> str:
    """What the file should say; a partner's plugin that is installed here, too, is left out."""
    points = entry_points(group=GROUP)
    return schema_text(load([one.name for one in points if one.dist and one.dist.name == HOME]))


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print(f"wrote {FILE.relative_to(PROJECT)}")
