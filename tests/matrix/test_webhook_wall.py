"""The wall between gateways: rightly signed by one account's provider, about another's calls.

The addresses come from the webhooks' own URL map. Whatever a gateway signs of the other account's
tokens, numbers and references is refused, and changes nothing over there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest

from core.calls.tables import CallRow
from core.store.lines import GatewayRow, LineRow
from tests.matrix.addresses import METHODS, fill
from tests.matrix.two_accounts import TwoAccounts, two_accounts
from tests.plugins.twiml.client import Provider, Reply

UNKNOWN = (
    "{rule} has a converter “{name}” that this walk does not know: add to WORDS in"
    " tests/matrix/test_webhook_wall.py what of another account a gateway could write there."
)


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoAccounts]:
    """Two accounts with a gateway each; a call of the other one is waiting for its result."""
    with two_accounts(tmp_path_factory.mktemp("webhooks")) as found:
        yield found
        found.site.store.open()


@pytest.fixture(scope="module")
def waiting(accounts) -> CallRow:
    """A running call of the other account."""
    gateway = GatewayRow.of(accounts.theirs).first()
    line = LineRow.of(accounts.theirs).where(LineRow.gateway == gateway).first()
    provider = Provider(accounts.site.webhooks.test_client(), gateway)
    provider.arrive(line.number, "+393330000001")
    accounts.site.store.open()
    return CallRow.get(CallRow.ref == provider.ref)


def words(accounts: TwoAccounts, waiting: CallRow) -> dict[str, list[Any]]:
    """What of the other account can stand at a converter; the gateway is always ours, but once."""
    return {
        "gateway_id": [GatewayRow.of(accounts.ours).first().id],
        "token": [waiting.token],
        "number": [1, 2],
        "kind": ["gather", "play", "ring", "message", "conversation"],
        "first": [0],
        "seconds": [10],
    }


def addresses(accounts: TwoAccounts, waiting: CallRow) -> Iterator[tuple[str, str]]:
    """(method, address) of every webhook."""
    known = words(accounts, waiting)
    for rule in accounts.site.webhooks.url_map.iter_rules():
        names = sorted(rule.arguments)
        for name in names:
            assert name in known, UNKNOWN.format(rule=rule, name=name)
        for chosen in product(*(known[name] for name in names)):
            values = dict(zip(names, chosen, strict=True))
            for method in sorted(rule.methods & METHODS):
                yield method, fill(rule, values.__getitem__)


def forms(accounts: TwoAccounts, waiting: CallRow, provider: Provider) -> Iterator[dict[str, str]]:
    """What a provider reports: about the other account's call, number and recording."""
    provider.ref, provider.to, provider.from_ = waiting.ref, waiting.called, waiting.caller
    common = {"Digits": "1", "RecordingSid": "RE" + "1" * 32, "RecordingDuration": "9"}
    common["RecordingUrl"] = provider.recording_url("RE" + "1" * 32)
    for status in ("ringing", "in-progress", "completed"):
        news = {"CallStatus": status, "DialCallStatus": "completed", "RecordingStatus": "completed"}
        yield provider.fields(**common, **news)


def send(provider: Provider, method: str, url: str, form: dict[str, str]) -> Any:
    """Send a signed webhook; what is only fetched is fetched as the provider fetches a sound."""
    if method == "POST":
        return provider.post(url, form)
    answer = provider.app.open(urlsplit(url).path, method=method)
    return Reply(answer.status_code, answer.text, answer.headers)


def test_a_gateway_reaches_nothing_of_another_account(accounts, waiting):
    ours = GatewayRow.of(accounts.ours).first()
    provider = Provider(accounts.site.webhooks.test_client(), ours)
    before = accounts.everything_else()
    sent = 0
    for method, address in addresses(accounts, waiting):
        for form in forms(accounts, waiting, provider):
            reply = send(provider, method, ours.public_url + address, form)
            accounts.site.store.open()
            told = f"{method} {address} {form['CallStatus']}: {reply.status} {reply.text}"
            assert reply.status < 500, told
            assert not [one for one in accounts.markers if one in reply.text], told
            assert waiting.token not in reply.text or "whisper" in address, told
            sent += 1
    assert sent > 20
    assert accounts.everything_else() == before


def test_our_signature_opens_no_gateway_of_another_account(accounts, waiting):
    ours, theirs = (GatewayRow.of(one).first() for one in (accounts.ours, accounts.theirs))
    before = accounts.everything_else()
    for forged in (ours.secret, "", "wrong"):
        theirs.secret = forged  # in memory only: what the forger signs with
        provider = Provider(accounts.site.webhooks.test_client(), theirs)
        for method, address in addresses(accounts, waiting):
            address = address.replace(f"/{ours.id}/", f"/{theirs.id}/", 1)
            for form in forms(accounts, waiting, provider):
                reply = send(provider, method, theirs.public_url + address, form)
                accounts.site.store.open()
                assert reply.status in (403, 404), f"{address}: {reply.status}"
    assert accounts.everything_else() == before


def test_webhooks_refuse_other_methods_and_garbage(accounts, waiting):
    client = accounts.site.webhooks.test_client()
    for rule in accounts.site.webhooks.url_map.iter_rules():
        for garbage in ("0", "-1", str(2**63), str(2**70), "abc", "'", "../../etc/passwd", "\x00"):
            for method in sorted(METHODS):
                answer = client.open(fill(rule, lambda name, g=garbage: g), method=method)
                assert answer.status_code in (403, 404, 405, 415), f"{method} {rule} {garbage!r}"
        known = words(accounts, waiting)
        address = fill(rule, lambda name, k=known: k[name][0])
        for method in sorted(METHODS - rule.methods):
            assert client.open(address, method=method).status_code == 405
    accounts.site.store.open()
