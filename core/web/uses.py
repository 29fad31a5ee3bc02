"""What leads to a destination: asked before something is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext

from core.contract.call import Account
from core.contract.steps import Destination
from core.registry import Registry
from core.store.lines import LineProfile, LineRow
from core.web.format import phone
from core.web.host import host
from core.web.member import current_member


def uses(registry: Registry, account: Account, destination: Destination) -> list[str]:
    """Short names of all that leads to a destination, in settings and in plugins' tables.

    Args:
        registry: the installed plugins, whose ``find_uses`` is asked, whatever the plan says.
        account: whose configuration is looked through.
        destination: what is about to be deleted.
    """
    found = list(_in_settings(registry, account, str(destination)))
    for _, find in registry.every("find_uses"):
        found += find(account, destination) or ()
    return found


def leading_to(destination: Destination) -> list[str]:
    """The same for the account of this request."""
    return uses(host().registry, current_member().account, destination)


def _in_settings(registry: Registry, account: Account, text: str) -> Iterator[str]:
    query = LineProfile.select(LineProfile, LineRow).join(LineRow)
    for profile in query.where(LineProfile.account == account.id):
        # A voicemail's recipient is a destination inside a destination: "voicemail:employee:17".
        if any(one == text or one.endswith(":" + text) for one in _texts(profile.stored)):
            installed = registry.plugins.get(profile.plugin)
            title = installed.plugin.title if installed else profile.plugin
            yield f"{phone(profile.line.number)}: {gettext(title)}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
