"""The copy of the settled revision that one machine has: the plan file, and what it was last.

Only who remembers what the file mirrored can tell an edit by hand from a file that lags behind.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from core.plans.revisions.machine import Machine, Mirrored
from core.plans.revisions.placing import place
from core.plans.revisions.revisions import Entry, Revisions


class Copy:
    """A plan file and what its machine remembers of it.

    Args:
        path: the configured file.
        data: the data folder.
        revisions: the rows.
    """

    def __init__(self, path: Path, data: Path, revisions: Revisions) -> None:
        self.path = Path(path)
        self.machine = Machine(data, self.path)
        self._revisions = revisions

    def stamp(self) -> tuple[int, ...] | None:
        """What tells a changed file from the same one; None when it cannot be read."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino

    def base(self) -> int | None:
        """The revision that the file mirrored last; None also for one of another database."""
        found = self.machine.mirrored()
        if found is None or found.number not in self._revisions.with_text(found.sha):
            return None
        return found.number

    def lags(self, sha: str, settled: Entry) -> bool:
        """Whether the file holds an earlier revision because nobody has written a later one yet.

        Older than what the file mirrored last, it is an edit by hand that goes back. On a machine
        that remembers nothing, every revision counts as one that was never replaced.

        Args:
            sha: of the file's text.
            settled: the revision that the file should hold.
        """
        base = self.base()
        known = [one for one in self._revisions.with_text(sha) if one <= settled.number]
        return bool(known) and (base is None or known[-1] >= base)

    def write(self, settled: Entry, expected: bytes | None) -> bool:
        """Write the settled revision; False when the file does not hold what is expected.

        Raises:
            OSError: it cannot be written.
        """
        return place(self.path, self._revisions.text(settled.number).encode(), expected)

    def remember(self, settled: Entry) -> None:
        """Remember that the file mirrors a revision.

        Raises:
            OSError: the data folder cannot be written.
        """
        self.machine.remember(Mirrored(settled.number, settled.sha))

    def keep(self, content: bytes, at: datetime) -> Path:
        """Keep what the file holds in a file beside it: ``plans.yaml.refused-…``.

        Args:
            content: what it holds.
            at: now, which gives the name.

        Raises:
            OSError: it cannot be written.
        """
        moment = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        kept = self.path.with_name(f"{self.path.name}.refused-{moment}")
        with kept.open("xb") as file:
            file.write(content)
        return kept
