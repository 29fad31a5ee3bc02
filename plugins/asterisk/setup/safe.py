"""What may stand in a configuration file of Asterisk: one rule for every value, closed by default.

A line end, a semicolon or a ``${`` in a name would be configuration written by a stranger.
"""

from __future__ import annotations

import ipaddress
import re

from core.api import BadInput, gettext

PLAIN = re.compile(r"[A-Za-z0-9_.:@+*/,-]{0,400}", re.ASCII)
"""What any value may hold: no space, no line end, nothing that begins anything."""

SECRET = re.compile(r"[!-~]{1,120}", re.ASCII)
"""What a password may hold: what can be typed, without spaces."""

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252})(:[1-9][0-9]{0,4})?", re.ASCII)
"""A host name or IPv4 address, with a port if need be."""

USER = re.compile(r"[A-Za-z0-9_.+-]{1,60}", re.ASCII)
"""A name to sign in with."""

SERVER = re.compile(r"[a-z0-9-]{1,20}", re.ASCII)
"""What a server is called."""

NARROWEST = 24
"""The prefix length of the widest IPv4 network that a trunk's calls may come from."""


class Checked(str):
    """A value that has passed a rule of its own, and is written as it is."""


def checked(value: object) -> object:
    """Let a value into a file.

    Args:
        value: of a template.

    Returns:
        The value itself.

    Raises:
        BadInput: it could be read as more than a value.
    """
    if isinstance(value, Checked) or PLAIN.fullmatch(str(value)):
        return value
    raise BadInput(f"{str(value)!r} cannot stand in a configuration file of Asterisk.")


def secret(value: str) -> Checked:
    """A password as it must be written: a semicolon would begin a remark.

    Raises:
        BadInput: it is empty, too long, or has spaces or signs beyond ASCII.
    """
    if not SECRET.fullmatch(value):
        raise BadInput(
            gettext(
                "A password has 1 to 120 letters, digits and signs of a plain keyboard, without"
                " spaces."
            )
        )
    return Checked(value.replace(";", "\\;"))


def host(value: str) -> str:
    """A host, with a port if one was typed.

    Raises:
        BadInput: it is none.
    """
    name, _, port = value.partition(":")
    if HOST.fullmatch(value) and ".." not in name and int(port or 1) < 65536:
        return value
    raise BadInput(
        gettext(
            "“%(typed)s” is no host; write it like sip.example.com or 192.0.2.10:5060.",
            typed=value,
        )
    )


def addresses(value: str) -> list[str]:
    """The addresses, networks or hosts that a trunk's calls come from.

    Args:
        value: with commas or spaces between them.

    Raises:
        BadInput: one of them is none, or wide enough to let strangers in.
    """
    return [_address(one) for one in value.replace(",", " ").split()]


def _address(text: str) -> str:
    try:
        network = ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        if "/" in text or ":" in text:
            raise BadInput(
                gettext(
                    "“%(typed)s” is no address; write it like 192.0.2.10 or 192.0.2.0/28.",
                    typed=text,
                )
            ) from None
        return host(text)
    if network.prefixlen < NARROWEST:
        raise BadInput(
            gettext(
                "%(typed)s would take calls from %(count)s addresses; name the provider's own, at"
                " most a /%(most)s.",
                typed=text,
                count=network.num_addresses,
                most=NARROWEST,
            )
        )
    return text
