"""Fetches a recording from the provider, and from nobody else.

The address comes in a webhook. So the gateway's credentials go to the provider's own API only, the
file may come from the provider's storage, and every other host is refused: neither our secrets nor
our network are for whoever can put an address into a payload.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from core.api import RECORDING_WAIT_SECONDS, CentralinoError, Download
from plugins.twiml.providers import PROVIDERS, Provider

REDIRECTS = 3


def fetch(row: Any, url: str) -> bytes:
    """The WAV file of a recording.

    Args:
        row: the gateway's row.
        url: the address that came with the recording, with or without ``.wav``.

    Returns:
        The file.

    Raises:
        NotFound: the provider has no such recording (any more).
        CentralinoError: the address is not the provider's, or the provider refuses, breaks off,
            takes too long or sends too much.
    """
    provider = PROVIDERS[row.provider]
    api = (row.api_url or provider.api_url).rstrip("/")
    if not api:
        raise CentralinoError(
            f"Gateway {row.name!r} needs an API address, such as https://example.signalwire.com."
        )
    url = url if url.endswith(".wav") else f"{url}.wav"
    download = Download("The provider", "the gateway's API secret")
    try:
        for _ in range(REDIRECTS + 1):
            answer = _get(row, provider, api, url)
            with answer:
                if not answer.is_redirect:
                    return download.read(answer)
                url = urljoin(url, answer.headers["Location"])
    except requests.RequestException as error:
        raise CentralinoError(f"The provider cannot be reached: {error}") from error
    raise CentralinoError("The provider sends us from address to address.")


def _get(row: Any, provider: Provider, api: str, url: str) -> requests.Response:
    """Ask one address; with credentials only at the API itself."""
    url = _as_dialled(url)
    home = _origin(url) == _origin(api)
    if not home and not _is_media(provider, url):
        raise CentralinoError(f"{_host(url)!r} is not a host of {provider.title}: not fetched.")
    return requests.get(
        url,
        auth=(row.ref, row.api_secret or row.secret) if home else _no_credentials,
        stream=True,
        timeout=RECORDING_WAIT_SECONDS,
        allow_redirects=False,
    )


def _as_dialled(url: str) -> str:
    """The address as it will be dialled: two parsers may read two hosts in one address."""
    return requests.Request("GET", url).prepare().url or ""


def _no_credentials(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from looking into ~/.netrc."""
    return prepared


def _origin(url: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        raise CentralinoError(f"{url[:100]!r} is not an address.") from None
    return parts.scheme, parts.hostname or "", port


def _host(url: str) -> str:
    return _origin(url)[1]


def _is_media(provider: Provider, url: str) -> bool:
    scheme, host, port = _origin(url)
    return scheme == "https" and port == 443 and bool(re.fullmatch(provider.media_hosts, host))
