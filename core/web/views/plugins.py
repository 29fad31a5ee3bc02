"""Plugins: what is installed, what the plan includes, what is switched on, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext, lazy_gettext

from core.calls.tables import PluginFaultRow
from core.contract.errors import BadInput, NotFound
from core.plans.decision import Decision
from core.registry import Installed
from core.store.accounts import PluginSwitch
from core.web.access import switched_off
from core.web.base_view import AdminPage
from core.web.host import host, now
from core.web.member import current_member
from core.web.menu import ACCOUNT
from core.web.rehearsing import rehearsed

RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PluginLine:
    """One plugin on the page; ``closed`` is the decision that keeps it out of the plan."""

    installed: Installed
    on: bool
    closed: Decision | None
    plan: str
    faults: list[PluginFaultRow]


class PluginsPage(AdminPage):
    """Switches plugins on and off for the whole account."""

    category = ACCOUNT

    def __init__(self) -> None:
        super().__init__(lazy_gettext("Plugins"), endpoint="plugins")

    @expose("/")
    def index(self) -> str:
        """The list."""
        faults = _recent_faults()
        lines = [_line(one, faults) for one in host().registry.plugins.values()]
        return self.render("web/plugins.html", lines=lines, broken=host().registry.broken)

    @expose("/switch/", methods=("POST",))
    def switch(self) -> Any:
        """Switch one plugin on or off for the account."""
        name = request.form.get("plugin", "")
        installed = host().registry.plugins.get(name)
        if installed is None or not installed.plugin.optional:
            raise NotFound(gettext("There is no plugin “%(name)s” to switch.", name=name))
        on = request.form.get("on") == "1"
        account = current_member().account
        row = PluginSwitch.of(account).where(PluginSwitch.plugin == name).first()
        row = row or PluginSwitch(account=account.id, plugin=name)
        row.on = on
        try:
            with rehearsed():
                row.save()
        except BadInput as error:
            flash(error.message, "info")
            return redirect(url_for(".index"))
        state = gettext("on") if on else gettext("off")
        title = gettext(installed.plugin.title)
        flash(gettext("%(title)s is %(state)s now.", title=title, state=state), "success")
        return redirect(url_for(".index"))


def _line(installed: Installed, faults: list[PluginFaultRow]) -> PluginLine:
    plugin, registry = installed.plugin, host().registry
    closed, plan = None, ""
    if plugin.name in registry.features:
        decision = host().gate.grants(current_member().account, now()).ask(plugin.name)
        if not decision.allowed:
            document = host().book.settled().document
            key = document.first_plan_with(plugin.name)
            closed, plan = decision, document.plans[key].title if key else ""
    own = [one for one in faults if one.plugin == plugin.name]
    return PluginLine(installed, plugin.name not in switched_off(), closed, plan, own)


def _recent_faults() -> list[PluginFaultRow]:
    account = current_member().account
    mine = (PluginFaultRow.account == account.id) | PluginFaultRow.account.is_null()
    query = PluginFaultRow.select().where(mine, PluginFaultRow.at > now() - RECENT)
    return list(query.order_by(PluginFaultRow.at.desc()).limit(50))
