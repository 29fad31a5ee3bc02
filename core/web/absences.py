"""Who does not work at this instant, for pages that show who could be rung (R7)."""

from __future__ import annotations

import logging
from dataclasses import replace

from core.contract.call import Call
from core.web.access import switched_off
from core.web.host import host, now
from core.web.member import current_member

log = logging.getLogger(__name__)


def absent_now(call: Call) -> dict[int, str]:
    """Why employees are absent, by id, as the plugins of the account's plan say.

    A plugin that raises knows nobody; the page works without it.

    Args:
        call: one that would come in now.
    """
    centralino = host()
    grants = centralino.gate.grants(current_member().account, now(), switched_off())
    call = replace(call, ask=grants.ask)
    found: dict[int, str] = {}
    for name, find in centralino.registry.every("find_absent"):
        if name in grants.plugins:
            try:
                found |= find(call, None) or {}
            except Exception:
                log.exception("%s failed in find_absent", name)
    return found
