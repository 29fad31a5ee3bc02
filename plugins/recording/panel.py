"""The box on the page of a call: the player, what the caller was told, and why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.api import Call, CallEventRow, Panel, RecordingRow
from plugins.recording.keeping import CONVERSATION
from plugins.recording.terms import OPT_IN, OPT_OUT, UNIT

STATES = {
    "in-progress": "The call is being recorded.",
    "announced": "The recording is being fetched from the provider.",
    "stored": "",
    "absent": "There was nothing to hear, so no recording was kept; its unit came back.",
    "failed": "The provider did not hand the recording over.",
    "deleted": "The recording was deleted.",
}
"""What a recording's status means to whoever wants to listen."""

EXPECTED = "The talk was recorded; the provider has not reported the recording yet."


def panels(call: Call) -> list[Panel]:
    """The box of a call that somebody talked in; other calls have no recording to speak of."""
    mine = RecordingRow.call == call.id, RecordingRow.kind == CONVERSATION
    found = list(RecordingRow.of(call.account).where(*mine).order_by(RecordingRow.id))
    if not found and call.talk is None:
        return []
    told = call.facts.get("recording", {}).get("consent", {})
    rows = [("Before the recording", said)] if (said := consent_sentence(told)) else []
    if not found and call.talk is not None and call.talk.recorded:
        rows.append(("Recording", EXPECTED))
    elif not found:
        rows.append(("Not recorded", why_not_recorded(_trace(call))))
    rows += [("Recording", STATES[one.status]) for one in found if STATES[one.status]]
    stored = [one for one in found if one.status == "stored"]
    template = "recording/panel.html" if stored else ""
    return [Panel("Recording", tuple(rows), template, {"recordings": stored})]


def consent_sentence(consent: Mapping[str, str]) -> str:
    """What the caller was told and answered (Q3); "" when nothing was said.

    Args:
        consent: ``mode``, ``text``, ``key`` and ``answer`` as the engine keeps them.
    """
    if not consent:
        return ""
    said = f"“{consent.get('text', '')}”"
    if consent.get("mode") not in (OPT_OUT, OPT_IN):
        return said
    return f"{said} – the caller {consent.get('answer', 'hung up')} (key {consent.get('key', '')})"


def why_not_recorded(trace: Iterable[Mapping[str, Any]]) -> str:
    """Why an answered call has no recording, from the trace of its decisions (Q4).

    Args:
        trace: the entries of all events of the call, in order.
    """
    for entry in trace:
        if entry["stage"] == "consent" and entry["result"] == "refused":
            return f"The caller did not agree ({entry.get('reason', '')})."
        if entry.get("feature") == UNIT and entry["result"] == "refused":
            return entry["decision"]["sentence"]
        if entry["plugin"] == "recording" and entry["result"] == "fault":
            return f"Recording failed: {entry.get('reason', '')}."
    return "This number did not record its calls."


def _trace(call: Call) -> list[Mapping[str, Any]]:
    events = CallEventRow.of(call.account).where(CallEventRow.call == call.id)
    return [entry for event in events.order_by(CallEventRow.id) for entry in event.trace]
