"""The box on the page of a call: the player, what the caller was told, and why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.api import N_, Call, CallEventRow, Panel, RecordingRow, gettext, trace_said
from plugins.recording.keeping import CONVERSATION
from plugins.recording.terms import OPT_IN, OPT_OUT, UNIT

STATES = {
    "in-progress": N_("The call is being recorded."),
    "announced": N_("The recording is being fetched from the provider."),
    "stored": "",
    "absent": N_("There was nothing to hear, so no recording was kept; its unit came back."),
    "failed": N_("The provider did not hand the recording over."),
    "deleted": N_("The recording was deleted."),
}
"""What a recording's status means to whoever wants to listen."""

EXPECTED = N_("The talk was recorded; the provider has not reported the recording yet.")

ANSWERS = {
    "agreed": N_("%(said)s – the caller agreed (key %(key)s)"),
    "refused": N_("%(said)s – the caller refused (key %(key)s)"),
    "": N_("%(said)s – the caller hung up (key %(key)s)"),
}
"""What the caller was told, and answered."""


def panels(call: Call) -> list[Panel]:
    """The box of a call that somebody talked in; other calls have no recording to speak of."""
    mine = RecordingRow.call == call.id, RecordingRow.kind == CONVERSATION
    found = list(RecordingRow.of(call.account).where(*mine).order_by(RecordingRow.id))
    if not found and call.talk is None:
        return []
    told = call.facts.get("recording", {}).get("consent", {})
    rows = [(N_("Before the recording"), said)] if (said := consent_sentence(told)) else []
    if not found and call.talk is not None and call.talk.recorded:
        rows.append((N_("Recording"), gettext(EXPECTED)))
    elif not found:
        rows.append((N_("Not recorded"), why_not_recorded(_trace(call))))
    states = [STATES[one.status] for one in found if STATES[one.status]]
    rows += [(N_("Recording"), gettext(state)) for state in states]
    stored = [one for one in found if one.status == "stored"]
    template = "recording/panel.html" if stored else ""
    return [Panel(N_("Recording"), tuple(rows), template, {"recordings": stored})]


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
    sentence = ANSWERS[consent.get("answer", "")]
    return gettext(sentence, said=said, key=consent.get("key", ""))


def why_not_recorded(trace: Iterable[Mapping[str, Any]]) -> str:
    """Why an answered call has no recording, from the trace of its decisions (Q4).

    Args:
        trace: the entries of all events of the call, in order.
    """
    for entry in trace:
        if entry["stage"] == "consent" and entry["result"] == "refused":
            return gettext("The caller did not agree (%(why)s).", why=trace_said(entry))
        if entry.get("feature") == UNIT and entry["result"] == "refused":
            return trace_said(entry)
        if entry["plugin"] == "recording" and entry["result"] == "fault":
            return gettext("Recording failed: %(why)s.", why=trace_said(entry))
    return gettext("This number did not record its calls.")


def _trace(call: Call) -> list[Mapping[str, Any]]:
    events = CallEventRow.of(call.account).where(CallEventRow.call == call.id)
    return [entry for event in events.order_by(CallEventRow.id) for entry in event.trace]
