"""Keeps scenarios: checks, saves and copies them, for pages, API and commands alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from core.calls.moment import moment
from core.calls.scenario import read_scenario
from core.contract.call import Outcome
from core.contract.errors import BadInput
from core.contract.texts import N_, Phrase, phrase
from core.store.lines import LineRow
from core.store.scenarios import ScenarioRow

MOST_OF_LINE = 50
"""So many scenarios one number may have: they are run before each of its changes."""

MOST_OF_ACCOUNT = 200
"""So many an account may have: they are all run before a change of what its numbers share."""

ANY_INSTANT = datetime(2024, 1, 1, tzinfo=UTC)
"""Whether a moment can be read does not depend on when it is."""

TOO_MANY = N_(
    "%(whose)s has %(most)s scenarios, which is the most: they are run before each change. Delete"
    " one first."
)

LONGEST_NAME = 120
"""Characters; what the table holds."""


def scenarios_of(lines: Iterable[LineRow | int]) -> list[ScenarioRow]:
    """The scenarios of some numbers with their numbers, by number and name."""
    query = ScenarioRow.select(ScenarioRow, LineRow).join(LineRow)
    return list(
        query.where(ScenarioRow.line.in_(list(lines))).order_by(LineRow.number, ScenarioRow.name)
    )


def scenarios_of_account(account: Any) -> list[ScenarioRow]:
    """All scenarios of an account with their numbers, by number and name."""
    query = ScenarioRow.select(ScenarioRow, LineRow).join(LineRow)
    account_id = getattr(account, "id", account)
    return list(
        query.where(ScenarioRow.account == account_id).order_by(LineRow.number, ScenarioRow.name)
    )


def scenario_json(row: ScenarioRow) -> dict[str, Any]:
    """A scenario as ``centralino simulate`` reads it: with number, name and expectation."""
    script = row.script
    expected = {"outcome": row.outcome, "ends": row.ends}
    return {
        "name": row.name,
        "call": {"to": row.line.number, **script["call"]},
        **{key: value for key, value in script.items() if key != "call" and value},
        "expect": {key: value for key, value in expected.items() if value},
    }


def save_scenario(
    line: LineRow, data: Mapping[str, Any], row: ScenarioRow | None = None
) -> ScenarioRow:
    """Check and write a scenario of a number.

    Args:
        line: the number; what ``data`` says of the number that is called does not count.
        data: as ``scenario_json`` gives it.
        row: the one to change; None: a new one.

    Raises:
        BadInput: ``fields`` says what is wrong: no name, a name that is taken, a scenario that
            cannot be run, one too many.
    """
    call = {**_call(data), "to": line.number}
    scenario = read_scenario({**data, "call": call})
    moment(scenario["call"]["at"], line.zone, ANY_INSTANT)
    name = _free_name(line, scenario["name"], row)
    if row is None:
        _refuse_too_many(line)
    row = row or ScenarioRow(account=line.account_id, line=line)
    row.name = name
    row.script = script_of(scenario)
    row.outcome, row.ends = scenario["expect"]["outcome"], scenario["expect"]["ends"]
    row.save()
    return row


def script_of(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a checked scenario that a row keeps, in the words of a file."""
    call = scenario["call"]
    said = {"from": call["from_"], **{key: call[key] for key in ("at", "plan", "sip_to")}}
    kept = ("caller", "employees", "numbers", "talk_seconds")
    return {
        "call": {key: value for key, value in said.items() if value},
        **{key: scenario[key] for key in kept},
    }


def copy_scenarios(rows: Iterable[ScenarioRow], lines: Iterable[LineRow]) -> int:
    """Copy scenarios to other numbers of the account; one of the same name there is replaced.

    Returns:
        How many there are now, new or replaced.

    Raises:
        BadInput: a number would have too many.
    """
    count, rows = 0, list(rows)
    with ScenarioRow._meta.database.atomic():
        for line in lines:
            there = {one.name: one for one in scenarios_of([line])}
            for row in rows:
                if row.line_id != line.id:
                    save_scenario(line, scenario_json(row), there.get(row.name))
                    count += 1
    return count


def _call(data: Mapping[str, Any]) -> Mapping[str, Any]:
    call = data.get("call") if isinstance(data, Mapping) else None
    if isinstance(call, Mapping):
        return call
    raise BadInput(phrase(N_("A scenario is a mapping with name, call, caller and expect.")))


def _free_name(line: LineRow, name: str, row: ScenarioRow | None) -> str:
    name = name.strip()
    if not name:
        raise _wrong(phrase(N_("Give the scenario a name.")))
    if len(name) > LONGEST_NAME:
        text = N_("The name has %(count)s characters; %(most)s are the most.")
        raise _wrong(phrase(text, count=len(name), most=LONGEST_NAME))
    same = ScenarioRow.of(line.account_id).where(ScenarioRow.line == line, ScenarioRow.name == name)
    if any(one.id != (row and row.id) for one in same):
        text = N_("%(number)s has a scenario “%(name)s” already; give another name.")
        raise _wrong(phrase(text, number=line.number, name=name))
    return name


def _refuse_too_many(line: LineRow) -> None:
    own = ScenarioRow.of(line.account_id)
    if own.where(ScenarioRow.line == line).count() >= MOST_OF_LINE:
        raise BadInput(phrase(TOO_MANY, whose=line.number, most=MOST_OF_LINE))
    if own.count() >= MOST_OF_ACCOUNT:
        whose = line.account.name
        raise BadInput(phrase(TOO_MANY, whose=whose, most=MOST_OF_ACCOUNT))


def _wrong(sentence: Phrase) -> BadInput:
    """What is wrong with a name."""
    return BadInput(sentence, {"name": sentence})


OUTCOMES = tuple(str(one) for one in Outcome)
"""What can be expected of a call."""
