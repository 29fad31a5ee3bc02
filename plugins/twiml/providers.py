"""Where the providers that speak TwiML differ: one table, so that no code asks for a name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider can do, and how it behaves.

    Args:
        name, title: the key stored in a gateway's row, and what an admin reads.
        signature_headers: the headers in which a signature may stand.
        submission_order: repeated parameters may be signed as they were sent, not sorted.
        signs_json: callbacks may come as JSON, under a hex signature over address and body.
        rings_longer: seconds that the provider adds to the ring time it was given.
        targets: how many phones it rings at the same time.
        retry_call: what it reads behind the address of a step as its order to try again.
        retry_callback: the same, for news nobody waits for.
        api_url: where its recordings are fetched from; "" when every customer has an own address.
        media_hosts: a pattern of the hosts to which the API may send us on for a file.
    """

    name: str
    title: str
    signature_headers: tuple[str, ...]
    submission_order: bool = False
    signs_json: bool = False
    rings_longer: int = 0
    targets: int = 10
    retry_call: str = ""
    retry_callback: str = ""
    api_url: str = ""
    media_hosts: str = ""


# Storage of recordings: buckets only, for other names under amazonaws.com may be machines.
_BUCKETS = r"([\w.-]+\.)?s3[\w.-]*\.amazonaws\.com"

PROVIDERS = {
    provider.name: provider
    for provider in (
        Provider(
            name="twilio",
            title="Twilio",
            signature_headers=("X-Twilio-Signature",),
            rings_longer=5,
            # A repeated event gets its stored answer, so a try more does no harm.
            retry_call="#rc=1&rp=5xx,ct,rt",
            retry_callback="#rc=5&rp=all",
            api_url="https://api.twilio.com",
            media_hosts=rf"([\w-]+\.)*(twilio|twiliocdn)\.com|{_BUCKETS}",
        ),
        Provider(
            name="signalwire",
            title="SignalWire",
            signature_headers=(
                "X-SignalWire-Signature",
                "X-SignalWire-SHA256-Signature",
                "X-Twilio-Signature",
            ),
            submission_order=True,
            signs_json=True,
            media_hosts=rf"([\w-]+\.)*signalwire\.com|{_BUCKETS}",
        ),
    )
}
"""The providers by the key stored in a gateway's row."""
