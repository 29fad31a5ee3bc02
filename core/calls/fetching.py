"""Fetches recordings from the provider into the storage folder; settles their units (Q2, Q4)."""

from __future__ import annotations

import io
import logging
import os
import wave
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from core.calls.journal import Journal
from core.calls.ledger import Ledger
from core.calls.tables import RecordingRow
from core.calls.thinking import Thinker
from core.contract.errors import NotFound
from core.contract.plugin import GatewayKind
from core.store.database import Store
from core.store.lines import GatewayRow

log = logging.getLogger("centralino.jobs")

AT_ONCE = 20
"""How many recordings one round fetches."""

TRIES = 8
"""How often a fetch is tried before the recording counts as failed: over about a day."""

SETTLED = ("status", "path", "bytes", "seconds", "stored_at", "discard_at")
"""The columns that settling writes; an admin may meanwhile write others."""


class Fetcher:
    """Brings recordings home.

    Args:
        gateways: the kinds of gateway, which know how to ask their provider.
        storage: the shared folder.
    """

    def __init__(
        self,
        store: Store,
        journal: Journal,
        ledger: Ledger,
        thinker: Thinker,
        gateways: Mapping[str, GatewayKind],
        storage: Path,
    ) -> None:
        self._store = store
        self._journal = journal
        self._ledger = ledger
        self._thinker = thinker
        self._gateways = gateways
        self._storage = storage

    def fetch_due(self, now: datetime) -> int:
        """Fetch every announced recording whose next try is due; returns how many were tried."""
        rows = self._store.rows(
            "SELECT id, tries FROM recordings WHERE status = 'announced' AND try_at <= ?"
            " ORDER BY try_at LIMIT ?",
            (self._store.instant(now), AT_ONCE),
        )
        return sum(self._fetch(recording_id, tries, now) for recording_id, tries in rows)

    def _fetch(self, recording_id: int, tries: int, now: datetime) -> bool:
        again = self._store.instant(now + timedelta(minutes=2 ** min(tries + 1, 9)))
        claimed = self._store.execute(
            "UPDATE recordings SET tries = tries + 1, try_at = ?"
            " WHERE id = ? AND tries = ? AND status = 'announced'",
            (again, recording_id, tries),
        )
        if not claimed:
            return False
        recording = RecordingRow.get_by_id(recording_id)
        try:
            sound = self._download(recording)
        except NotFound:
            self._settle(recording, "absent", now)
        except Exception as error:  # a gateway's mistake must not stop the other recordings
            log.warning("Recording %d was not fetched: %s", recording_id, error)
            if tries + 1 >= TRIES:
                self._settle(recording, "failed", now)
        else:
            self._keep_if_possible(recording, sound, now)
        return True

    def _keep_if_possible(self, recording: RecordingRow, sound: bytes, now: datetime) -> None:
        """While the disk is full the gateway keeps it; it is tried again, however often."""
        try:
            self._keep(recording, sound, now)
        except OSError as error:
            log.error("Recording %d cannot be stored yet: %s", recording.id, error)

    def _download(self, recording: RecordingRow) -> bytes:
        gateway = GatewayRow.get_or_none(GatewayRow.id == recording.call.gateway_id)
        kind = self._gateways.get(gateway.kind) if gateway else None
        if kind is None:
            raise NotFound("The gateway of this recording is gone.")
        return kind.fetch(gateway, recording.url)

    def _keep(self, recording: RecordingRow, sound: bytes, now: datetime) -> None:
        seconds = seconds_of(sound, recording.seconds)
        if not sound or not seconds:
            self._settle(recording, "absent", now)
            return
        path = f"account-{recording.account_id}/{recording.announced_at:%Y-%m}/{recording.id}.wav"
        write_whole(self._storage / path, sound)
        recording.path, recording.bytes, recording.seconds = path, len(sound), seconds
        recording.stored_at = now
        self._settle(recording, "stored", now)

    def _settle(self, recording: RecordingRow, status: str, now: datetime) -> None:
        """Note what became of the recording; its unit is used, or comes back. Who comes second,
        after a fetch that took too long, changes nothing."""
        found = self._journal.by_id(recording.call_id)
        unit = found.state.unit if recording.kind == "conversation" else ""
        recording.status = status
        if status != "failed":  # then the gateway's copy is the only one
            recording.discard_at = now
        settled = {name: getattr(recording, name) for name in SETTLED}
        announced = (RecordingRow.id == recording.id) & (RecordingRow.status == "announced")
        with self._store.transaction():
            if not RecordingRow.update(settled).where(announced).execute():
                return
            if unit and status == "stored":
                self._ledger.commit(found, unit, now)
            elif unit and not self._journal.has_recording(found):
                self._ledger.release(found, unit, now)
            if status == "stored":
                enabled = self._thinker.grants(found).plugins
                told = self._thinker.registry.implementations("recording_stored", enabled)
                names = [name for name, _ in told]
                self._journal.add_notices(found, "recording_stored", names, now, recording.id)


def seconds_of(sound: bytes, announced: int) -> int:
    """How long a sound is, in whole seconds, at least 1 where there is any; of a file that is no
    WAV, what the provider announced."""
    try:
        with wave.open(io.BytesIO(sound)) as file:
            frames = file.getnframes()
            return max(1, frames // file.getframerate()) if frames else 0
    except (wave.Error, EOFError):
        return announced


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_suffix(f".{os.getpid()}.part")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
