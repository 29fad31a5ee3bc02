"""The events that we listen to, and what they say of time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

HEARD = (
    "ApplicationReplaced",
    "ChannelDestroyed",
    "ChannelDtmfReceived",
    "ChannelHold",
    "ChannelStateChange",
    "ChannelTransfer",
    "ChannelUnhold",
    "Dial",
    "PlaybackFinished",
    "RESTResponse",
    "RecordingFailed",
    "RecordingFinished",
    "StasisEnd",
    "StasisStart",
)
"""All others are filtered out by Asterisk: of a recorded call's 110 events about 90. The answers to
our own requests pass through the same filter."""

DOWN, UP = "Down", "Up"
"""The states of a channel that was not even heard to ring, and of one that was answered."""


def happened_at(event: dict[str, Any]) -> datetime:
    """When it happened, by Asterisk's own clock."""
    return datetime.fromisoformat(event["timestamp"])
