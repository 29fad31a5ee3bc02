"""Makes an order of a move, inside the transaction: quota unit, notice and recording.

What a plugin wanted and what is left of it when no unit is granted is decided here, so that 101
recordings are impossible however many processes run (plans.md §6).
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from core.calls.found import Found
from core.calls.guard import dial_rules, is_emergency
from core.calls.journal import Journal
from core.calls.ledger import Ledger
from core.calls.order import Leg, Order
from core.calls.state import prompts_as_json, prompts_from_json
from core.calls.thinking import Draft
from core.contract.call import Call
from core.contract.errors import Conflict
from core.contract.steps import Gather, Phone, Ring, Step, TalkTerms
from core.contract.texts import N_, phrase


class CapsReached(Exception):
    """An outside number would be one too many (O8); think again without outside numbers.

    Args:
        sentence: which cap it is.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


UNASKED = N_("Whoever is called cannot be asked for consent before the talk: it is not recorded.")

CONSENT_SECONDS = 5
"""How long the caller may think about consent after the question (R4's first-digit timer)."""


def compose(found: Found, draft: Draft, journal: Journal, ledger: Ledger, at: datetime) -> Order:
    """The order for a draft's step, with everything it needs taken and noted.

    Raises:
        CapsReached: the account's caps allow no outside number now.
    """
    state, step = found.state, draft.step
    if isinstance(step, Ring):
        if state.recording is None:
            step = _agree_terms(found, draft, step, ledger, at)
        if isinstance(step, Ring):
            return _ring_order(found, draft, step, journal, ledger, at)
    return _order(found, found.call(at), step)


def _agree_terms(found: Found, draft: Draft, ring: Ring, ledger: Ledger, at: datetime) -> Step:
    """The first terms whose unit is granted hold; returns the ring, or the question for consent."""
    state = found.state
    state.recording = False
    for plugin, terms in draft.terms:
        if found.dialled and terms.consent != "notice":
            draft.asker.note("before the talk", plugin, "refused", UNASKED)
            continue
        decision = ledger.take(found, draft.asker.grants, terms.unit, at)
        granted = "granted" if decision.allowed else "refused"
        draft.asker.note("before the talk", plugin, granted, decision)
        if decision.allowed:
            return _accept_terms(found, plugin, terms, ring)
    return ring


def _accept_terms(found: Found, plugin: str, terms: TalkTerms, ring: Ring) -> Step:
    """What the caller is told and asked is kept with the call, as a fact of the plugin (Q3)."""
    state = found.state
    state.unit, state.dual_channel = terms.unit, terms.dual_channel
    text = " ".join(prompt.text for prompt in terms.notice)
    asks = terms.consent != "notice"
    if asks or text:
        told = {"mode": terms.consent, "text": text, "key": terms.key if asks else ""}
        state.facts.setdefault(plugin, {})["consent"] = told
    if not asks:
        state.recording = True
        state.notice = prompts_as_json(terms.notice)
        return ring
    state.pending, state.consent = "consent", plugin
    return Gather(terms.notice, digits=1, first_seconds=CONSENT_SECONDS, finish_key="")


def _ring_order(
    found: Found, draft: Draft, ring: Ring, journal: Journal, ledger: Ledger, at: datetime
) -> Order:
    state = found.state
    _respect_busy(found, draft, ring, journal)
    _respect_caps(found, ring, journal, at)
    legs = tuple(
        Leg(state.legs + place, target) for place, target in enumerate(ring.targets, start=1)
    )
    state.legs += len(legs)
    state.ringing, state.accepted, state.began = [leg.number for leg in legs], 0, ""
    journal.add_legs(found, legs, at)
    if state.unit and state.recording:
        state.recording = ledger.start(found, state.unit, at)
    elif state.unit:
        ledger.release(found, state.unit, at)
        state.unit = ""
    notice = prompts_from_json(state.notice)
    state.notice = []
    return Order(
        call=found.call(at),
        token=found.token,
        number=state.number,
        step=ring,
        legs=legs,
        notice=notice,
        record=bool(state.recording),
        dual_channel=state.dual_channel,
    )


def _respect_busy(found: Found, draft: Draft, ring: Ring, journal: Journal) -> None:
    """Look once more under the write lock, so that no two calls ring the same employee (R7)."""
    wanted = {target.employee for target in ring.targets} - {None}
    if not wanted:
        return
    journal.take_turn(found.account.id)
    if wanted & (journal.busy(found.account.id, found.id) - draft.asker.call.busy):
        raise Conflict("Somebody is rung by another call now.")


def _respect_caps(found: Found, ring: Ring, journal: Journal, at: datetime) -> None:
    """Count outside numbers under the write lock, so that no two calls take the last place."""
    country = found.account.country
    numbers = [target.number for target in ring.targets if isinstance(target, Phone)]
    outside = sum(not is_emergency(number, country) for number in numbers)
    if not outside:
        return
    rules = dial_rules(found.account)
    midnight = datetime.combine(
        at.astimezone(found.account.zone), time(), tzinfo=found.account.zone
    )
    now, today = journal.outside_legs(found.account.id, midnight)
    if now + outside > rules.concurrent:
        words = N_("The account may have %(count)s outside calls at a time.")
        raise CapsReached(phrase(words, count=rules.concurrent))
    if today + outside > rules.daily:
        words = N_("The account may dial %(count)s outside numbers a day.")
        raise CapsReached(phrase(words, count=rules.daily))


def _order(found: Found, call: Call, step: Any) -> Order:
    return Order(call=call, token=found.token, number=found.state.number, step=step)
