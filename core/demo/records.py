"""Writes invented calls into the tables: calls, phones, traces, recordings, offers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import peewee

from core.calls.availability import ring_target
from core.calls.fetching import write_whole
from core.calls.state import State
from core.calls.tables import CallEventRow, CallRow, LegRow, OfferRow, RecordingRow
from core.contract.call import Outcome, Talk
from core.contract.events import RingOutcome
from core.contract.steps import Phone, Target
from core.demo.calls import PROMPT_SECONDS, RING_SECONDS, PastCall
from core.demo.companies import Company
from core.demo.sounds import conversation
from core.demo.traces import Traces
from core.demo.units import Units
from core.plans.gate import Grants

AT_ONCE = 200
"""Rows in one statement."""

TUNES = 8

NEW, HEARD_AFTER = timedelta(days=2), timedelta(hours=3)
"""Younger messages were not heard yet; all others so long after they came."""


def write_calls(
    company: Company, calls: list[PastCall], grants: Grants, units: Units, traces: Traces
) -> list[int]:
    """Write a company's calls, oldest first; returns their ids."""
    rows = [_call(company, call, grants, units) for call in calls]
    _insert(CallRow, rows)
    ids = dict(
        CallRow.select(CallRow.ref, CallRow.id).where(CallRow.account == company.account).tuples()
    )
    found = [ids[row["ref"]] for row in rows]
    pairs = list(zip(calls, found, strict=True))
    _insert(CallEventRow, [_event(company, call, id, units, traces) for call, id in pairs])
    _insert(LegRow, [leg for call, id in pairs for leg in _legs(company, call, id)])
    _insert(OfferRow, _offers(company, calls))
    return found


def write_recordings(
    company: Company, calls: list[PastCall], ids: list[int], storage: Path, now: datetime
) -> int:
    """Write recordings and messages with their sound; returns how many."""
    count = 0
    for call, call_id in zip(calls, ids, strict=True):
        if call.recorded or call.outcome is Outcome.VOICEMAIL:
            _recording(company, call, call_id, storage, now)
            count += 1
    return count


def _insert(table: type[peewee.Model], rows: Iterable[dict[str, Any]]) -> None:
    for batch in peewee.chunked(rows, AT_ONCE):
        table.insert_many(batch).execute()


def _call(company: Company, call: PastCall, grants: Grants, units: Units) -> dict[str, Any]:
    token = secrets.token_urlsafe(18)
    answering = call.rung[-1] if call.outcome is Outcome.ANSWERED else None
    return {
        "account": company.account,
        "line": call.line,
        "gateway": call.line.gateway,
        "ref": f"demo-{token}",
        "token": token,
        "caller": call.caller.number,
        "called": call.line.number,
        "started_at": call.at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "outcome": call.outcome,
        "employee": answering,
        "client_name": call.caller.name,
        "talk_seconds": call.talk_seconds if call.talked else 0,
        "version": 2,
        "state": _state(call, grants, units).as_text(),
    }


def _state(call: PastCall, grants: Grants, units: Units) -> State:
    rung = len(call.rung) + bool(call.forwarded_to)
    state = State(
        revision=grants.revision,
        plan=grants.plan,
        number=max(rung, 1),
        sent=max(rung, 1),
        rings=rung,
        legs=rung,
        outcome=str(call.outcome),
        recording=call.recorded,
        unit=units.grant.feature if call.recorded else "",
        served=call.talked or call.outcome is Outcome.VOICEMAIL,
    )
    if call.talked:
        employee = call.rung[-1].id if call.outcome is Outcome.ANSWERED else None
        target = _targets(call)[-1]
        state.accepted = rung
        state.talk = asdict(Talk(employee, target.key, call.talk_seconds, call.recorded))
    return state


def _event(
    company: Company, call: PastCall, call_id: int, units: Units, traces: Traces
) -> dict[str, Any]:
    return {
        "account": company.account,
        "call": call_id,
        "key": "arrived",
        "at": call.at,
        "answer": "",
        "trace": traces.of(call, units.use(call, call_id)),
    }


def _targets(call: PastCall) -> list[Target]:
    targets = [ring_target(employee.picture()) for employee in call.rung]
    return [*targets, Phone(call.forwarded_to)] if call.forwarded_to else targets


def _legs(company: Company, call: PastCall, call_id: int) -> Iterator[dict[str, Any]]:
    """The phones that were rung, one after the other; the last may have been answered."""
    targets = _targets(call)
    at = call.at + timedelta(seconds=PROMPT_SECONDS)
    for number, target in enumerate(targets, start=1):
        answered = call.answered_at if number == len(targets) else None
        ended = call.ended_at if answered else at + timedelta(seconds=RING_SECONDS)
        yield {
            "account": company.account,
            "call": call_id,
            "number": number,
            "target": target.key,
            "employee": target.employee,
            "address": target.number if isinstance(target, Phone) else target.address,
            "outside": isinstance(target, Phone),
            "started_at": at,
            "answered_at": answered,
            "ended_at": ended,
            "ring": RingOutcome.ANSWERED if answered else RingOutcome.NO_ANSWER,
        }
        at = ended


def _offers(company: Company, calls: list[PastCall]) -> list[dict[str, Any]]:
    """When each was last offered a call and last talked."""
    offered: dict[str, datetime] = {}
    talked: dict[str, datetime] = {}
    for call in calls:
        for target in _targets(call):
            offered[target.key] = call.at
        if call.talked:
            talked[_targets(call)[-1].key] = call.ended_at
    return [
        {
            "account": company.account,
            "target": target,
            "offered_at": at,
            "talked_until": talked.get(target),
        }
        for target, at in offered.items()
    ]


def _recording(
    company: Company, call: PastCall, call_id: int, storage: Path, now: datetime
) -> None:
    """One sound; messages of the last two days are still to be heard."""
    seconds = 2 if call.recorded else call.talk_seconds
    heard = not call.recorded and now - call.at > NEW
    sound = conversation(seconds, call_id % TUNES)
    row = RecordingRow.create(
        account=company.account,
        call=call_id,
        kind="conversation" if call.recorded else "message",
        ref=f"demo-{call_id}",
        status="stored",
        seconds=seconds,
        bytes=len(sound),
        announced_at=call.ended_at,
        stored_at=call.ended_at,
        heard_at=call.ended_at + HEARD_AFTER if heard else None,
    )
    account = company.account.id
    row.path = f"account-{account}/{row.announced_at:%Y-%m}/{row.id}.wav"
    row.save()
    write_whole(storage / row.path, sound)
