"""The plan grid in the web: draft, review, publish, history, revert, merge (plans.md §5)."""

from __future__ import annotations

import html
import re

import pytest
from bs4 import BeautifulSoup

from core.contract.features import Feature, FeatureKind
from core.contract.hookspecs import hookimpl
from core.contract.plugin import Plugin
from core.plans.file.document import parse_plans
from core.registry import load
from core.testing import close_kit, open_kit
from tests.web.conftest import PLANS, PLUGINS, Site, StubPlugin

JSON = {"Accept": "application/json"}
COMMENTED = PLANS.replace("recording: true", "recording: true   # talks are recorded")


@pytest.fixture
def plans(tmp_path):
    """A file of this test's own: publishing writes it."""
    folder = tmp_path / "plan-file"
    folder.mkdir()
    path = folder / "plans.yaml"
    path.write_text(COMMENTED)
    return path


class ManyKinds(StubPlugin):
    """A plugin with a feature of each kind that no built-in has."""

    @hookimpl
    def register_plugin(self):
        features = (
            Feature("stub", "Stub"),
            Feature("stub.quality", "Quality", FeatureKind.CHOICE, choices=("low", "high")),
            Feature("stub.minutes", "Minutes", FeatureKind.METERED),
        )
        return Plugin("stub", "Stub", features=features)


@pytest.fixture
def kinds(tmp_path, plans):
    """The site with features of every kind."""
    kit = open_kit(tmp_path, load(PLUGINS, {"stub": ManyKinds()}), plans=plans)
    site = Site(kit)
    with site.app.app_context():
        site.fill()
    yield site
    close_kit(kit)


@pytest.fixture
def bill(site):
    return site.sign_in("bill")


@pytest.fixture
def olga(site):
    return site.sign_in("olga")


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def grid(browser, address="/plan-matrix/"):
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    return soup(answer)


def cell(page, plan, feature):
    """What is read of a cell, its hidden words included."""
    found = page.find(id=f"cell-{plan}-{feature}")
    return " ".join(found.get_text(" ").split())


def fill(browser, word, plans, features, **more):
    """What the script sends for a selection."""
    data = {"word": word, "plans": plans, "features": features, "csrf_token": browser.token}
    return browser.client.post("/plan-matrix/fill", data={**data, **more}, headers=JSON)


def change(browser, plan, feature, say, **more):
    """The form of one cell."""
    address = f"/plan-matrix/cell?plan={plan}&feature={feature}"
    return browser.post(address, say=say, **more)


def review(browser):
    answer = browser.get("/plan-matrix/review/")
    assert answer.status_code == 200, answer.location
    return soup(answer)


def hidden(page, name):
    return page.find("input", {"name": name})["value"]


def publish(browser, message="because", start="now", **more):
    page = review(browser)
    seen = {"seen": hidden(page, "seen"), "newest": hidden(page, "newest")}
    data = {"message": message, "start": start, **seen, **more}
    return browser.post("/plan-matrix/review/", **data)


def flashes(answer):
    return " ".join(one.get_text(" ", strip=True) for one in soup(answer).select(".alert"))


# --- The grid ---------------------------------------------------------------------------------


def test_the_grid_shows_own_and_inherited_values_and_what_has_no_effect(site, bill):
    page = grid(bill)
    assert cell(page, "free", "recording.monthly_calls") == "100 100 80, 100 %"
    assert cell(page, "professional", "recording") == "✓ in the plan ↰ inherited from Free"
    assert cell(page, "bare", "recording") == "– not in the plan"
    change(bill, "bare", "recording.dual_channel", "true")
    page = grid(bill)
    assert "no effect : needs Recording" in cell(page, "bare", "recording.dual_channel")
    assert [one["data-plan"] for one in page.select("th[data-plan]")] == [
        "free",
        "professional",
        "bare",
    ]
    groups = [one.get_text(strip=True) for one in page.select("tr.group th")]
    assert groups == sorted(groups, key=groups.index)
    assert "Recording" in groups


@pytest.mark.parametrize(("name", "status"), [("bill", 200), ("olga", 200), ("anna", 403)])
def test_billers_and_operators_edit_the_matrix_and_nobody_else(site, name, status):
    browser = site.sign_in(name)
    for address in ("/plan-matrix/", "/plan-history/", "/plan-history/1", "/plan-matrix/plan/"):
        assert browser.get(address).status_code == status
    assert fill(browser, "5", "free", "queue.max_groups").status_code == status


def test_no_change_without_the_form_token(site, bill):
    bill.token = "wrong"
    assert fill(bill, "5", "free", "queue.max_groups").status_code == 400
    assert bill.post("/plan-matrix/discard").status_code == 400


def test_rows_are_found_by_words_differences_and_changes_without_a_script(site, bill):
    def rows(query):
        found = grid(bill, f"/plan-matrix/?{query}").select("tr[data-feature]:not([hidden])")
        return {one["data-feature"] for one in found}

    assert rows("q=month") == {"recording.monthly_calls"}
    assert rows("q=recording+month") == {"recording.monthly_calls"}
    assert "crm" in rows("differences=1")
    assert rows("changed=1") == set()
    change(bill, "free", "queue.max_groups", "count", count="4")
    assert rows("changed=1") == {"queue.max_groups"}
    assert grid(bill, "/plan-matrix/?changed=1").find(id="plan-none").has_attr("hidden")
    assert not grid(bill, "/plan-matrix/?q=zzz").find(id="plan-none").has_attr("hidden")


# --- The draft ----------------------------------------------------------------------------------


def test_a_cells_form_changes_the_draft_and_shows_what_was(site, bill):
    answer = change(bill, "free", "recording.monthly_calls", "count", count="250", warn_at="50 90")
    assert answer.status_code == 302
    assert answer.location == "/plan-matrix/#cell-free-recording.monthly_calls"
    page = grid(bill)
    assert cell(page, "free", "recording.monthly_calls").startswith("250 250 50, 90 %")
    found = page.find(id="cell-free-recording.monthly_calls")
    assert found["title"] == "was: 100"
    assert "changed" in found["class"]
    assert "Your draft: 1 change" in page.get_text()
    assert site.kit.app.book.settled().number == 1


@pytest.mark.parametrize(
    ("feature", "form", "shown"),
    [
        ("recording.dual_channel", {"say": "true"}, "✓ in the plan"),
        ("crm", {"say": "false"}, "– not in the plan"),
        ("queue.max_groups", {"say": "count", "count": "0"}, "0 0"),
        ("queue.max_groups", {"say": "unlimited"}, "unlimited unlimited"),
        ("recording.monthly_calls", {"say": "count", "count": "1000"}, "1,000 1,000 no warning"),
        ("queue.max_groups", {"say": "inherit"}, "– not in the plan"),
    ],
)
def test_each_kind_is_edited_as_what_it_is(site, bill, feature, form, shown):
    assert change(bill, "free", feature, **form).status_code == 302
    assert cell(grid(bill), "free", feature).startswith(shown)


@pytest.mark.parametrize(
    ("feature", "form", "sentence"),
    [
        ("queue.max_groups", {"say": "count", "count": "many"}, "“many” cannot be granted"),
        ("queue.max_groups", {"say": "count", "count": ""}, "Write how many"),
        ("queue.max_groups", {"say": ""}, "Choose what this plan shall say."),
        ("recording.monthly_calls", {"say": "count", "count": "9", "warn_at": "x"}, "9 @ x"),
    ],
)
def test_what_a_cell_cannot_take_is_said_with_the_word_typed(site, bill, feature, form, sentence):
    answer = change(bill, "free", feature, **form)
    assert answer.status_code == 422
    assert sentence in html.unescape(answer.text).replace('"many"', "“many”")
    assert "No draft" in grid(bill).get_text()


def test_an_unknown_cell_is_not_found(site, bill):
    for query in ("plan=free&feature=nothing", "plan=nothing&feature=crm", ""):
        assert bill.get(f"/plan-matrix/cell?{query}").status_code == 404


def test_the_script_is_told_every_cell_that_follows(site, bill):
    stamp = grid(bill).find("table", {"data-plan-grid": True})["data-stamp"]
    told = fill(bill, "false", "free", "recording", seen=stamp).json
    assert set(told["cells"]) == {
        "cell-free-recording",
        "cell-professional-recording",
        "cell-free-recording.monthly_calls",
        "cell-professional-recording.monthly_calls",
        "cell-professional-recording.dual_channel",
    }
    assert "no effect" in told["cells"]["cell-free-recording.monthly_calls"]
    assert told["message"] == "In the draft: Recording, Free: not in the plan."
    assert "Your draft: 1 change" in told["bar"]
    again = fill(bill, "7", "free", "queue.max_groups", seen=stamp)
    assert again.json == {"reload": True}


def test_undo_and_redo_survive_the_browser(site, bill):
    for count in ("2", "3", "4"):
        fill(bill, count, "free", "queue.max_groups")
    bill.post("/plan-matrix/undo")
    bill.post("/plan-matrix/undo")
    elsewhere = site.sign_in("bill")
    assert cell(grid(elsewhere), "free", "queue.max_groups").startswith("2 2")
    elsewhere.post("/plan-matrix/redo")
    assert cell(grid(elsewhere), "free", "queue.max_groups").startswith("3 3")
    elsewhere.post("/plan-matrix/undo")
    elsewhere.post("/plan-matrix/undo")
    assert "No draft" in grid(elsewhere).get_text()
    fill(elsewhere, "9", "free", "queue.max_groups")
    assert grid(elsewhere).find("form", {"data-plan-step": "redo"}).button.has_attr("disabled")


def test_a_draft_is_ones_own_and_others_are_told(site, bill, olga):
    fill(bill, "9", "free", "queue.max_groups")
    page = grid(olga)
    assert "Bill has a draft open: 1 step" in page.get_text()
    assert cell(page, "free", "queue.max_groups") == "1 1"
    bill.post("/plan-matrix/discard")
    assert "has a draft open" not in grid(olga).get_text()
    assert "No draft" in grid(bill).get_text()


def test_choices_and_metered_features_take_their_words(kinds):
    bill = kinds.sign_in("bill")
    row = grid(bill).find("tr", {"data-feature": "stub.quality"})
    assert (row["data-kind"], row["data-choices"]) == ("choice", "low high")
    form = grid(bill, "/plan-matrix/cell?plan=free&feature=stub.quality")
    offered = [one["value"] for one in form.select("input[name=say]")]
    assert offered == ["inherit", "false", "low", "high"]
    change(bill, "free", "stub.quality", "high")
    assert fill(bill, "true", "free", "stub.minutes").status_code == 200
    page = grid(bill)
    assert cell(page, "free", "stub.quality").startswith("high high")
    assert "inherited from Free" in cell(page, "professional", "stub.quality")
    assert cell(page, "free", "stub.minutes").startswith("✓ in the plan")
    wrong = fill(bill, "best", "free", "stub.quality").json["wrong"][0]["sentence"]
    assert "best" in wrong
    assert "low, high" in wrong


# --- Paste --------------------------------------------------------------------------------------


def paste(browser, text, **where):
    data = {"text": text, "csrf_token": browser.token, **where}
    return browser.client.post("/plan-matrix/paste", data=data, headers=JSON)


HERE = {
    "plans": "free professional bare",
    "features": "queue.ring_all queue.max_groups queue.max_members",
}


def test_a_block_from_a_spreadsheet_is_one_step(site, bill):
    assert paste(bill, "x\ttrue\r\n5\t\t7\r\n", **HERE).status_code == 200
    page = grid(bill)
    assert cell(page, "free", "queue.ring_all").startswith("✓")
    assert cell(page, "free", "queue.max_groups").startswith("5 5")
    assert "inherited from Free" in cell(page, "professional", "queue.max_groups")
    assert cell(page, "bare", "queue.max_groups").startswith("7 7")
    bill.post("/plan-matrix/undo")
    assert "No draft" in grid(bill).get_text()


def test_one_wrong_cell_refuses_the_block_and_each_is_named(site, bill):
    answer = paste(bill, "yes\n5 pieces\nlots", **HERE)
    assert answer.status_code == 422
    told = answer.json
    assert told["message"] == "Nothing was changed:"
    assert [one["id"] for one in told["wrong"]] == [
        "cell-free-queue.max_groups",
        "cell-free-queue.max_members",
    ]
    first = told["wrong"][0]["sentence"]
    assert first.startswith("Groups: how many, Free:")
    assert "5 pieces" in first
    assert "unlimited" in first
    assert "No draft" in grid(bill).get_text()


def test_a_block_over_the_edge_is_refused_with_both_sizes(site, bill):
    told = paste(bill, "1\t2\t3\t4", **HERE).json
    assert told["message"] == ("The block is 4 × 1 cells; from here on there is room for 3 × 3.")


def test_a_block_may_name_plans_and_features_by_key_or_title(site, bill):
    text = (
        "Feature\tProfessional\tfree\n"
        "Queue groups\t\t\n"
        "Groups: how many\t50\t5\n"
        "queue.max_members\tunlimited\t6\n"
    )
    answer = bill.post("/plan-matrix/paste", text=text, from_plan="bare", from_feature="crm")
    assert answer.status_code == 302
    page = grid(bill)
    assert cell(page, "professional", "queue.max_groups").startswith("50 50")
    assert cell(page, "free", "queue.max_members").startswith("6 6")
    assert "Your draft: 4 changes" in page.get_text()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("\tFree\tPremum\ncrm\ttrue\ttrue", "There is no plan “Premum”."),
        ("\tFree\tProfesional\ncrm\t1\t1", "did you mean “professional”?"),
        ("\tFree\ncrm\ttrue\nrecordng\ttrue", "did you mean “recording”?"),
        ("\t\n\t", "There is nothing to paste"),
        ("\tFree\tFree\ncrm\tyes\tno", "“Free” stands twice in the block"),
        ("crm\tyes\ncrm\tno", "“crm” stands twice in the block"),
    ],
)
def test_an_unknown_name_is_said_and_what_was_pasted_is_kept(site, bill, text, sentence):
    answer = bill.post("/plan-matrix/paste", text=text, from_plan="free", from_feature="crm")
    assert answer.status_code == 422
    page = soup(answer)
    assert sentence in page.get_text()
    assert page.find("textarea", {"name": "text"}).get_text().strip("\r\n") == text.strip("\r\n")


def test_a_pasted_word_that_is_inherited_anyway_stays_inherited(site, bill):
    shown = "true\n100\nfalse"
    where = {
        "plans": "professional",
        "features": "recording recording.monthly_calls recording.dual_channel",
    }
    paste(bill, shown, **where)
    page = grid(bill)
    assert "inherited from Free" in cell(page, "professional", "recording")
    assert cell(page, "professional", "recording.monthly_calls").startswith("100 100")
    assert "Your draft: 2 changes" in page.get_text()


# --- Columns ------------------------------------------------------------------------------------


def test_a_new_plan_stands_in_its_place_and_inherits(site, bill):
    form = {"key": "team", "title": "Team", "extends": "free", "after": "free"}
    assert bill.post("/plan-matrix/plan/", **form).status_code == 302
    page = grid(bill)
    assert [one["data-plan"] for one in page.select("th[data-plan]")][:2] == ["free", "team"]
    assert "inherited from Free" in cell(page, "team", "crm")
    assert publish(bill, "a team plan").status_code == 302
    document = site.kit.app.book.settled().document
    assert list(document.plans) == ["free", "team", "professional", "bare"]
    assert document.plans["team"].extends == "free"


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"key": "Team!"}, "Team!"),
        ({"key": "free"}, "free"),
        ({"key": "team", "extends": "nobody"}, "nobody"),
        ({"key": "team", "after": "nobody"}, "nobody"),
    ],
)
def test_a_wrong_column_is_said_and_nothing_typed_is_lost(site, bill, form, word):
    form = {"title": "My title", "extends": "", "after": "", **form}
    answer = bill.post("/plan-matrix/plan/", **form)
    assert answer.status_code == 422
    page = soup(answer)
    assert word in page.find(class_="field-error").get_text()
    assert page.find("input", {"name": "title"})["value"] == "My title"
    assert "No draft" in grid(bill).get_text()


def test_title_parent_and_place_of_a_plan_change_and_a_circle_is_not_offered(site, bill):
    page = grid(bill, "/plan-matrix/plan/?plan=free")
    offered = [one["value"] for one in page.select("select[name=extends] option")]
    assert offered == ["", "bare"]
    form = {"title": "Starter", "extends": "bare", "after": "bare"}
    bill.post("/plan-matrix/plan/?plan=free", **form)
    page = grid(bill)
    assert [one["data-plan"] for one in page.select("th[data-plan]")] == [
        "professional",
        "bare",
        "free",
    ]
    assert "Starter" in page.select_one("th[data-plan=free]").get_text()


def test_removing_a_plan_says_who_has_it_and_waits_until_nobody_has(site, bill):
    page = grid(bill, "/plan-matrix/plan/remove?plan=professional")
    assert "1 account has this plan:" in page.get_text()
    assert "Dupont" in page.get_text()
    bill.post("/plan-matrix/plan/remove?plan=professional")
    assert "The draft removes the plan Professional." in grid(bill).get_text()
    assert "Professional cannot go yet: 1 accounts have it" in review(bill).get_text()
    answer = publish(bill, "gone")
    assert answer.status_code == 422
    assert "Dupont" in soup(answer).find(class_="field-error").get_text()
    site.paris.plan = "free"
    site.paris.save()
    assert publish(bill, "gone").status_code == 302
    assert "professional" not in site.kit.app.book.settled().document.plans


def test_a_plan_that_others_extend_is_not_removed(site, bill):
    answer = bill.post("/plan-matrix/plan/remove?plan=free")
    assert answer.status_code == 200
    assert "Professional extend it" in soup(answer).get_text()
    assert "No draft" in grid(bill).get_text()


# --- Review and publish ---------------------------------------------------------------------------


def test_the_review_says_what_follows_who_gains_and_who_loses(site, bill):
    fill(bill, "false", "free", "recording")
    fill(bill, "5", "free", "queue.max_groups")
    page = review(bill)
    text = page.get_text(" ", strip=True)
    assert "2 accounts lose" in text
    assert "1 account gains" in text
    losing = page.find(id="losing").find_next("table").get_text(" ", strip=True)
    assert "Rossi" in losing
    assert "Dupont" in losing
    assert "+39 06 1234 5678".replace(" ", "") in losing.replace("\xa0", "").replace(" ", "")
    follows = page.select_one(".plan-follows").get_text(" ", strip=True)
    assert follows.startswith("4 cells follow")
    assert "Professional · Recording: in the plan → not in the plan less" in follows
    diff = page.select_one(".plan-diff").get_text()
    assert "-      recording: true   # talks are recorded" in diff
    assert re.search(r"\+      recording: false +# talks are recorded", diff)


def test_publishing_writes_a_revision_and_the_file_and_ends_the_draft(site, bill, plans):
    fill(bill, "5", "free", "queue.max_groups")
    answer = publish(bill, "  More groups\nfor all ")
    assert answer.location == "/plan-history/2"
    settled = site.kit.app.book.settled()
    assert settled.number == 2
    assert plans.read_text() == COMMENTED.replace("max_groups: 1", "max_groups: 5")
    entry = site.kit.app.book.revisions.entry(2)
    assert (entry.author, entry.message) == ("bill@example.com", "More groups for all")
    assert (entry.source, str(entry.start)) == ("web", "now")
    assert "No draft" in grid(bill).get_text()
    page = soup(bill.get("/plan-history/2")).get_text(" ", strip=True)
    assert "Revision 2 in force" in page
    assert "Groups: how many Free 1 5 more" in page


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"message": " "}, "Say why you publish this"),
        ({"start": "date"}, "Choose the day from which it shall hold."),
        ({"start": "date", "day": "2026-01-01"}, "2026-01-01"),
        ({"start": "tomorrow"}, "tomorrow"),
    ],
)
def test_a_publish_that_cannot_be_is_said_and_the_message_is_kept(site, bill, form, sentence):
    fill(bill, "5", "free", "queue.max_groups")
    answer = publish(bill, **{"message": "my reason", **form})
    assert answer.status_code == 422
    page = soup(answer)
    assert sentence in page.find(class_="field-error").get_text()
    if "message" not in form:
        assert page.find("textarea", {"name": "message"}).get_text() == "my reason"
    assert site.kit.app.book.settled().number == 1


def test_a_scheduled_revision_is_announced_and_can_be_cancelled(site, bill):
    fill(bill, "5", "free", "queue.max_groups")
    assert publish(bill, "for the new year", "date", day="2027-01-01").status_code == 302
    page = grid(bill)
    notice = page.select_one(".plan-scheduled").get_text(" ", strip=True)
    assert "Revision 2 is scheduled: from 1 Jan 2027 on" in notice
    assert cell(page, "free", "queue.max_groups") == "1 1"
    answer = bill.post("/plan-history/2/cancel", newest="2", message="not now")
    assert answer.location == "/plan-history/3"
    assert grid(bill).select(".plan-scheduled") == []
    assert "never held" in soup(bill.get("/plan-history/2")).get_text()


def test_cancelling_needs_a_message(site, bill):
    fill(bill, "5", "free", "queue.max_groups")
    publish(bill, "later", "next-period")
    answer = bill.post("/plan-history/2/cancel", newest="2", message="")
    assert "message is missing" in flashes(bill.get(answer.location))
    assert len(site.kit.app.book.scheduled()) == 1


def test_the_review_warns_of_a_scheduled_change_of_the_same_cell(site, bill):
    fill(bill, "5", "free", "queue.max_groups")
    publish(bill, "later", "next-period")
    fill(bill, "3", "free", "queue.max_groups")
    text = review(bill).get_text(" ", strip=True)
    assert "Revision 2 is scheduled and changes the same:" in text
    assert "Groups: how many, Free: 5" in text
    publish(bill, "now three")
    rows = soup(bill.get("/plan-history/")).select("table.plan-history tbody tr")
    states = [row.select_one(".plan-state").get_text() for row in rows]
    assert states == ["scheduled", "in force", "entered again", "earlier"]


# --- History --------------------------------------------------------------------------------------


def test_going_back_is_a_new_revision_with_the_same_review(site, bill, plans):
    fill(bill, "5", "free", "queue.max_groups")
    publish(bill, "five")
    answer = bill.post("/plan-history/1/revert")
    assert answer.location == "/plan-matrix/review/"
    page = review(bill)
    assert page.find("textarea", {"name": "message"}).get_text() == "Back to revision 1"
    publish(bill, "five were too many")
    entry = site.kit.app.book.revisions.entry(3)
    assert entry.reverts == 1
    assert plans.read_text() == COMMENTED


def test_a_draft_is_never_replaced_by_going_back(site, bill):
    fill(bill, "5", "free", "queue.max_groups")
    publish(bill, "five")
    fill(bill, "8", "free", "queue.max_groups")
    answer = bill.post("/plan-history/1/revert")
    assert "publish or discard it first" in flashes(bill.get(answer.location))
    assert cell(grid(bill), "free", "queue.max_groups").startswith("8 8")
    bill.post("/plan-matrix/discard")
    answer = bill.post("/plan-history/2/revert")
    assert "says the same as what is in force" in flashes(bill.get(answer.location))


def test_two_revisions_are_compared_from_the_earlier_to_the_later(site, bill):
    fill(bill, "5", "free", "queue.max_groups")
    publish(bill, "five")
    page = soup(bill.get("/plan-history/diff?from=2&to=1"))
    assert page.h1.get_text() == "From revision 1 to 2"
    assert "Groups: how many Free 1 5 more" in page.get_text(" ", strip=True)
    assert bill.get("/plan-history/diff?from=2").status_code == 302
    assert bill.get("/plan-history/diff?from=2&to=99").status_code == 404
    assert bill.get("/plan-history/99").status_code == 404


def test_the_history_is_paged(site, bill, monkeypatch):
    monkeypatch.setattr("core.web.views.plan_history.PAGE", 2)
    for count in ("2", "3", "4"):
        fill(bill, count, "free", "queue.max_groups")
        publish(bill, f"now {count}")
    page = soup(bill.get("/plan-history/"))
    numbers = [one.get_text() for one in page.select("table.plan-history strong")]
    assert numbers == ["4", "3"]
    older = page.find("a", rel="next")["href"]
    numbers = [one.get_text() for one in soup(bill.get(older)).select("table.plan-history strong")]
    assert numbers == ["2", "1"]


# --- Two people -----------------------------------------------------------------------------------


def test_two_people_are_told_and_nothing_is_overwritten(site, bill, olga):
    fill(bill, "5", "free", "queue.max_groups")
    fill(bill, "9", "free", "queue.max_members")
    fill(olga, "7", "free", "queue.max_groups")
    page = review(bill)
    publish(olga, "seven")
    seen = {"seen": hidden(page, "seen"), "newest": hidden(page, "newest")}
    answer = bill.post("/plan-matrix/review/", message="five", start="now", **seen)
    assert answer.location == "/plan-matrix/merge/"
    assert "Revision 2" in grid(bill).select_one(".plan-behind").get_text()
    page = soup(bill.get("/plan-matrix/merge/"))
    clash = page.select_one(".plan-clash").get_text(" ", strip=True)
    assert clash == ("Groups: how many, Free Was: 1 7 theirs: olga@example.com, revision 2 5 mine")
    assert "1 change is kept" in page.get_text()
    merge = {"seen": hidden(page, "seen")}
    refused = bill.post("/plan-matrix/merge/", **merge)
    assert "Choose for each of them" in flashes(refused)
    answer = bill.post("/plan-matrix/merge/", **merge, **{"choice-0": "mine"})
    assert answer.location == "/plan-matrix/review/"
    page = review(bill)
    assert page.find("textarea", {"name": "message"}).get_text() == "five"
    publish(bill, "five after all")
    document = site.kit.app.book.settled().document
    assert document.cell("free", "queue.max_groups").value == 5
    assert document.cell("free", "queue.max_members").value == 9


def test_choosing_theirs_keeps_the_rest_of_mine(site, bill, olga):
    fill(bill, "5", "free", "queue.max_groups")
    fill(bill, "9", "free", "queue.max_members")
    fill(olga, "7", "free", "queue.max_groups")
    publish(olga, "seven")
    page = soup(bill.get("/plan-matrix/merge/"))
    bill.post("/plan-matrix/merge/", seen=hidden(page, "seen"), **{"choice-0": "theirs"})
    page = grid(bill)
    assert cell(page, "free", "queue.max_groups") == "7 7"
    assert cell(page, "free", "queue.max_members").startswith("9 9")
    assert "Your draft: 1 change" in page.get_text()


def test_a_plan_removed_meanwhile_comes_back_only_when_chosen(site, bill, olga):
    fill(bill, "9", "bare", "queue.max_members")
    fill(bill, "4", "free", "queue.max_groups")
    olga.post("/plan-matrix/plan/remove?plan=bare")
    publish(olga, "nobody has it")
    page = soup(bill.get("/plan-matrix/merge/"))
    clash = page.select_one(".plan-clash").get_text(" ", strip=True)
    assert clash.startswith("The plan Bare Was: “Bare”, extends no other plan")
    assert "no such plan theirs: olga@example.com, revision 2" in clash
    bill.post("/plan-matrix/merge/", seen=hidden(page, "seen"), **{"choice-0": "mine"})
    page = grid(bill)
    assert cell(page, "bare", "queue.max_members").startswith("9 9")
    assert cell(page, "free", "queue.max_groups").startswith("4 4")


def test_two_titles_of_one_plan_are_chosen_between(site, bill, olga):
    form = {"extends": "free", "after": "free"}
    bill.post("/plan-matrix/plan/?plan=professional", title="Pro", **form)
    olga.post("/plan-matrix/plan/?plan=professional", title="Expert", **form)
    publish(olga, "a better word")
    page = soup(bill.get("/plan-matrix/merge/"))
    clash = page.select_one(".plan-clash").get_text(" ", strip=True)
    assert "“Expert”, extends Free theirs" in clash
    assert "“Pro”, extends Free mine" in clash
    bill.post("/plan-matrix/merge/", seen=hidden(page, "seen"), **{"choice-0": "theirs"})
    assert "No draft" in grid(bill).get_text()


def test_two_places_of_one_plan_are_chosen_between(site, bill, olga):
    form = {"title": "Bare", "extends": ""}
    bill.post("/plan-matrix/plan/?plan=bare", after="", **form)
    olga.post("/plan-matrix/plan/?plan=bare", after="free", **form)
    publish(olga, "second")
    page = soup(bill.get("/plan-matrix/merge/"))
    clash = page.select_one(".plan-clash").get_text(" ", strip=True)
    assert clash.startswith(
        "The place of the plan Bare Was: behind Professional behind Free theirs"
    )
    assert clash.endswith("first of all mine")
    bill.post("/plan-matrix/merge/", seen=hidden(page, "seen"), **{"choice-0": "mine"})
    publish(bill, "first")
    assert next(iter(site.kit.app.book.settled().document.plans)) == "bare"


def test_a_draft_changed_in_another_window_is_not_published_unseen(site, bill):
    fill(bill, "5", "free", "queue.max_groups")
    page = review(bill)
    fill(bill, "6", "free", "queue.max_groups")
    seen = {"seen": hidden(page, "seen"), "newest": hidden(page, "newest")}
    answer = bill.post("/plan-matrix/review/", message="five", start="now", **seen)
    assert answer.status_code == 409
    assert "changed in another window" in soup(answer).get_text()
    assert site.kit.app.book.settled().number == 1


# --- The file -------------------------------------------------------------------------------------


def test_a_refused_file_shows_its_lines_and_can_be_put_back(site, bill, plans):
    grid(bill)
    plans.write_text(COMMENTED.replace("queue.max_groups: 1", "queue.max_groups: none"))
    site.kit.app.book.look()
    page = grid(bill)
    banner = page.select_one(".alert-danger").get_text(" ", strip=True)
    assert re.search(r"plans\.yaml:\d+:\d+ plans\.free\.features\.queue\.max_groups", banner)
    assert "Put the file back to revision 1" in banner
    answer = bill.post("/plan-matrix/restore")
    told = flashes(bill.get(answer.location))
    assert "plans.yaml holds revision 1 again." in told
    assert plans.read_text() == COMMENTED
    kept = list(plans.parent.glob("plans.yaml.refused-*"))
    assert [one.read_text().count("none") for one in kept] == [1]


def test_an_edit_of_the_file_by_hand_is_offered_to_be_merged(site, bill, plans):
    fill(bill, "9", "free", "queue.max_members")
    plans.write_text(COMMENTED.replace("queue.max_groups: 1", "queue.max_groups: 3"))
    site.kit.app.book.look()
    assert "Revision 2 came into force" in grid(bill).get_text()
    page = soup(bill.get("/plan-matrix/merge/"))
    assert "the file" in page.select_one(".plan-meanwhile").get_text()
    bill.post("/plan-matrix/merge/", seen=hidden(page, "seen"))
    publish(bill, "nine members")
    document = parse_plans(plans.read_text(), site.kit.app.registry)
    assert document.cell("free", "queue.max_groups").value == 3
    assert document.cell("free", "queue.max_members").value == 9
