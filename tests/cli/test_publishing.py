"""``plans publish``, ``revert``, ``cancel``, ``history``, ``impact``, on the test's own file."""

from __future__ import annotations

import json
import sys

import pytest

from core.app import installation
from core.plans.tables import PlanRevision
from core.store.accounts import AccountRow
from tests.cli.conftest import PLANS
from tests.support.commands import lines_of

pytestmark = pytest.mark.usefixtures("company")

MORE = PLANS.replace("monthly_calls: 100 ", "monthly_calls: 200 ")
LESS = PLANS.replace("      quality_rating: true\n", "")
WHY = ("--message", "as agreed", "--yes")


@pytest.fixture
def file(home):
    """A function that writes a file that is not the installation's own."""

    def write(text: str, name: str = "new.yaml") -> str:
        path = home / name
        path.write_text(text)
        return str(path)

    return write


@pytest.fixture
def terminal(monkeypatch):
    """Somebody sits there and answers questions; given a function, it runs before the answer."""

    def sit(answer, meanwhile=lambda: None):
        def ask(prompt):
            meanwhile()
            return answer

        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
        monkeypatch.setattr("click.termui.visible_prompt_func", ask)

    return sit


def numbers():
    with installation():
        return [one.number for one in PlanRevision.select().order_by(PlanRevision.number)]


def error(said) -> str:
    assert said.status == 1
    (line,) = lines_of(said.err)
    assert line.startswith("centralino: ")
    return line


def test_publish_shows_whom_it_affects_and_writes_the_file(run, file, plan_file):
    said = run("plans", "publish", file(MORE), *WHY)
    assert (said.status, said.err) == (0, "")
    lines = lines_of(said.out)
    assert lines[0].split() == ["free", "recording.monthly_calls", "100", "→", "200"]
    assert "It affects 1 account." in lines
    assert "  Rossi (free): recording.monthly_calls 100 → 200; Recording on +390612345678" in lines
    assert lines[-1] == "Revision 2 is published; it holds from now."
    assert plan_file.read_text() == MORE
    decision = json.loads(run("why", "Rossi", "recording.monthly_calls", "--json").out)
    assert (decision["limit"], decision["revision"]) == (200, "2")


def test_publish_as_json_prints_the_revision_and_history_the_same(run, file):
    words = ("plans", "publish", file(MORE), *WHY, "--json", "--author", "bill@example.com")
    made = json.loads(run(*words).out)
    assert (made["number"], made["source"], made["state"]) == (2, "command", "current")
    assert (made["author"], made["message"]) == ("bill@example.com", "as agreed")
    assert (made["start"], made["reverts"], made["carries"]) == ("now", None, None)
    newest, first = json.loads(run("plans", "history", "--json").out)["revisions"]
    assert newest == made
    assert (first["number"], first["state"], first["source"]) == (1, "past", "file")


def test_history_for_people(run, file):
    run("plans", "publish", file(MORE), *WHY, "--author", "bill@example.com")
    newest, first = lines_of(run("plans", "history").out)
    assert newest.split()[0] == "2"
    assert "bill@example.com  command  from now  as agreed (current)" in newest
    assert first.split()[0] == "1"


def test_the_author_is_the_machines_user_and_no_address(run, file, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "anna")
    made = json.loads(run("plans", "publish", file(MORE), *WHY, "--json").out)
    assert made["author"] == "anna (command)"

    def nobody():
        raise OSError("no such user")

    monkeypatch.setattr("getpass.getuser", nobody)
    made = json.loads(run("plans", "publish", file(PLANS), *WHY, "--json").out)
    assert made["author"] == "command"


def test_somebody_at_the_terminal_is_asked(run, file, terminal, plan_file):
    terminal("n")
    said = run("plans", "publish", file(MORE), "--message", "as agreed")
    assert error(said) == "centralino: Stopped."
    assert "It affects 1 account." in said.out
    assert (numbers(), plan_file.read_text()) == ([1], PLANS)
    terminal("y")
    assert run("plans", "publish", file(MORE), "--message", "as agreed").status == 0
    assert numbers() == [1, 2]


def test_a_script_must_say_yes(run, file):
    said = run("plans", "publish", file(MORE), "--message", "as agreed")
    assert "add --yes" in error(said)
    assert numbers() == [1]


def test_whoever_publishes_while_somebody_is_asked_comes_first(run, file, terminal, plan_file):
    def meanwhile():
        with installation() as centralino:
            from core.plans.revisions.starting import NOW

            centralino.publisher.publish(
                LESS,
                base=1,
                newest=1,
                start=NOW,
                author="bill@example.com",
                message="less",
                source="web",
                at=centralino.clock(),
            )

    terminal("y", meanwhile)
    line = error(run("plans", "publish", file(MORE), "--message", "as agreed"))
    assert "Revision 2 by bill@example.com" in line
    assert numbers() == [1, 2]
    assert plan_file.read_text() == LESS


def test_a_file_made_from_an_older_revision(run, file, plan_file):
    run("plans", "publish", file(LESS), *WHY, "--author", "bill@example.com")
    made = ("plans", "publish", file(MORE), *WHY, "--base", "1")
    line = error(run(*made))
    assert "made from revision 1" in line
    assert "revision 2 by bill@example.com (“as agreed”) holds by now" in line
    assert "can be merged" in line
    assert numbers() == [1, 2]
    said = run(*made, "--merge")
    assert said.status == 0, said.err
    both = LESS.replace("monthly_calls: 100 ", "monthly_calls: 200 ")
    assert plan_file.read_text() == both


def test_a_contradiction_is_named_and_never_merged(run, file):
    run("plans", "publish", file(MORE), *WHY)
    other = PLANS.replace("monthly_calls: 100 ", "monthly_calls: 300 ")
    for merge in ([], ["--merge"]):
        line = error(run("plans", "publish", file(other), *WHY, "--base", "1", *merge))
        assert "they contradict each other in free: recording.monthly_calls" in line
    assert numbers() == [1, 2]


@pytest.mark.parametrize("base", [[], ["--base", "1"], ["--base", "2"], ["--base", "1", "--merge"]])
def test_publishing_the_same_again_says_so(run, file, base):
    words = ("plans", "publish", file(MORE), *WHY)
    assert run(*words).status == 0
    assert "Nothing was changed: revision 2 says" in error(run(*words, *base))
    assert numbers() == [1, 2]


def test_the_installations_own_file_is_taken_by_itself(run, plan_file):
    plan_file.write_text(MORE)
    line = error(run("plans", "publish", str(plan_file), *WHY))
    assert "is taken by itself" in line
    newest = json.loads(run("plans", "history", "--json").out)["revisions"][0]
    assert (newest["number"], newest["source"], newest["state"]) == (2, "file", "current")


def test_a_faulty_file_is_not_published(run, file):
    said = run("plans", "publish", file(PLANS.replace("true", "yes")), *WHY)
    assert (said.status, said.out) == (1, "")
    assert all("new.yaml:" in line for line in lines_of(said.err))
    assert numbers() == [1]


def test_a_removed_plan_with_accounts(run, file):
    without = PLANS[: PLANS.index("  basic:")]
    said = run("plans", "publish", file(without), *WHY)
    assert "“basic” cannot be removed" in error(said)
    assert "accounts of a plan that goes (1):" in said.out
    assert "  Tui (basic)" in said.out
    with installation():
        AccountRow.update(plan="free").execute()
    assert run("plans", "publish", file(without), *WHY).status == 0


def test_a_scheduled_revision_is_shown_and_cancelled(run, file, plan_file):
    words = ("plans", "publish", file(MORE), *WHY, "--json", "--from", "2199-01-01")
    made = json.loads(run(*words).out)
    assert (made["number"], made["start"], made["state"]) == (2, "2199-01-01", "scheduled")
    assert plan_file.read_text() == PLANS
    assert "from 2199-01-01" in lines_of(run("plans", "history").out)[0]
    shown = json.loads(run("plans", "show", "--json").out)
    assert shown["version"]["number"] == 1
    (waiting,) = shown["scheduled"]
    assert (waiting["number"], waiting["start"], waiting["state"]) == (2, "2199-01-01", "scheduled")
    assert [one["feature"] for one in waiting["changes"]] == ["recording.monthly_calls"]
    assert lines_of(run("plans", "show").out)[-1] == "revision 2 from 2199-01-01: 1 change"
    assert json.loads(run("plans", "show", "2", "--json").out)["version"]["number"] == 2
    said = run("plans", "cancel", "2", *WHY)
    assert said.status == 0, said.err
    assert lines_of(said.out)[-1] == "Revision 3 is published; it holds from now."
    states = [
        one["state"] for one in json.loads(run("plans", "history", "--json").out)["revisions"]
    ]
    assert states == ["current", "past", "past"]
    assert "Revision 2 is not scheduled." in error(run("plans", "cancel", "2", *WHY))


def test_the_next_period(run, file):
    words = ("plans", "publish", file(MORE), *WHY, "--json", "--from", "next-period")
    assert json.loads(run(*words).out)["start"] == "next-period"
    found = json.loads(run("why", "Rossi", "recording.monthly_calls", "--json").out)
    assert found["limit"] == 100
    words = ("why", "Rossi", "recording.monthly_calls", "--json", "--at", "2198-01-01T12:00")
    assert json.loads(run(*words).out)["limit"] == 200


def test_a_carried_revision_is_told_as_one(run, file):
    run("plans", "publish", file(MORE), *WHY, "--from", "2199-01-01")
    run("plans", "publish", file(LESS), "--message", "less", "--yes")
    lines = lines_of(run("plans", "history").out)
    assert len(lines) == 4
    assert "as agreed (revision 2 again) (scheduled)" in lines[0]
    assert "less (current)" in lines[1]


def test_history_is_short_unless_all_is_asked_for(run, file, monkeypatch):
    monkeypatch.setattr("core.cli.history.LAST", 1)
    run("plans", "publish", file(MORE), *WHY)
    assert len(lines_of(run("plans", "history").out)) == 1
    assert len(lines_of(run("plans", "history", "--all").out)) == 2


def test_revert_is_a_new_revision_with_the_same_review(run, file, plan_file):
    run("plans", "publish", file(MORE), *WHY)
    said = run("plans", "revert", "1", "--message", "too much", "--yes")
    assert said.status == 0, said.err
    assert lines_of(said.out)[0].split() == ["free", "recording.monthly_calls", "200", "→", "100"]
    newest = json.loads(run("plans", "history", "--json").out)["revisions"][0]
    assert (newest["number"], newest["reverts"], newest["message"]) == (3, 1, "too much")
    assert plan_file.read_text() == PLANS


def test_why_in_the_past_is_told_by_the_matrix_and_the_plan_of_then(run, file):
    with installation() as centralino:
        then = centralino.clock().isoformat()
    run("plans", "publish", file(MORE), *WHY)
    run("account", "set-plan", "Rossi", "basic")
    found = json.loads(run("why", "Rossi", "recording.monthly_calls", "--json", "--at", then).out)
    assert (found["limit"], found["revision"]) == (100, "1")
    now = json.loads(run("why", "Rossi", "recording.monthly_calls", "--json").out)
    assert (now["value"], now["revision"]) == ("unlimited", "2")


def test_revisions_can_be_compared_and_shown(run, file):
    run("plans", "publish", file(MORE), *WHY)
    for words in (("1", "2"), ("1", "current"), ("1", file(MORE))):
        said = run("plans", "diff", *words)
        assert said.out.split() == ["free", "recording.monthly_calls", "100", "→", "200"]
    found = json.loads(run("plans", "diff", "1", "current", "--json").out)
    assert (found["from"]["number"], found["to"]["number"]) == (1, 2)
    assert run("plans", "show", "1", "--yaml").out == PLANS
    assert run("plans", "show", "--yaml").out == MORE
    assert run("plans", "show").out.startswith("revision 2;")


def test_impact_names_those_who_lose(run, file):
    said = run("plans", "impact", file(LESS))
    assert said.status == 0
    assert "lose (1):" in said.out
    assert "  Tui (basic): quality_rating ✓ → –" in said.out
    found = json.loads(run("plans", "impact", "1", file(LESS), "--json").out)
    assert (found["from"]["number"], found["affected"]) == (1, 1)
    assert found["losing"]["rows"][0]["account"]["name"] == "Tui"
    assert numbers() == [1]


def test_impact_prints_the_first_names_or_all(run, file):
    with installation() as centralino:
        for number in range(60):
            name = f"Company {number:02}"
            AccountRow.create(name=name, plan="basic", created_at=centralino.clock())
    said = run("plans", "impact", file(LESS))
    assert "lose (61):" in said.out
    assert said.out.count("Company") == 10
    assert "… and 51 more; --all prints them" in said.out
    assert run("plans", "impact", file(LESS), "--all").out.count("Company") == 60
    page = json.loads(run("plans", "impact", file(LESS), "--json").out)["losing"]
    assert (page["total"], len(page["rows"])) == (61, 50)
    page = json.loads(run("plans", "impact", file(LESS), "--json", "--all").out)["losing"]
    assert (page["next"], len(page["rows"])) == ("", 61)


def test_impact_tells_of_overrides(run, file):
    run("override", "set", "Tui", "quality_rating", "true", "--pin", "--reason", "promised")
    said = run("plans", "impact", file(LESS))
    assert "overrides that keep their account as it is (1):" in said.out
    assert "Tui (basic): quality_rating ✓ (promised); the plan: ✓ → –" in said.out
    assert "It affects 0 accounts." in said.out


REFUSED = [
    (("diff", "1", "99"), "There is no plan revision 99."),
    (("show", "99999999999999999999"), "“99999999999999999999” is no revision"),
    (("show", "٣"), "“٣” is no revision"),
    (("impact", "1", "2", "3"), "Give one version, or two."),
    (("revert", "99", *WHY), "There is no plan revision 99."),
    (("revert", "1", *WHY), "Nothing was changed: revision 1 says the same."),
    (("cancel", "1", *WHY), "Revision 1 is not scheduled."),
    (("cancel", "99", *WHY), "There is no plan revision 99."),
    (("publish", "{new}", "--yes"), "--message"),
    (("publish", "{new}", "--yes", "--message", " "), "Say why"),
    (("publish", "{new}", *WHY, "--from", "tomorrow"), "“tomorrow” is no start"),
    (("publish", "{new}", *WHY, "--from", "2020-01-01"), "has begun"),
    (("publish", "{new}", *WHY, "--base", "99"), "There is no plan revision 99."),
    (("publish", "nowhere.yaml", *WHY), "nowhere.yaml: No such file"),
]


def test_what_cannot_be_done(run, file):
    new = file(MORE)
    for words, sentence in REFUSED:
        said = run("plans", *(word.format(new=new) for word in words))
        assert said.status != 0
        (line,) = lines_of(said.err)
        assert line.startswith("centralino: ")
        assert sentence in line
    assert numbers() == [1]


def test_the_base_can_be_told_by_its_text(run, file):
    run("plans", "publish", file(LESS), *WHY)
    made = ("plans", "publish", file(MORE), *WHY, "--base")
    assert "made from revision 1" in error(run(*made, file(PLANS, "before.yaml")))
    assert "is no revision of this installation" in error(run(*made, file(MORE, "other.yaml")))
    assert run(*made, file(PLANS, "before.yaml"), "--merge").status == 0
