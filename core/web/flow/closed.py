"""Why a box of the flow is greyed: the plan, the account's switch, or the number's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from core.calls.found import LineSetup
from core.contract.call import Account
from core.plans.gate import Grants
from core.store.accounts import PluginSwitch
from core.web.words import why


@dataclass(frozen=True, slots=True)
class Closed:
    """Why a plugin does nothing for a number; ``plan`` names the cheapest plan that has it, and
    ``compare`` leads to the comparison of plans, when the plan is the reason."""

    sentence: str
    plan: str = ""
    compare: str = ""


def reasons(
    centralino: Any, account: Account, at: datetime, setup: LineSetup, grants: Grants
) -> Callable[[str], Closed | None]:
    """A function that says why a plugin does nothing, None when it works.

    The plan comes first: a switch that is turned on again would not help.

    Args:
        centralino: the wired application.
        account: on the plan that is asked about.
        at: the instant.
        setup: what is switched off, and stored, for the number.
        grants: what the plan includes, less what is switched off.
    """
    included = centralino.gate.grants(account, at, plan=grants.plan)
    rows = PluginSwitch.of(account).where(~PluginSwitch.on)
    everywhere = {row.plugin for row in rows}
    document = centralino.book.settled().document

    def reason(plugin: str) -> Closed | None:
        if plugin in centralino.registry.features:
            decision = included.ask(plugin)
            if not decision.allowed:
                cheapest = document.first_plan_with(plugin)
                title = document.plans[cheapest].title if cheapest else ""
                return Closed(why(decision), title, f"{url_for('plans.index')}#{plugin}")
        if plugin in everywhere:
            return Closed(gettext("Switched off for the whole account."))
        if plugin in setup.off:
            return Closed(gettext("Switched off for this number."))
        return None

    return reason
