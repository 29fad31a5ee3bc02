"""The groups of the menu, in their order; plugins put their pages into them by these words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

CALLS = "Calls"
CRM = "CRM"
ROUTING = "Routing"
ACCOUNT = "Account"
INSTALLATION = "Installation"


def categories() -> list[Any]:
    """The groups, translated when they are shown."""
    return [
        lazy_gettext("Calls"),
        lazy_gettext("CRM"),
        lazy_gettext("Routing"),
        lazy_gettext("Account"),
        lazy_gettext("Installation"),
    ]
