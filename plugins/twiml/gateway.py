"""A gateway as a webhook needs it: read in one statement, pictured once.

Read for every webhook, so that a changed secret holds in every process at once; what is computed
from a row is remembered under the row's own values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import peewee

from core.api import GatewayRow, StoreUnavailable, gettext
from plugins.twiml.providers import PROVIDERS, Provider
from plugins.twiml.signature import signed_bases

KIND = "twiml"
"""The kind stored in a gateway's row."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """One provider's project.

    Args:
        ref: the provider's name of the project; every webhook must name it.
        secret: what it signs with.
        public_url: where it reaches us; the base of every address we give it.
        bases: the ways in which it may write that address when it signs.
        language: the account's, for the few sentences that are the gateway's own.
    """

    id: int
    provider: Provider
    ref: str
    secret: str
    public_url: str
    bases: tuple[str, ...]
    language: str

    def address(self, *path: object) -> str:
        """An address of ours, as the provider must write it. Never with a query: Twilio sorts a
        query before it calls, but signs it unsorted."""
        return "/".join((self.public_url, KIND, str(self.id), *map(str, path)))


def find_gateway(gateway_id: int) -> Gateway | None:
    """The gateway with this id, as it stands in the database now; None when there is none that
    could sign.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    database = GatewayRow._meta.database
    try:
        row = database.execute_sql(
            "SELECT g.id, g.provider, g.ref, g.secret, g.public_url, a.language"
            " FROM gateways g JOIN accounts a ON a.id = g.account_id"
            f" WHERE g.id = {database.param} AND g.kind = {database.param}",
            (gateway_id, KIND),
        ).fetchone()
    except (peewee.OperationalError, peewee.InterfaceError) as error:
        raise StoreUnavailable(f"The database does not answer: {error}") from error
    return _picture(row) if row else None


@lru_cache(maxsize=1000)
def _picture(row: tuple) -> Gateway | None:
    gateway_id, provider, ref, secret, public_url, language = row
    bases = signed_bases(public_url.rstrip("/"))
    if provider not in PROVIDERS or not (ref and secret and bases):
        return None
    return Gateway(
        gateway_id, PROVIDERS[provider], ref, secret, public_url.rstrip("/"), bases, language
    )


def urls(row: GatewayRow) -> list[tuple[str, str]]:
    """What an admin pastes at the provider.

    Args:
        row: the gateway.

    Returns:
        (label, address) pairs, in the order of the provider's form.
    """
    base = f"{row.public_url.rstrip('/')}/{KIND}/{row.id}"
    provider = PROVIDERS.get(row.provider)
    retry = provider.retry_callback if provider else ""
    return [
        (gettext("A call comes in (webhook, POST)"), f"{base}/voice"),
        (gettext("Primary handler fails (webhook, POST)"), f"{base}/fallback"),
        (gettext("Call status changes (POST)"), f"{base}/status{retry}"),
    ]
