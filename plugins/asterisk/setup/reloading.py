"""Lets a running Asterisk read its configuration again, without ending calls."""

from __future__ import annotations

from core.api import CentralinoError
from plugins.asterisk.models import ServerRow
from plugins.asterisk.setup.asking import Asking

MODULES = (
    "res_pjsip.so",
    "res_pjsip_endpoint_identifier_ip.so",
    "res_pjsip_outbound_registration.so",
    "res_musiconhold.so",
    "pbx_config.so",
)
"""Those whose files change with trunks, phones and numbers."""


def reload(server: ServerRow) -> None:
    """Let Asterisk read trunks, phones, music and dialplan again.

    Args:
        server: which.

    Raises:
        CentralinoError: it cannot be reached, or a module is not there.
    """
    asking = Asking(server)
    known = {one["name"] for one in asking.ask("GET", "asterisk/modules") or ()}
    for module in MODULES:
        if module not in known:
            raise CentralinoError(f"Asterisk has not loaded {module}: restart it.")
        asking.ask("PUT", f"asterisk/modules/{module}")
