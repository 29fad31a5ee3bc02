"""Scenarios of a number as a YAML file: a list of what ``centralino simulate`` reads."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import Any

from ruamel.yaml import YAML, YAMLError
from ruamel.yaml.error import MarkedYAMLError

from core.calls.rehearsal.saved import save_scenario, scenario_json, scenarios_of
from core.contract.errors import BadInput
from core.contract.texts import N_, phrase
from core.plans.file.syntax import place_and_sentence
from core.store.lines import LineRow
from core.store.scenarios import ScenarioRow

LARGEST = 500_000
"""Bytes of a file; 50 scenarios take a tenth of it."""


def read_yaml(text: bytes, name: str) -> Any:
    """What stands in a YAML file.

    Args:
        text: the file.
        name: of the file, for sentences.

    Raises:
        BadInput: it is no YAML; the sentence names the line.
    """
    if len(text) > LARGEST:
        raise BadInput(phrase(N_("%(name)s is too large for a file of scenarios."), name=name))
    try:
        return YAML(typ="safe").load(text.decode())
    except UnicodeDecodeError:
        raise BadInput(phrase(N_("%(name)s is not UTF-8 text."), name=name)) from None
    except YAMLError as error:
        raise BadInput(_no_yaml(error, name)) from None


def _no_yaml(error: YAMLError, name: str) -> str:
    if not isinstance(error, MarkedYAMLError):
        return phrase(N_("%(name)s is no YAML."), name=name)
    line, column, why = place_and_sentence(error)
    words = N_("%(name)s, line %(line)s, column %(column)s: %(why)s")
    return phrase(words, name=name, line=line, column=column, why=why)


def export_scenarios(rows: Iterable[ScenarioRow]) -> str:
    """Scenarios as the text of a file."""
    out = StringIO()
    writer = YAML()
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.dump({"scenarios": [scenario_json(row) for row in rows]}, out)
    return out.getvalue()


def import_scenarios(line: LineRow, data: Any) -> int:
    """Save the scenarios of a file for a number; one of the same name there is replaced.

    Args:
        line: the number that is called by them from now on, whatever the file says.
        data: ``scenarios``: a list; or one scenario.

    Returns:
        How many.

    Raises:
        BadInput: one cannot be taken; nothing is saved.
    """
    listed = data.get("scenarios", [data]) if isinstance(data, dict) else data
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        text = N_("Write scenarios: and a list of scenarios, each with name and call.")
        raise BadInput(phrase(text))
    with ScenarioRow._meta.database.atomic():
        there = {one.name: one for one in scenarios_of([line])}
        for place, one in enumerate(listed, start=1):
            _import(line, one, place, there)
    return len(listed)


def _import(line: LineRow, data: dict[str, Any], place: int, there: dict[str, ScenarioRow]) -> None:
    name = str(data.get("name", "")).strip()
    try:
        row = save_scenario(line, data, there.get(name))
    except BadInput as error:
        text = N_("Scenario %(place)s: %(why)s")
        shown = f"{place} ({name})" if name else place
        raise BadInput(phrase(text, place=shown, why=error.message), error.fields) from None
    there[row.name] = row
