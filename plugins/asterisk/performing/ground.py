"""What a call stands on: the process that has the connection to Asterisk and to the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from core.api import Event
    from plugins.asterisk.instructions import Instruction


class Ground(Protocol):
    """Given by the running process, one for each slot.

    Args:
        app: the slot's application name at Asterisk.
        server: the name of the Asterisk server.
        board: the switchboard, for texts and sounds.
    """

    app: str
    server: str
    board: Any

    async def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Send a request, its path without a slash before it; returns the answer's JSON, if any.

        Raises:
            AriError: Asterisk refuses.
            AriLost: there is no connection any more; whoever connects again finds the call.
        """

    async def read(self, path: str) -> Any:
        """Read what Asterisk may have many of, such as ``channels``; returns the answer's JSON.

        Raises:
            AriLost: as above.
        """

    async def deliver(self, event: Event) -> Instruction | None:
        """Hand an event to the engine, again and again while the database does not answer.

        Returns:
            The instruction that answers it. None: there is nothing to do for the call, or, for the
            end of a step, nobody who could say what: the channel has been given to the dialplan.
        """

    def follow(self, channel_id: str, call: Any) -> None:
        """Send this channel's events to the call, too."""

    def forget(self, call: Any) -> None:
        """The call is over."""
