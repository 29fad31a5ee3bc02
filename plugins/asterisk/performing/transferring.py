"""What a phone asks for when its user transfers the other party (REFER), blind or attended.

The endpoints leave transfers to us (``PJSIP_TRANSFER_HANDLING()=ari-only``): Asterisk only tells
what is wanted, and we tell the phone, in Asterisk's words, that it may hang up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plugins.asterisk.names import employee_of
from plugins.asterisk.performing.inbox import Happening

if TYPE_CHECKING:
    from plugins.asterisk.performing.call import LiveCall


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer that is wanted.

    Args:
        source: the channel of who transfers.
        destination: the extension or number, as it was dialled.
        consultation: the channel of their other call, "" for a blind transfer.
        talks_to: the channel of whom they talk to there, "" when nobody has answered yet: then it
            is a blind transfer to the same destination.
        employee, number: who that is.
    """

    source: str
    destination: str
    consultation: str = ""
    talks_to: str = ""
    employee: int | None = None
    number: str = ""

    @staticmethod
    def is_wanted(event: Happening) -> bool:
        """Whether a phone wants a transfer; what we tell it of one comes back with a state."""
        return event["type"] == "ChannelTransfer" and not event.get("state")

    @classmethod
    def read(cls, event: Happening) -> Transfer:
        """What a ``ChannelTransfer`` says."""
        to: dict[str, Any] = event["refer_to"]
        other: dict[str, Any] = to.get("destination_channel") or {}
        reached: dict[str, Any] = to.get("connected_channel") or {}
        dialled = other.get("dialplan", {}).get("exten", "")
        employee = employee_of(reached.get("name", ""))
        return cls(
            source=event["referred_by"]["source_channel"]["id"],
            destination=dialled or to.get("requested_destination", {}).get("destination", ""),
            consultation=other.get("id", ""),
            talks_to=reached.get("id", ""),
            employee=employee,
            number="" if employee else dialled,
        )

    async def confirm(self, call: LiveCall) -> None:
        """Tell the phone that it is done; it hangs up then. Its other call is over, too."""
        for state in ("channel_progress", "channel_answered"):
            await call.quietly("POST", f"channels/{self.source}/transfer_progress", states=state)
        if self.consultation:
            await call.quietly("DELETE", f"channels/{self.consultation}")

    async def decline(self, call: LiveCall) -> None:
        """Tell the phone that it cannot be done: who was to talk on has just hung up."""
        await call.quietly(
            "POST", f"channels/{self.source}/transfer_progress", states="channel_unavailable"
        )
