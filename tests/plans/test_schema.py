"""The JSON Schema of plan files: it says what the reader says, as far as an editor can see."""

from __future__ import annotations

import json
import re
import runpy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from core.config import PROJECT
from core.contract.features import Feature, FeatureKind
from core.plans.file.document import parse_plans
from core.plans.file.faults import PlansFault
from core.plans.file.schema import json_schema
from tests.plans.conftest import QUOTA, catalogue_of

CATALOGUE = catalogue_of(
    Feature("crm", "CRM", without="Nobody is identified."),
    Feature("sms", "Texts", FeatureKind.METERED),
    Feature("ivr.max_depth", "Depth of menus", FeatureKind.NUMBER),
    Feature(QUOTA, "Recorded calls per month", FeatureKind.QUOTA),
    Feature("recording.keep", "Keep", FeatureKind.CHOICE, choices=("month", "12", "year")),
    acme="ImportError: no module named acme",
)
SCHEMA = json_schema(CATALOGUE)
EDITOR = Draft202012Validator(SCHEMA)

FEATURES = (*CATALOGUE.features, "crmm", "recording", "acme", "acme.gold", "acmes")
SCALARS = (
    *("true", "false", "unlimited", "0", "1", "100", "999999999", "1000000000", "-1", "1.5"),
    *("yes", "no", "on", "off", "null", "~", ".inf", "010", "0x10", "0o14", "1_000", "22:30"),
    *("True", "month", "year", "12", "'12'", "'month'", "'true'", '"100"', "''", "many", "Free"),
    *(
        "[]",
        "{}",
        "[80, 100]",
        "{limit: 5}",
        "{limit: 5, warn_at: [80]}",
        "{limit: 5, warn_at: []}",
    ),
    *("{limit: unlimited}", "{limit: unlimited, warn_at: [80]}", "{limit: false}", "{limit: true}"),
    *("{limit: 5, warn_at: [0]}", "{limit: 5, warn_at: [101]}", "{limit: 5, warn_at: [5, 5]}"),
    *("{limit: 5, warn_at: 80}", "{warn_at: [80]}", "{limit: 5, warn: [80]}", "{limit: }"),
)


def refused_by_reader(text: str) -> list[str]:
    try:
        parse_plans(text, CATALOGUE)
    except PlansFault as refused:
        return [str(one) for one in refused.faults]
    return []


def refused_by_editor(text: str) -> list[str]:
    return [f"{one.json_path}: {one.message}" for one in EDITOR.iter_errors(as_json(text))]


def as_json(text: str):
    """The file as YAML's JSON schema (1.2, 10.2) has it; what that cannot read stays a text."""
    return _plain(YAML(typ="safe", pure=True).compose(text))


def _plain(node):
    if isinstance(node, MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(one) for one in node.value]
    assert isinstance(node, ScalarNode)
    number = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?"
    if node.style is None and re.fullmatch(f"true|false|null|{number}", node.value):
        return json.loads(node.value)
    return None if node.style is None and node.value in ("", "~") else node.value


def test_the_file_in_the_documentation_is_the_one_of_the_built_in_plugins():
    script = runpy.run_path(str(PROJECT / "scripts" / "plans-schema.py"))
    assert script["FILE"].read_text(encoding="utf-8") == script["text"](), (
        "docs/plans.schema.json is out of date: run .venv/bin/python scripts/plans-schema.py"
    )
    schema = json.loads(script["text"]())
    Draft202012Validator.check_schema(schema)
    assert Draft202012Validator(schema).is_valid(as_json((PROJECT / "plans.yaml").read_text()))


def test_editors_find_the_schema_beside_the_plan_file():
    text = (PROJECT / "plans.yaml").read_text(encoding="utf-8")
    (path,) = re.findall(r"^# yaml-language-server: \$schema=(\S+)$", text, re.MULTILINE)
    assert (PROJECT / path).is_file()


def test_a_feature_says_what_it_is_and_what_happens_without_it():
    Draft202012Validator.check_schema(SCHEMA)
    cells = SCHEMA["$defs"]["plan"]["properties"]["features"]["properties"]
    assert cells["crm"] == {
        "title": "CRM",
        "description": "Without it: Nobody is identified. Takes true or false.",
        "$ref": "#/$defs/switch",
    }
    assert cells["recording.keep"]["enum"] == ["month", "12", "year", 12, False]


def in_a_plan(feature: str, value: str) -> str:
    return f"schema: 1\nplans:\n  free:\n    features:\n      {feature}: {value}\n"


def agree(text: str) -> bool:
    return bool(refused_by_editor(text)) == bool(refused_by_reader(text))


@pytest.mark.parametrize("feature", FEATURES)
def test_of_a_single_value_both_say_the_same(feature):
    assert [value for value in SCALARS if not agree(in_a_plan(feature, value))] == []


@given(feature=st.sampled_from(FEATURES), number=st.integers() | st.floats(allow_nan=False))
def test_of_a_single_number_both_say_the_same(feature, number):
    # To JSON Schema 1.0 is the whole number 1; how it was typed only the reader sees.
    if not (isinstance(number, float) and number.is_integer()):
        assert agree(in_a_plan(feature, json.dumps(number)))


GOOD = {
    "crm": ("true", "false"),
    "sms": ("true", "false"),
    "ivr.max_depth": ("0", "2", "999999999", "unlimited", "false"),
    QUOTA: ("100", "unlimited", "false", "{limit: 5}", "{limit: 5, warn_at: [80, 100]}"),
    "recording.keep": ("month", "12", "'12'", "year", "false"),
    "acme.gold": ("true", "whatever", "[1]"),
}
TITLES = ("Free", "24 hours", "'No'", "|\n      Two\n      lines")
KEYS = ("free", "a-b_2", "'gold'", "plus")
OTHERS = ("plans", "schema", "title", "extends", "features", "Basic", "1st", "x" * 61, "owner")


@st.composite
def files(draw) -> str:
    """Plan files, half of them good, half with another key or another value in one line."""
    lines = ["schema: 1", "plans:"]
    for place, key in enumerate(KEYS[: draw(st.integers(1, 4))]):
        lines += [f"  {key}:", f"    title: {draw(st.sampled_from(TITLES))}"]
        lines += [f"    extends: {draw(st.sampled_from(KEYS[:place]))}"] if place else []
        cells = draw(st.lists(st.sampled_from(sorted(GOOD)), unique=True))
        lines += ["    features:" if cells else "    features: {}"]
        lines += [f"      {cell}: {draw(st.sampled_from(GOOD[cell]))}" for cell in cells]
    if draw(st.booleans()):
        place = draw(st.integers(0, len(lines) - 1))
        key, _, value = lines[place].partition(":")
        indent = " " * (len(key) - len(key.lstrip()))
        words = st.sampled_from((*FEATURES, *OTHERS))
        changed = [f"{key}: {draw(st.sampled_from(SCALARS))}", f"{indent}{draw(words)}:{value}", ""]
        lines[place] = draw(st.sampled_from(changed))
    return "\n".join([*lines, ""])


@given(files())
def test_what_the_editor_refuses_the_reader_refuses(text):
    try:
        by_editor = refused_by_editor(text)
    except MarkedYAMLError as error:  # the change of a line has made it no YAML at all
        by_editor = [str(error)]
    assert refused_by_reader(text) or not by_editor, by_editor


@pytest.mark.parametrize(
    "text",
    [
        "schema: 1\nplans:\n  free: {title: Free}\n  plus: {extends: free}\n",
        in_a_plan(QUOTA, "{limit: 0, warn_at: []}"),
        in_a_plan("acme.gold", "[whatever]"),
    ],
)
def test_what_the_reader_takes_the_editor_takes(text):
    assert refused_by_reader(text) == []
    assert refused_by_editor(text) == []


@pytest.mark.parametrize(("typed", "read"), [("010", 10), ("+5", 5), ("0x10", 16), ("1_000", 1000)])
def test_how_a_number_was_typed_only_the_reader_sees(typed, read):
    text = in_a_plan("ivr.max_depth", typed)
    value = YAML(typ="safe", pure=True).load(text)
    assert value["plans"]["free"]["features"]["ivr.max_depth"] == read
    assert EDITOR.is_valid(value)
    assert len(refused_by_reader(text)) == 1
