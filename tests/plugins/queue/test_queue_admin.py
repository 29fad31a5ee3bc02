"""The pages on which groups are made (R6, N5, plan limits), by a signed-in admin."""

from __future__ import annotations

import re
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from core.calls.tables import OfferRow
from core.store.people import EmployeeRow
from plugins.queue.models import GroupRow, MemberRow
from tests.support.calls import NOON
from tests.support.site import open_site

PLANS = """
schema: 1
plans:
  small:
    title: Small
    features:
      queue.max_groups: 1
      queue.max_members: 1
  large:
    title: Large
    features:
      queue.ring_all: true
      queue.max_groups: unlimited
      queue.max_members: unlimited
"""
FORM = {
    "name": "Sales",
    "extension": "200",
    "strategy": "evenly",
    "rings": "4",
    "rounds": "1",
    "wrap_up_seconds": "0",
    "no_answer": "voicemail",
    "no_answer_employee": "__None",
    "no_answer_number": "",
    "no_answer_group": "__None",
    "wait_minutes": "10",
    "after_wait": "voicemail",
}


@pytest.fixture
def site(tmp_path):
    with open_site(tmp_path, ("queue",), PLANS) as site:
        site.rossi = site.account("Rossi", "large")
        site.anna = EmployeeRow.create(
            account=site.rossi, name="Anna", extension="101", sip="a@pbx.example"
        )
        site.bruno = EmployeeRow.create(account=site.rossi, name="Bruno", available=False)
        yield site


@pytest.fixture
def admin(site):
    return site.sign_in(site.rossi, "admin")


def rows(*members):
    """The members' part of the form: (id or None, place, employee or number)."""
    form = {}
    for index, (key, place, who) in enumerate(members):
        form |= {
            f"members-{index}-id": key or "",
            f"members-{index}-position": place,
            f"members-{index}-employee": "__None" if isinstance(who, str) else who.id,
            f"members-{index}-number": who if isinstance(who, str) else "",
        }
    return form


def stored(site):
    query = MemberRow.of(site.rossi).order_by(MemberRow.position)
    return [row.employee.name if row.employee else row.number for row in query]


def chosen(page):
    """The employees of the form's members, from the first to the last."""
    found = (select.partition("</select>")[0] for select in page.text.split("custom-select")[1:])
    selects = [select for select in found if "-employee" in select]
    return re.findall(r"<option selected[^>]*>([^<(]+?)(?: \(\d+\))?</option>", " ".join(selects))


def downgrade(site):
    site.rossi.plan = "small"
    site.rossi.save()


def create(admin, *members, **changes):
    return admin.post("/queue_groups/new/", **{**FORM, **changes, **rows(*members)})


def test_an_empty_list_says_what_to_do_next(admin):
    page = admin.get("/queue_groups/").text
    assert "No groups yet." in page
    assert "put employees into it" in page


def test_a_group_with_employees_and_an_outside_number(site, admin):
    answer = create(admin, (None, 2, site.anna), (None, 1, "06 8765 4321"))
    assert answer.status_code == 302
    group = GroupRow.get()
    assert (group.name, group.account_id, group.rings) == ("Sales", site.rossi.id, 4)
    assert stored(site) == ["+390687654321", "Anna"]


def test_the_list_and_the_form_show_who_is_free_now(site, admin):
    create(admin, (None, 1, site.anna), (None, 2, site.bruno))
    OfferRow.create(account=site.rossi, target=f"employee:{site.anna.id}", offered_at=NOON)
    assert "1 of 2 free" in admin.get("/queue_groups/").text
    page = admin.get(f"/queue_groups/edit/?id={GroupRow.get().id}").text
    assert "Members now" in page
    assert "free" in page
    assert "not available" in page
    assert "20 Nov 2026" in page
    supervisor = site.sign_in(site.rossi, "supervisor")
    assert "Members now" in supervisor.get(f"/queue_groups/details/?id={GroupRow.get().id}").text


def test_a_row_in_which_nobody_is_chosen_yet_is_not_free(admin):
    page = BeautifulSoup(
        admin.post("/queue_groups/new/", name="Sales", add="1").text, "html.parser"
    )
    (row,) = page.select(".inline-list .member")
    assert row.select_one(".member-state").text.strip() == ""


def test_members_are_shown_in_their_order(site, admin):
    create(admin, (None, 9, site.anna), (None, 3, site.bruno))
    assert chosen(admin.get(f"/queue_groups/edit/?id={GroupRow.get().id}")) == ["Bruno", "Anna"]


def test_rows_are_changed_and_deleted(site, admin):
    create(admin, (None, 1, site.anna), (None, 2, site.bruno))
    group = GroupRow.get()
    first, second = MemberRow.select().order_by(MemberRow.position)
    form = rows((first.id, 5, site.anna), (second.id, 2, site.bruno))
    form["del-members-1"] = "on"
    answer = admin.post(f"/queue_groups/edit/?id={group.id}", **{**FORM, **form})
    assert answer.status_code == 302
    assert [(row.id, row.position) for row in MemberRow.of(site.rossi)] == [(first.id, 5)]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"extension": "101"}, "Extension 101 belongs to Anna: choose another."),
        ({"name": ""}, "This field is required."),
        ({"no_answer": "number"}, "is no full number: write it like +390612345678."),
        ({"no_answer": "phone"}, "Choose the employee whose phone is rung."),
        ({"wrap_up_seconds": "-1"}, "Enter a number of seconds from 0 to 3600."),
    ],
)
def test_what_would_cost_calls_is_refused_on_its_field(site, admin, changes, sentence):
    answer = create(admin, (None, 1, site.anna), **changes)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert GroupRow.select().count() == MemberRow.select().count() == 0


def test_a_member_is_in_a_group_once(site, admin):
    answer = create(admin, (None, 1, site.anna), (None, 2, site.anna))
    assert "Anna is in this group already." in answer.text
    assert GroupRow.select().count() == 0


def test_a_group_without_members_is_saved_with_a_warning(admin):
    assert create(admin).status_code == 302
    assert "Nobody is in this group" in admin.get("/queue_groups/").text


def test_more_groups_than_the_plan_includes_are_refused(site, admin):
    downgrade(site)
    create(admin, (None, 1, site.anna))
    answer = create(admin, (None, 1, site.anna), name="Support", extension="201")
    assert "With Support there would be 2 groups." in answer.text
    assert "queue.max_groups" in answer.text
    assert GroupRow.select().count() == 1


def test_more_members_than_the_plan_includes_are_refused_but_old_ones_stay(site, admin):
    create(admin, (None, 1, site.anna), (None, 2, site.bruno))
    group = GroupRow.get()
    downgrade(site)
    assert "beyond the plan" in admin.get(f"/queue_groups/edit/?id={group.id}").text
    old = [(row.id, row.position, row.employee) for row in MemberRow.select()]
    address = f"/queue_groups/edit/?id={group.id}"
    form = {**FORM, "name": "Vendite", **rows(*old)}
    assert admin.post(address, **form).status_code == 302
    assert GroupRow.get().name == "Vendite"
    more = admin.post(address, **{**form, **rows(*old, (None, 3, "+390687654321"))})
    assert "Vendite would have 3 members." in more.text
    assert MemberRow.select().count() == 2


def test_ring_all_outside_the_plan_is_kept_and_said(site, admin):
    downgrade(site)
    assert create(admin, (None, 1, site.anna), strategy="all").status_code == 302
    page = admin.get("/queue_groups/").text
    assert "the group rings evenly" in page
    assert "all at once (not in the plan: evenly)" in page
    assert GroupRow.get().strategy == "all"


def test_an_employee_of_another_account_cannot_become_a_member(site, admin):
    foreign = EmployeeRow.create(account=site.account("Dupont", "large"), name="Pierre")
    create(admin, (None, 1, foreign))
    assert MemberRow.select().count() == 0

    create(admin, (None, 1, site.anna))
    group, member = GroupRow.get(), MemberRow.get()
    form = {**FORM, **rows((member.id, 1, foreign)), "no_answer_employee": foreign.id}
    answer = admin.post(f"/queue_groups/edit/?id={group.id}", **form)
    assert answer.status_code == 200
    assert "Not a valid choice" in answer.text
    assert stored(site) == ["Anna"]


def test_another_account_s_group_is_not_there(site, admin):
    create(admin, (None, 1, site.anna))
    stranger = site.sign_in(site.account("Dupont", "large"), "admin")
    address = f"/queue_groups/edit/?id={GroupRow.get().id}"
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, **FORM).status_code == 404
    assert "Sales" not in stranger.get("/queue_groups/").text


def test_agents_have_no_such_page(site):
    agent = site.sign_in(site.rossi, "agent")
    assert agent.get("/queue_groups/").status_code == 403


# --- Waiting and overflow ---


def test_hold_and_wait_is_saved_and_said(site, admin):
    answer = create(
        admin, (None, 1, site.anna), no_answer="wait", wait_minutes="15", after_wait="hangup"
    )
    assert answer.status_code == 302
    group = GroupRow.get()
    assert (group.no_answer, group.wait_minutes, group.after_wait) == ("wait", 15, "hangup")
    page = admin.get("/queue_groups/").text
    assert (
        "Sales: Rings Anna one after the other, the longest-waiting first, 20 s each; then the"
        " caller waits for up to 15 minutes and is served as soon as somebody is free; after that"
        " hang up."
    ) in page
    assert "wait, then hang up" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"wait_minutes": "0"}, "Enter a number of minutes from 1 to 60."),
        ({"wait_minutes": "61"}, "Enter a number of minutes from 1 to 60."),
        ({"after_wait": "wait"}, "Not a valid choice."),
        ({"rings": "8"}, "Not a valid choice."),
        ({"after_wait": "queue"}, "Choose the group that takes over."),
    ],
)
def test_a_wait_that_cannot_be_is_refused_on_its_field(site, admin, changes, sentence):
    answer = create(admin, (None, 1, site.anna), no_answer="wait", **changes)
    assert answer.status_code == 200
    assert sentence in answer.text
    assert GroupRow.select().count() == 0


def test_overflow_to_itself_and_in_a_circle_is_refused(site, admin):
    create(admin, (None, 1, site.anna))
    sales = GroupRow.get()
    to_sales = {"no_answer": "queue", "no_answer_group": sales.id}
    assert (
        create(
            admin, (None, 1, site.bruno), name="Support", extension="201", **to_sales
        ).status_code
        == 302
    )
    support = GroupRow.get(name="Support")
    address = f"/queue_groups/edit/?id={sales.id}"
    member = rows((MemberRow.get(group=sales).id, 1, site.anna))
    itself = admin.post(address, **{**FORM, **to_sales, **member})
    assert "Sales cannot hand its calls over to itself" in itself.text
    round_about = {"no_answer": "queue", "no_answer_group": support.id}
    circle = admin.post(address, **{**FORM, **round_about, **member})
    assert "go round in a circle (Sales → Support and back)" in circle.text
    assert GroupRow.get_by_id(sales.id).no_answer == "voicemail"


def test_a_group_that_takes_over_is_not_deleted(site, admin):
    create(admin, (None, 1, site.anna))
    sales = GroupRow.get()
    to_sales = {"no_answer": "queue", "no_answer_group": sales.id}
    create(admin, (None, 1, site.bruno), name="Support", extension="201", **to_sales)
    page = admin.post("/queue_groups/delete/", id=sales.id)
    assert page.status_code == 302
    assert "no answer in group Support" in admin.get("/queue_groups/").text
    assert GroupRow.select().count() == 2


def test_overflow_to_an_empty_group_and_outside_the_plan_is_warned_of(site, admin):
    create(admin)
    to_sales = {"no_answer": "queue", "no_answer_group": GroupRow.get().id}
    create(admin, (None, 1, site.anna), name="Support", extension="201", **to_sales)
    page = admin.get("/queue_groups/").text
    assert "Nobody is in group Sales: a call that comes there" in page
    assert "Until then such calls go to the group&#39;s voicemail." in page


# --- The list of members, and the way back to a card ---


def test_a_button_moves_a_member_and_saves_nothing(site, admin):
    members = rows((None, 1, site.anna), (None, 2, site.bruno))
    page = admin.post("/queue_groups/new/", **FORM, **members, move="1:up")
    assert chosen(page) == ["Bruno", "Anna"]
    assert GroupRow.select().count() == 0
    for nonsense in ("0:up", "1:down", "7:up", "x", ":up"):
        page = admin.post("/queue_groups/new/", **FORM, **members, move=nonsense)
        assert chosen(page) == ["Anna", "Bruno"]
    page = admin.post("/queue_groups/new/", **FORM, **members, add="1")
    assert page.text.count("members-2-employee") > 0


def test_the_sentence_says_what_follows_where_nobody_answers_outside(site, admin):
    outside = {"no_answer": "number", "no_answer_number": "+390687654321"}
    answer = admin.post("/queue_groups/preview/", **FORM | rows((None, 1, site.anna)) | outside)
    assert answer.text.endswith("; then +390687654321, then voicemail of the group.")


def test_the_sentence_follows_what_is_typed(site, admin):
    form = {**FORM, **rows((None, 1, site.anna), (None, 2, "+390687654321")), "strategy": "all"}
    answer = admin.post("/queue_groups/preview/", **form)
    assert answer.text == (
        "Rings Anna and +390687654321 all at once, for 20 s; then voicemail of the group."
    )
    downgrade(site)
    assert "one after the other" in admin.post("/queue_groups/preview/", **form).text
    assert admin.post("/queue_groups/preview/").status_code == 200
    supervisor = site.sign_in(site.rossi, "supervisor")
    assert supervisor.post("/queue_groups/preview/", **form).status_code == 403


def test_what_was_made_from_a_card_is_chosen_there(site, admin):
    back = "/queue_groups/?page=0#setting-queue-group"
    query = {"url": back, "chosen_for": "queue.group"}
    answer = admin.post(f"/queue_groups/new/?{urlencode(query)}", **FORM)
    group = GroupRow.get()
    expected = f"/queue_groups/?page=0&queue.group=queue%3A{group.id}#setting-queue-group"
    assert answer.headers["Location"] == expected
    foreign = {"url": "https://evil.example/", "chosen_for": "queue.group"}
    answer = admin.post(
        f"/queue_groups/new/?{urlencode(foreign)}", **{**FORM, "name": "B", "extension": "201"}
    )
    assert answer.headers["Location"].startswith("/queue_groups/")


def test_who_is_absent_is_not_free_and_says_why(site, admin):
    """The one availability function (R7), also on the page: whoever is absent from work."""
    create(admin, (None, 1, site.anna))
    calls = []

    def find_absent(call, settings):
        calls.append(call.account.id)
        return {site.anna.id: "on a break"}

    every = site.centralino.registry.every

    def with_absence(hook):
        return [("queue", find_absent)] if hook == "find_absent" else every(hook)

    with patch.object(site.centralino.registry, "every", with_absence):
        page = admin.get("/queue_groups/").text
        form = admin.get(f"/queue_groups/edit/?id={GroupRow.get().id}").text
    assert "0 of 1 free" in page
    assert form.count("on a break") == 2
    assert set(calls) == {site.rossi.id}
