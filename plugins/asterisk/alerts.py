"""What an admin should know at once: that nobody takes the calls of their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import url_for

from core.api import Account, Alert, LineRow, current_member, gettext
from plugins.asterisk.models import ServerRow, SlotRow, TrunkRow


def alerts(account: Account, at: datetime) -> Iterator[Alert]:
    """A server that nobody serves and that has numbers of the account; found in one query, because
    every page asks. Operators are led to the servers, others to their trunks."""
    operates = current_member().has(("operator",))
    page = "asterisk_servers.index_view" if operates else "asterisk_trunks.index_view"
    for server in unserved(account, at):
        sentence = gettext(
            "Nobody serves the Asterisk server “%(server)s”: calls to your numbers there go to the"
            " backup number, or find the line busy. The operator must start “centralino asterisk"
            " run”.",
            server=server.name,
        )
        yield Alert(sentence, url_for(page))


def unserved(account: Account, at: datetime) -> Iterable[ServerRow]:
    """The servers of an account's numbers of which nobody serves a slot at an instant."""
    with_numbers = LineRow.of(account).select(LineRow.gateway)
    trunks = TrunkRow.of(account).where(TrunkRow.gateway.in_(with_numbers))
    served = SlotRow.select(SlotRow.server).where(SlotRow.held(at))
    ours = ServerRow.id.in_(trunks.select(TrunkRow.server))
    return ServerRow.select().where(ours, ServerRow.id.not_in(served)).order_by(ServerRow.name)
