"""Says where a decision comes from: the plan cell, the override, the trial (plans.md §3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.contract.texts import N_, Phrase, phrase
from core.plans.file.plan import Cell, PlanDocument
from core.plans.standing import Override, Trial

TRIAL = N_("trial of plan %(plan)s by %(author)s%(until)s: %(reason)s")
OVERRIDE = N_("override by %(author)s%(until)s: %(reason)s")


class Origins:
    """Names the places that the decisions of one plan come from.

    Args:
        document: the plan file.
        number: its revision.
        plan: key of the plan.
        trial: the trial through which the account has this plan, or None.
        zone: the account's zone, in which days are named; None where no day is.
    """

    def __init__(
        self,
        document: PlanDocument,
        number: int,
        plan: str,
        trial: Trial | None,
        zone: ZoneInfo | None,
    ) -> None:
        self.document = document
        self.number = number
        self.plan = document.plans.get(plan)
        self.key = plan
        self._trial = trial
        self.zone = zone

    def place(self, cell: Cell | None) -> Phrase:
        """The plan or trial, with file, line and revision."""
        if self.plan is None:
            return phrase(N_("revision %(number)s"), number=self.number)
        words = N_("%(file)s:%(line)s, revision %(number)s")
        place = phrase(words, file=self.document.name, line=self._line(cell), number=self.number)
        if self._trial is None:
            return phrase(N_("plan %(plan)s, %(place)s"), plan=self.plan.title, place=place)
        until = self._until(self._trial)
        words = N_("trial of plan %(plan)s%(until)s, %(place)s")
        return phrase(words, plan=self.plan.title, until=until, place=place)

    def trace(self, key: str, cell: Cell | None) -> tuple[Phrase, ...]:
        """How the plan comes to say what it says of a feature: trial, plan, cell."""
        said = self._said(key, cell)
        return (said,) if self._trial is None else (self.trial(self._trial), said)

    def gone(self) -> Phrase:
        """That the file has no such plan any more."""
        words = N_('the account\'s plan "%(plan)s" is gone from %(file)s')
        if self._trial is not None:
            words = N_('the plan "%(plan)s" of the account\'s trial is gone from %(file)s')
        return phrase(words, plan=self.key, file=self.document.name)

    def override(self, one: Override) -> Phrase:
        """Who made an override, until when, and why."""
        return phrase(OVERRIDE, author=one.author, until=self._until(one), reason=one.reason)

    def override_place(self, one: Override) -> Phrase:
        """The same in short."""
        words = N_("override by %(author)s%(until)s")
        return phrase(words, author=one.author, until=self._until(one))

    def trial(self, one: Trial) -> Phrase:
        """Who gave a trial, of what, until when, and why."""
        plan = self.document.plans.get(one.plan)
        return phrase(
            TRIAL,
            plan=plan.title if plan else one.plan,
            author=one.author,
            until=self._until(one),
            reason=one.reason,
        )

    def _said(self, key: str, cell: Cell | None) -> Phrase:
        if self.plan is None:
            return self.gone()
        start = phrase(
            N_("plan %(plan)s (%(file)s:%(line)s, revision %(number)s)"),
            plan=self.plan.title,
            file=self.document.name,
            line=self._line(cell),
            number=self.number,
        )
        if cell is None:
            words = N_("%(start)s does not name %(feature)s, so it is off")
            return phrase(words, start=start, feature=key)
        if cell.plan == self.key:
            words = N_("%(start)s says %(feature)s: %(value)s")
            return phrase(words, start=start, feature=key, value=cell.text)
        words = N_("%(start)s says %(feature)s: %(value)s, inherited from %(above)s")
        above = self.document.plans[cell.plan].title
        return phrase(words, start=start, feature=key, value=cell.text, above=above)

    def _line(self, cell: Cell | None) -> int:
        return cell.line if cell else self.plan.line

    def _until(self, one: Override | Trial) -> str:
        end = one.end
        return "" if end is None else phrase(N_(" until %(day)s"), day=last_day(end, self.zone))


def last_day(end: datetime, zone: ZoneInfo | None) -> str:
    """The last day, on the account's own calendar, of what ends at an instant: ``2027-01-31``."""
    return (end - timedelta(microseconds=1)).astimezone(zone).date().isoformat()
