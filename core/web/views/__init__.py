"""The pages of the core."""

from __future__ import annotations

from typing import Any

from core.web.views.account_override import AccountOverridePage
from core.web.views.account_plan import AccountPlanPage
from core.web.views.account_trial import AccountTrialPage
from core.web.views.accounts import AccountsView, OwnAccountView
from core.web.views.audit import AuditPage
from core.web.views.calls import CallsPage
from core.web.views.dry_run import DryRunPage
from core.web.views.employees import EmployeesView
from core.web.views.flow import FlowPage
from core.web.views.gateways import GatewaysView
from core.web.views.home import HomeView
from core.web.views.language import add_language_switch
from core.web.views.lines import LinesView
from core.web.views.me import MePage
from core.web.views.number_compare import NumberComparePage
from core.web.views.number_copy import NumberCopyPage
from core.web.views.number_profile import NumberProfilePage
from core.web.views.people import MembersView, OperatorsView
from core.web.views.plan_column import PlanColumnPage
from core.web.views.plan_history import PlanHistoryPage
from core.web.views.plan_matrix import PlanMatrixPage
from core.web.views.plan_merge import PlanMergePage
from core.web.views.plan_review import PlanReviewPage
from core.web.views.plans import PlansPage
from core.web.views.plugins import PluginsPage
from core.web.views.profile import ProfilePage
from core.web.views.scenarios import ScenariosPage
from core.web.views.sounds import ListenPage
from core.web.views.usage import UsagePage

__all__ = ["HomeView", "add_language_switch", "core_views"]


def core_views() -> list[Any]:
    """All pages but the start page, in the order of the menu."""
    return [
        CallsPage(),
        MePage(),
        LinesView(),
        EmployeesView(),
        UsagePage(),
        PlansPage(),
        PluginsPage(),
        GatewaysView(),
        MembersView(),
        OwnAccountView(),
        AccountsView(),
        PlanMatrixPage(),
        PlanHistoryPage(),
        PlanColumnPage(),
        PlanMergePage(),
        PlanReviewPage(),
        AccountPlanPage(),
        AccountTrialPage(),
        AccountOverridePage(),
        AuditPage(),
        OperatorsView(),
        ProfilePage(),
        DryRunPage(),
        ScenariosPage(),
        NumberProfilePage(),
        NumberComparePage(),
        NumberCopyPage(),
        ListenPage(),
        FlowPage(),
    ]
