"""What belongs to the machine that Asterisk runs on: given once, kept beside the configuration."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.api import BadInput
from plugins.asterisk.setup.safe import PLAIN

FILE = "centralino.json"
"""Where the options of a folder are kept; also the sign that its files are ours."""


@dataclass(frozen=True, slots=True)
class Options:
    """Where things are on Asterisk's machine; "" leaves it to Asterisk as it was packaged.

    Args:
        bind: the address on which SIP and sound are taken; "" for all, or for the server's own, if
            that is on loopback.
        ari_bind: the address on which ARI is served; "" for the server's own, if it is an address.
        public_address: under which the outside reaches this machine, when it has another one.
        local_net: networks that reach it directly nevertheless, with commas.
        rtp: the first and the last port of sound, ``10000-20000``.
        modules, programs: folders of the modules and of what came with the package.
        state: a folder for everything that Asterisk writes.
        language: of Asterisk's own sounds.
    """

    bind: str = ""
    ari_bind: str = ""
    public_address: str = ""
    local_net: str = ""
    rtp: str = "10000-20000"
    modules: str = ""
    programs: str = ""
    state: str = ""
    language: str = "en"

    @property
    def ports(self) -> tuple[int, int]:
        """The first and the last port of sound.

        Raises:
            BadInput: they are none.
        """
        first, _, last = self.rtp.partition("-")
        if first.isdecimal() and last.isdecimal() and 1023 < int(first) < int(last) < 65536:
            return int(first), int(last)
        raise BadInput(f"{self.rtp!r} are no ports for sound; write them like 10000-20000.")

    @property
    def networks(self) -> list[str]:
        """The networks of ``local_net``."""
        return self.local_net.replace(",", " ").split()


def checked(options: Options) -> Options:
    """The options, if Asterisk would take them.

    Raises:
        BadInput: one of them is none.
    """
    for field in fields(options):
        value = getattr(options, field.name)
        if not PLAIN.fullmatch(value):
            raise BadInput(
                f"{value!r} cannot be --{field.name.replace('_', '-')}: letters, digits and"
                " _.:@+*/,- may stand there, 400 at most."
            )
    for value in filter(None, (options.bind, options.ari_bind, options.public_address)):
        _check(ipaddress.IPv4Address, value, "address", "192.0.2.10")
    for value in options.networks:
        _check(ipaddress.IPv4Network, value, "network", "192.168.0.0/16")
    _ = options.ports
    return options


def _check(kind: Any, value: str, called: str, example: str) -> None:
    try:
        kind(value)
    except ValueError:
        raise BadInput(f"{value!r} is no {called}; write it like {example}.") from None


def ari_address(options: Options, url: str) -> tuple[str, int]:
    """Where Asterisk serves ARI: the address that was asked for, else the one of the server's url,
    if it is one, else loopback.

    Args:
        options: of the machine.
        url: the server's, such as ``http://127.0.0.1:8088``.
    """
    parts = urlsplit(url)
    name = options.ari_bind or parts.hostname or ""
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        name = "127.0.0.1"
    return name, parts.port or 8088


def sip_address(options: Options, sip_host: str) -> tuple[str, int]:
    """Where Asterisk takes SIP: the address "" for all of the machine's, and the port.

    Args:
        options: of the machine.
        sip_host: the server's, with a port if it has an unusual one.
    """
    name, _, port = sip_host.partition(":")
    here = options.bind or (name if name.startswith("127.") else "")
    return here, int(port or 5060)


def load(folder: Path, given: Mapping[str, str | None]) -> Options:
    """The options of a folder: what is given now, else what was given last time.

    Args:
        folder: where the configuration is written.
        given: options by name; None for those that were not given.

    Raises:
        BadInput: one of them is wrong.
    """
    kept = Options()
    path = folder / FILE
    if path.exists():
        try:
            stored = json.loads(path.read_text())
            kept = replace(
                kept, **{f.name: str(stored[f.name]) for f in fields(kept) if f.name in stored}
            )
        except (ValueError, TypeError, KeyError):
            raise BadInput(
                f"{path} cannot be read; delete it and give the options again."
            ) from None
    new = {name: value for name, value in given.items() if value is not None}
    return checked(replace(kept, **new))


def as_text(options: Options) -> str:
    """The options, to be kept."""
    return json.dumps(asdict(options), indent=2) + "\n"
