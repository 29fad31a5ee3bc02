"""The door of every page: signed in? the right role? in the plan? Closed by default.

No sign-in leads to the sign-in page; a wrong role is 403; an account's plan without the page's
plugin or feature is 403 with the gate's own sentence, and hides the page from the menu, unless the
page shows itself locked (N3).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import flash, g, make_response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from core.contract.errors import NotAllowed, PlanDenied
from core.contract.features import FeatureKind
from core.plans.decision import Decision, Reason
from core.plans.gate import Grants
from core.store.accounts import PluginSwitch
from core.web.host import host, now
from core.web.member import ADMIN, OPERATOR, Member, current_member
from core.web.words import why

READING = ("GET", "HEAD", "OPTIONS")


def ask(key: str) -> Decision:
    """The gate's decision on a feature for the account of this request, asked once per request.

    A plugin that declares no feature of its own name is in every plan, and closed only by being
    switched off.
    """
    answers = g.setdefault("decisions", {})
    if key not in answers:
        answers[key] = _ask(key)
    return answers[key]


def quotas() -> list[Decision]:
    """The decision on every counted feature of the account's plan."""
    features = host().registry.features.values()
    asked = [ask(one.key) for one in features if one.kind is FeatureKind.QUOTA]
    return [one for one in asked if one.value is not None]


@contextmanager
def previewing(grants: Grants) -> Iterator[None]:
    """Let ``ask`` answer by these grants meanwhile: of another plan, or of one number's switches.
    Quotas are not counted."""
    kept = g.get("decisions"), g.get("previewed")
    g.decisions, g.previewed = {}, grants
    try:
        yield
    finally:
        g.decisions, g.previewed = kept[0] or {}, kept[1]


def _ask(key: str) -> Decision:
    registry = host().registry
    previewed = g.get("previewed")
    if previewed is not None:
        return _previewed(key, previewed)
    account, off = current_member().account, switched_off()
    if key in registry.plugins and key not in registry.features:
        return _switch(key, key in host().gate.grants(account, now(), off).plugins)
    return host().gate.ask(account, key, now(), off)


def _previewed(key: str, grants: Grants) -> Decision:
    registry = host().registry
    if key not in registry.plugins or key in registry.features:
        return grants.ask(key)
    return _switch(key, key in grants.plugins)


def _switch(key: str, on: bool) -> Decision:
    """About a plugin that is in every plan."""
    if on:
        return Decision(key, True, Reason.OK, value=True)
    title = host().registry.plugins[key].plugin.title
    return Decision(key, False, Reason.PLUGIN_OFF, title=title)


def switched_off() -> frozenset[str]:
    """The plugins this account has switched off."""
    if "switched_off" not in g:
        rows = PluginSwitch.of(current_member().account).where(~PluginSwitch.on)
        g.switched_off = frozenset(row.plugin for row in rows)
    return g.switched_off


class Access:
    """What pages and model views share.

    Attributes:
        roles_view: the roles that may look; ``admin`` includes an operator who picked the account.
        roles_edit: the roles that may change something.
        plugin: the plugin this page belongs to; without it in the plan the page is closed. A page
            of the installation names none: no account's plan closes it.
        feature: the feature this page needs, when it is more than the plugin.
        needs_account: False for pages of the installation.
        locked_template: what is read here where the plan lacks the page: what it would be, and what
            is stored (N3); ``decision`` is the gate's. "": only why not, and the menu hides it.
    """

    roles_view: tuple[str, ...] = (ADMIN,)
    roles_edit: tuple[str, ...] = (ADMIN,)
    plugin = ""
    feature = ""
    needs_account = True
    locked_template = ""

    def is_accessible(self) -> bool:
        """Whether the menu shows this page to the user of this request."""
        member = current_member()
        return (
            member is not None
            and member.has(self.roles_view)
            and not (self.needs_account and member.account is None)
            and (bool(self.locked_template) or self.refusal(member) is None)
        )

    def may_edit(self) -> bool:
        """Whether the user of this request may change something here."""
        member = current_member()
        return member is not None and member.has(self.roles_edit)

    def writes(self, name: str) -> bool:
        """Whether calling this method of the view changes something, or prepares to."""
        return request.method not in READING

    def refusal(self, member: Member) -> Decision | None:
        """The gate's decision that closes this page for the account, or None."""
        for key in (self.plugin, self.feature):
            if key and member.account is not None:
                decision = ask(key)
                if not decision.allowed:
                    return decision
        return None

    def _handle_view(self, name: str, **kwargs: Any) -> Response | None:
        member = current_member()
        if member is None:
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
        if self.needs_account and member.account is None:
            return _without_account(member)
        wanted = self.roles_edit if self.writes(name) else self.roles_view
        if not member.has(wanted):
            raise NotAllowed(gettext("Your role does not include this."))
        decision = self.refusal(member)
        if decision is None:
            return None
        if self.locked_template and request.method in READING:
            front = name == self._default_view  # the menu leads there: a page, and no refusal
            page = self.render(self.locked_template, decision=decision)
            return make_response(page, 200 if front else 403)
        raise PlanDenied(why(decision), decision=decision)

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        # B13: Flask-Admin takes every TypeError inside a view for a wrong signature.
        return fn(self, *args, **kwargs)


def _without_account(member: Member) -> Response:
    """An operator is led to choose one; nobody else has anything to see."""
    if member.role != OPERATOR or request.method not in READING:
        raise NotAllowed(gettext("Your role does not include this."))
    flash(gettext("Choose the account to work in first."), "info")
    return redirect(url_for("accounts.index_view"))
