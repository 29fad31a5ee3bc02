"""The three questions that everybody is asked: a switch, a number and a choice of one plan.

Every library gets them in its own way of saying "for accounts on this plan", and answers for an
account whose plan is given with the question, without any network.
"""

from __future__ import annotations

from core.api import Feature, FeatureKind, Plugin, hookimpl

PLAN, ACCOUNT = "standard", "1"
SWITCH, NUMBER, CHOICE = "desk.screen_pop", "desk.max_seats", "desk.support"
SEATS, SUPPORT = 25, "phone"

PLANS = f"""
schema: 1
plans:
  free:
    title: Free
    features: {{desk: true, {NUMBER}: 3, {CHOICE}: mail}}
  {PLAN}:
    title: Standard
    extends: free
    features: {{{SWITCH}: true, {NUMBER}: {SEATS}, {CHOICE}: {SUPPORT}}}
"""


class Desk:
    """A plugin with one feature of each kind."""

    @hookimpl
    def register_plugin(self) -> Plugin:
        features = (
            Feature("desk", "Desk"),
            Feature(SWITCH, "Screen pop"),
            Feature(NUMBER, "Seats", FeatureKind.NUMBER),
            Feature(CHOICE, "Support", FeatureKind.CHOICE, choices=("mail", "phone")),
        )
        return Plugin("desk", "Desk", features=features, on_by_default=True)
