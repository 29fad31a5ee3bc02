"""Whose a missed call is: one rule, shown beside the call wherever it is listed (R9).

The employee responsible for the client; else the group or the employee for whom the call last rang;
else the first employee who was rung. A call that rang nobody is abandoned or closed, not missed by
somebody. Who somebody else answered for has missed nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.calls.state import State
from core.contract.call import Outcome
from core.contract.steps import Destination

OWNER = "owner"
"""The fact (``Step.facts``) with which a plugin says for whom it rings: a Destination as text."""


def owners(
    outcome: str | None, state: State, plugins: Iterable[str], rung: int | None
) -> Iterator[Destination]:
    """To whom a missed call belongs, best first: one who does not exist any more is passed over.

    Args:
        outcome: of the call; only a missed one belongs to somebody.
        state: of the call.
        plugins: in the order of routing; who rang later in the call's way counts more.
        rung: id of the first employee who was rung, if any.
    """
    if outcome != Outcome.MISSED:
        return
    client = state.known_client()
    if client is not None and client.responsible:
        yield Destination("employee", str(client.responsible))
    for plugin in reversed(list(plugins)):
        owner = state.facts.get(plugin, {}).get(OWNER)
        if owner:
            yield Destination.parse(owner)
    if rung:
        yield Destination("employee", str(rung))
