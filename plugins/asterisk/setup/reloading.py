"""Lets a running Asterisk read its configuration again, without ending calls."""

from __future__ import annotations

from core.api import CentralinoError
from plugins.asterisk.models import ServerRow
from plugins.asterisk.setup.asking import Asking, read_version
from plugins.asterisk.setup.picture import Picture

MODULES = (
    "res_pjsip.so",
    "res_pjsip_endpoint_identifier_ip.so",
    "res_pjsip_outbound_registration.so",
    "res_musiconhold.so",
    "pbx_config.so",
)
"""Those whose files change with trunks, phones and numbers."""


def is_older(server: ServerRow, picture: Picture) -> bool:
    """Whether Asterisk works with another configuration than the database says.

    Args:
        server: which.
        picture: what the database says of it.

    Raises:
        CentralinoError: it cannot be reached.
    """
    return read_digest(Asking(server)) != picture.digest


def read_digest(asking: Asking) -> str:
    """The digest of the configuration that Asterisk has read; "" when it has read none of ours."""
    answer = asking.ask("GET", "asterisk/variable", variable=global_name("CONFIG")) or {}
    return answer.get("value", "")


def global_name(word: str) -> str:
    """What a global variable of our dialplan is called."""
    return f"CENTRALINO_{word}"


def reload(server: ServerRow) -> None:
    """Let Asterisk read trunks, phones, music and dialplan again.

    Args:
        server: which.

    Raises:
        CentralinoError: it cannot be reached, or a module is not there.
    """
    asking = Asking(server)
    read_version(asking)  # another web server has no modules either
    known = {one["name"] for one in asking.ask("GET", "asterisk/modules") or ()}
    for module in MODULES:
        if module not in known:
            raise CentralinoError(f"Asterisk has not loaded {module}: restart it.")
        asking.ask("PUT", f"asterisk/modules/{module}")
