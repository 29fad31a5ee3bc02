"""A plan file: what is taken, and what is refused with which line and column (plans.md §4)."""

from __future__ import annotations

import pytest

from core.contract.errors import BadInput
from core.contract.features import Feature, FeatureKind
from core.plans.file.document import parse_plans
from core.plans.file.faults import PlansFault
from tests.plans.conftest import QUOTA, catalogue_of

HEAD = """schema: 1
plans:
  free:
    title: Free
    features:
"""


def faults_of(text: str | bytes, catalogue) -> list[str]:
    with pytest.raises(PlansFault) as refused:
        parse_plans(text, catalogue)
    assert str(refused.value) == "\n".join(str(one) for one in refused.value.faults)
    return [str(one) for one in refused.value.faults]


def fault_of(text: str | bytes, catalogue) -> str:
    (only,) = faults_of(text, catalogue)
    return only


def test_a_good_file(catalogue):
    document = parse_plans(
        """
schema: 1
plans:
  free:
    title: Free
    features:
      recording: true
      recording.monthly_calls: {limit: 100, warn_at: [90, 50]}
      ivr.max_depth: 0
      ivr: true
  plus:
    extends: free
    features:
      recording.monthly_calls: unlimited
      ivr: false
""",
        catalogue,
    )
    free, plus = document.plans.values()
    assert (free.key, free.title, free.line, plus.title, plus.extends) == (
        "free",
        "Free",
        4,
        "plus",
        "free",
    )
    cell = document.cell("free", QUOTA)
    assert (cell.value, cell.warn_at, cell.line, cell.granted) == (100, (50, 90), 8, True)
    assert (document.cell("free", "ivr.max_depth").value, free.inherited_from(QUOTA)) == (0, "")
    inherited = document.cell("plus", "recording")
    assert (inherited.line, plus.inherited_from("recording")) == (7, "free")
    assert (document.cell("plus", QUOTA).value, plus.inherited_from(QUOTA)) == ("unlimited", "")
    assert document.cell("plus", QUOTA).warn_at == (80, 100)
    assert document.cell("plus", "crm") is None
    assert document.cell("gone", "crm") is None
    assert document.warnings == ()


def test_a_part_is_included_with_its_plugin_only(catalogue):
    document = parse_plans(
        HEAD + "      ivr.max_depth: 2\n  plus:\n    extends: free\n    features: {ivr: true}\n",
        catalogue,
    )
    assert not document.includes("free", "ivr.max_depth")
    assert document.includes("plus", "ivr.max_depth")
    assert [str(one) for one in document.warnings] == [
        "plans.yaml:6:7 plans.free.features.ivr.max_depth: "
        "has no effect, because the plan does not include ivr"
    ]


def test_the_first_plan_with(catalogue):
    document = parse_plans(
        HEAD
        + """      queue.max_groups: 1
  basic: {extends: free, features: {queue.max_groups: 5, ivr: true}}
  top: {extends: basic, features: {queue.max_groups: unlimited}}
""",
        catalogue,
    )
    first = document.first_plan_with
    assert (first("queue.max_groups"), first("queue.max_groups", 1)) == ("free", "free")
    assert (first("queue.max_groups", 2), first("queue.max_groups", 6)) == ("basic", "top")
    assert first("queue.max_groups", "unlimited") == "top"
    assert (first("ivr"), first("ivr", True), first("crm")) == ("basic", "basic", None)


def test_a_choice_is_granted_by_its_word_and_compared_by_its_order():
    storage = Feature("recording.keep", "Keep", FeatureKind.CHOICE, choices=("month", "year"))
    catalogue = catalogue_of(storage)
    text = HEAD + "      recording.keep: month\n  plus: {features: {recording.keep: year}}\n"
    document = parse_plans(text, catalogue)
    assert document.first_plan_with("recording.keep", "month") == "free"
    assert document.first_plan_with("recording.keep", "year") == "plus"
    assert fault_of(HEAD + "      recording.keep: week\n", catalogue) == (
        "plans.yaml:6:23 plans.free.features.recording.keep: "
        'week cannot be granted; "Keep" takes false or one of: month, year'
    )


def test_all_faults_are_told_at_once_in_file_order(catalogue):
    text = """schema: 2
plans:
  free:
    titel: Free
    extends: basics
    features:
      recordng: true
      crm: 1
      ivr.max_depth: -1
      ivr.max_depth: 2
  Basic:
    extends: free
owner: me
"""
    assert faults_of(text, catalogue) == [
        "plans.yaml:1:9 schema: this version reads schema: 1 only",
        'plans.yaml:4:5 plans.free.titel: unknown key, did you mean "title"?',
        'plans.yaml:5:14 plans.free.extends: there is no plan "basics", did you mean "Basic"?',
        'plans.yaml:7:7 plans.free.features.recordng: unknown feature, did you mean "recording"?',
        'plans.yaml:8:12 plans.free.features.crm: 1 cannot be granted; "CRM" takes true or false',
        "plans.yaml:9:22 plans.free.features.ivr.max_depth: -1 cannot be granted; write unlimited",
        "plans.yaml:10:7 plans.free.features.ivr.max_depth: written twice, first on line 9",
        "plans.yaml:11:3 plans.Basic: Basic is not taken, "
        "a plan's key is a lower-case word such as free or basic-2",
        "plans.yaml:13:1 owner: unknown key; known here: schema, plans",
    ]


@pytest.mark.parametrize(
    ("typed", "column", "sentence"),
    [
        ("crm: yes", 12, "yes cannot be granted; write true"),
        ("crm: on", 12, "on cannot be granted; write true"),
        ("crm: no", 12, "no cannot be granted; write false"),
        ("crm: Off", 12, "Off cannot be granted; write false"),
        ("crm: True", 12, "True cannot be granted; write true"),
        ("crm: treu", 12, 'treu cannot be granted; "CRM" takes true or false, '
         'did you mean "true"?'),
        ("crm: -1", 12, '-1 cannot be granted; "CRM" takes true or false'),
        ("crm: null", 12, "null cannot be granted; write false when it is not in the plan"),
        ('crm: "true"', 12, '"true" in quotes cannot be granted; write it without quotes'),
        ('crm: "yes"', 12, '"yes" in quotes cannot be granted; "CRM" takes true or false'),
        ('crm: "\\e[31m\\nno"', 12, '" [31m no" in quotes cannot be granted; '
         '"CRM" takes true or false'),
        (f"crm: {'x' * 61}", 12, f'{"x" * 60}… cannot be granted; "CRM" takes true or false'),
        ("crm: unlimited", 12, 'unlimited cannot be granted; "CRM" takes true or false'),
        ("crm: [true]", 12, 'a sequence cannot be granted; "CRM" takes true or false'),
        ("crm: {limit: 1}", 12, 'a mapping cannot be granted; "CRM" takes true or false'),
        ("crm:", 7, "an empty value cannot be granted; "
         "write false when it is not in the plan"),
        ("ivr.max_depth: true", 22, 'true cannot be granted; "Depth of menus" takes false, '
         "a whole number such as 0 or 100, or unlimited"),
        ("ivr.max_depth: 010", 22, '010 cannot be granted; "Depth of menus" takes false, '
         "a whole number such as 0 or 100, or unlimited"),
        ("ivr.max_depth: 22:30", 22, '22:30 cannot be granted; "Depth of menus" takes false, '
         "a whole number such as 0 or 100, or unlimited"),
        ("ivr.max_depth: 1_000", 22, '1_000 cannot be granted; "Depth of menus" takes false, '
         "a whole number such as 0 or 100, or unlimited"),
        ("ivr.max_depth: 1.5", 22, '1.5 cannot be granted; "Depth of menus" takes false, '
         "a whole number such as 0 or 100, or unlimited"),
        ("ivr.max_depth: -5", 22, '-5 cannot be granted; "Depth of menus" takes false, '
         "a whole number such as 0 or 100, or unlimited"),
        ("ivr.max_depth: 9999999999", 22, '9999999999 cannot be granted; "Depth of menus" takes '
         "false, a whole number such as 0 or 100, or unlimited"),
        ("ivr.max_depth: .inf", 22, ".inf cannot be granted; write unlimited"),
        ("ivr.max_depth: Unlimited", 22, "Unlimited cannot be granted; write unlimited"),
        ("ivr.max_depth: unlimted", 22, 'unlimted cannot be granted; "Depth of menus" takes false, '
         'a whole number such as 0 or 100, or unlimited, did you mean "unlimited"?'),
        ("ivr.max_depth: null", 22, "null cannot be granted; write false when it is not in the "
         "plan, 0 when there is none of it"),
        ("ivr.max_depth: ~", 22, "~ cannot be granted; write false when it is not in the plan, "
         "0 when there is none of it"),
        ("ivr.max_depth: yes", 22, 'yes cannot be granted; "Depth of menus" takes false, '
         "a whole number such as 0 or 100, or unlimited"),
        ("ivr.max_depth: no", 22, "no cannot be granted; write false"),
    ],
)  # fmt: skip
def test_a_value_that_readers_disagree_on_is_refused(typed, column, sentence, catalogue):
    key = typed.partition(":")[0]
    expected = f"plans.yaml:6:{column} plans.free.features.{key}: {sentence}"
    assert fault_of(f"{HEAD}      {typed}\n", catalogue) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("{warn_at: [80]}", "6:32 {path}: limit is missing"),
        ("{limit: 5, warn: [80]}", '6:43 {path}.warn: unknown key, did you mean "warn_at"?'),
        ("{limit: 5, limit: 6}", "6:43 {path}.limit: written twice, first on line 6"),
        ("{limit: unlimited, warn_at: [80]}",
         "6:51 {path}.warn_at: only a counted limit can warn"),
        ("{limit: 5, warn_at: 80}",
         "6:52 {path}.warn_at: 80 stands where percents like [80, 100] are expected"),
        ("{limit: 5, warn_at: [80, 80]}", "6:52 {path}.warn_at: 80 stands here twice"),
        ("{limit: 5, warn_at: [9, 0]}",
         "6:56 {path}.warn_at: 0 is no percent; give numbers from 1 to 100"),
        ("{limit: 5, warn_at: [101]}",
         "6:53 {path}.warn_at: 101 is no percent; give numbers from 1 to 100"),
        ("{limit: 5, warn_at: ['80']}",
         '6:53 {path}.warn_at: "80" in quotes is no percent; give numbers from 1 to 100'),
        ("{limit: 5, warn_at: [&a 80]}",
         "6:53 anchors and aliases are not taken; write the value out, or use extends"),
        ("{limit: many}", '6:40 {path}.limit: many cannot be granted; "Recorded calls per month" '
         "takes false, a whole number such as 0 or 100, or unlimited"),
    ],
)  # fmt: skip
def test_the_details_of_a_quota(typed, expected, catalogue):
    text = f"{HEAD}      {QUOTA}: {typed}\n"
    path = f"plans.free.features.{QUOTA}"
    assert fault_of(text, catalogue) == f"plans.yaml:{expected.format(path=path)}"


def test_a_quota_that_never_warns(catalogue):
    text = f"{HEAD}      {QUOTA}: {{limit: 5, warn_at: []}}\n"
    assert parse_plans(text, catalogue).cell("free", QUOTA).warn_at == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1 the file is empty; it begins with schema: 1 and plans:"),
        ("# only a comment\n", "1:1 the file is empty; it begins with schema: 1 and plans:"),
        ("---\n", "1:1 the file is empty; it begins with schema: 1 and plans:"),
        ("[1]\n", "1:1 a sequence stands where a mapping is expected"),
        ("plans\n", "1:1 plans stands where a mapping is expected"),
        ("schema: 1\n", "1:1 plans: is missing"),
        ("plans: {a: {}}\n", "1:1 schema: 1 is missing"),
        ("schema: 1\nplans: {}\n", "2:8 plans: there is no plan"),
        ("schema: 1\nplans:\n", "2:1 plans: an empty value stands where a mapping is expected"),
        ("schema: '1'\nplans: {a: {}}\n", "1:9 schema: this version reads schema: 1 only"),
        ("schema: 1\nschema: 1\nplans: {a: {}}\n", "2:1 schema: written twice, first on line 1"),
        ("schema: 1\nplans: {a: {}, a: {}}\n", "2:16 plans.a: written twice, first on line 2"),
        ("schema: 1\nplans: {no: {}}\n", "2:9 plans.no: no is not taken, "
         "a plan's key is a lower-case word such as free or basic-2"),
        ("schema: 1\nplans: {[a]: {}}\n", "2:9 plans: a key must be a word"),
        ("schema: 1\nplans: {a: {title: no}}\n",
         '2:20 plans.a.title: not every reader takes no as a text; write "no"'),
        ("schema: 1\nplans: {a: {title: 22:30}}\n",
         '2:20 plans.a.title: not every reader takes 22:30 as a text; write "22:30"'),
        ("schema: 1\nplans: {a: {title: 0o14}}\n",
         '2:20 plans.a.title: not every reader takes 0o14 as a text; write "0o14"'),
        ("schema: 1\nplans: {a: {title: ' '}}\n",
         '2:20 plans.a.title: " " in quotes stands where a text is expected'),
        ("schema: 1\nplans: {a: {title: }}\n",
         "2:13 plans.a.title: an empty value stands where a text is expected"),
        ("schema: 1\nplans: {a: {extends: [b]}}\n",
         "2:22 plans.a.extends: a sequence stands where a text is expected"),
        ("schema: 1\nplans: {gold: {}, golden: {extends: goldn}}\n",
         '2:37 plans.golden.extends: there is no plan "goldn", did you mean "gold"?'),
        ("schema: 1\nplans: {basic: {extends: basc}}\n",
         '2:26 plans.basic.extends: there is no plan "basc"'),
        ("schema: 1\nplans: {a: {features: {CRM: true}}}\n",
         '2:24 plans.a.features.CRM: unknown feature, did you mean "crm"?'),
        ("schema: 1\nplans: {a: {features: [crm]}}\n",
         "2:23 plans.a.features: a sequence stands where a mapping is expected"),
        ("schema: 1\nplans: {a: {}}\n---\nplans: {}\n",
         "3:1 a second document begins here; the file holds one"),
        ("schema: 1\nplans: {a: {}\n",
         "2:8 a comma or a } is missing in what opens here"),
        ("schema: 1\nplans: [a\n", "2:8 a comma or a ] is missing in what opens here"),
        ("schema: 1\nplans:\n\ta: {}\n", "3:1 a tab stands here; use spaces"),
        ("schema: 1\nplans: {a: {title: @x}}\n",
         "2:20 nothing can begin with @; put it in quotes"),
        ("schema: 1\nplans: {a: {title: 'x}}\n",
         "2:20 the quote that opens here is not closed"),
        ("schema: 1\nplans: {}\n  a: {}\n",
         "3:3 this is not indented like what it belongs to"),
        ("schema: 1\nplans:\n  a\n    b: {}\n",
         "4:6 this colon is one too many: the line above lacks one or is indented differently, "
         "or a text with a colon needs quotes"),
        ("schema: 1\nplans:\n  a: {}\n  b\n  c: {}\n",
         "4:3 a colon is missing here, as in key: value"),
        ("schema: 1\nplans:\n    a: {}\n  b: {}\n",
         "4:3 this is not indented like what it belongs to"),
        ('schema: 1\nplans: "\\q"\n', "2:10 this is not YAML: found unknown escape character 'q'"),
        ("schema: 1\nplans: \x01\n", "2:8 a control character cannot stand here"),
        ("schema: 1\nplans: {a: {features: {crm: !!bool true}}}\n",
         "2:29 the tag tag:yaml.org,2002:bool is not taken"),
        ("[" * 100_000, "1:9 nested deeper than 8 levels"),
        ("x" * 1_000_001, "1:1 the file is larger than 1000000 characters"),
        ("schema: 1\nplans: é".encode("latin-1"), "2:8 this is not UTF-8; save the file as UTF-8"),
        ("schema: 1\n".encode("utf-16"), "1:1 this is not UTF-8; save the file as UTF-8"),
    ],
)  # fmt: skip
def test_a_file_of_the_wrong_shape(text, expected, catalogue):
    assert fault_of(text, catalogue) == f"plans.yaml:{expected}"


def test_anchors_and_aliases_are_refused_each_with_its_line(catalogue):
    text = HEAD + "      crm: &yes true\n  plus:\n    features:\n      crm: *yes\n      <<: true\n"
    sentence = "anchors and aliases are not taken; write the value out, or use extends"
    assert faults_of(text, catalogue) == [
        f"plans.yaml:6:12 {sentence}",
        f"plans.yaml:9:12 {sentence}",
        "plans.yaml:10:7 plans.plus.features.<<: unknown feature; no installed plugin has it",
    ]


def test_a_circle_of_extends_is_told_by_everyone_in_it(catalogue):
    text = """schema: 1
plans:
  a: {extends: b}
  b: {extends: c}
  c: {extends: b}
  d: {extends: d}
"""
    assert faults_of(text, catalogue) == [
        "plans.yaml:4:16 plans.b.extends: a circle: b → c → b",
        "plans.yaml:5:16 plans.c.extends: a circle: c → b → c",
        "plans.yaml:6:16 plans.d.extends: a circle: d → d",
    ]


def test_a_plan_may_extend_one_that_stands_below(catalogue):
    text = "schema: 1\nplans:\n  a: {extends: b}\n  b: {features: {crm: true}}\n"
    assert parse_plans(text, catalogue).includes("a", "crm")


def test_a_feature_of_a_broken_plugin_only_warns(catalogue):
    document = parse_plans(HEAD + "      acme.gold: whatever\n", catalogue)
    assert [str(one) for one in document.warnings] == [
        "plans.yaml:6:7 plans.free.features.acme.gold: "
        "the plugin acme did not load, so this grants nothing for now"
    ]


def test_a_byte_order_mark_is_no_fault(catalogue):
    text = HEAD + "      crm: true\n"
    assert parse_plans(text.encode("utf-8-sig"), catalogue).includes("free", "crm")


def test_a_fault_is_bad_input_and_names_the_file(catalogue):
    with pytest.raises(BadInput, match=r"^gold\.yaml:1:1 the file is empty"):
        parse_plans("", catalogue, "gold.yaml")


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("t" * 61, "it has 61 characters; 60 are the most"),
        ("Gold\u202e", "in quotes holds a character that nobody can see; take it out"),
    ],
)
def test_a_title_can_be_read_by_people(catalogue, title, sentence):
    text = f'schema: 1\nplans: {{free: {{title: "{title}"}}}}\n'
    with pytest.raises(PlansFault) as refused:
        parse_plans(text, catalogue)
    assert sentence in str(refused.value)


def test_two_plans_of_one_title_are_told(catalogue):
    text = "schema: 1\nplans:\n  free: {title: Free}\n  gold: {title: free}\n"
    warning = parse_plans(text, catalogue).warnings[0]
    assert str(warning) == (
        "plans.yaml:4:3 plans.gold: has the same title as free; people cannot tell them apart"
    )
