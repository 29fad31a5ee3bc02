"""The editor of menus, by a signed-in admin without a script (R4, N5)."""

import re

import pytest

from core.api import EmployeeRow, GatewayRow, LineRow, save_profile
from core.calls.rehearsal.saved import save_scenario
from plugins.ivr.models import EditRow, KeyRow, MenuRow
from tests.plugins.ivr.conftest import Editor


def stored(menus, name):
    return {key: (one.target, one.text) for key, one in menus[name].keys.items()}


def shown(text):
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


# --- The list and new trees ---


def test_an_empty_list_says_what_to_do_next(editor):
    page = editor.browser.get("/ivr_menus/").text
    assert "No menus yet." in page
    assert "choose it on the card of a number" in page


def test_without_the_plan_there_are_no_menus(site):
    other = Editor(site, site.account("Bianchi", "none"))
    answer = other.browser.get("/ivr_menus/")
    assert answer.status_code == 200
    assert "Voice menu is not in the plan" in answer.text
    assert "Included from plan Small." in answer.text
    assert "Callers hear a prompt and press a key." in answer.text
    assert other.browser.post("/ivr_menus/new", name="Main", prompt="Hi.").status_code == 403
    assert MenuRow.select().count() == 0


def test_menus_stay_to_be_seen_without_the_plan_and_come_back_with_it(site, editor):
    main = editor.make("Main", prompt="Press 1 for sales.")
    editor.below(main, "1", "Sales")
    before, site.rossi.plan = site.rossi.plan, "none"
    site.rossi.save()
    for address, status in (("/ivr_menus/", 200), (f"/ivr_menus/tree/{main.id}", 403)):
        answer = editor.browser.get(address)
        assert answer.status_code == status
        assert "Press 1 for sales." in answer.text
        assert "until then calls go on without them. Main" in shown(answer.text)
        assert "1 Sales" in shown(answer.text)
        assert "ivr_menus/menu" not in answer.text  # nothing to change here
    assert 'href="/ivr_menus/"' in editor.browser.get("/").text
    assert editor.browser.post(f"/ivr_menus/menu/{main.id}/delete").status_code == 403
    site.rossi.plan = before
    site.rossi.save()
    assert editor.browser.get("/ivr_menus/").status_code == 200
    assert sorted(editor.menus()) == ["Main", "Sales"]


def test_a_new_tree_asks_for_its_first_key_at_once(editor):
    answer = editor.browser.post("/ivr_menus/new", name=" Main ", prompt="Welcome.")
    main = editor.menus()["Main"]
    assert answer.location.endswith(f"/tree/{main.id}?open=add&menu={main.id}")
    assert "Main is there. Now add its keys." in editor.alerts(answer)
    assert 'id="ivr-form"' in editor.browser.get(answer.location).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "", "prompt": "Hi."}, "Give the menu a name."),
        ({"name": "x" * 121, "prompt": "Hi."}, "At most 120 characters, please."),
        ({"name": "Other", "prompt": " "}, "Type what callers hear, or choose a sound."),
        ({"name": "Main", "prompt": "Hi."}, "There is another menu “Main”."),
    ],
)
def test_a_new_tree_that_cannot_be_is_refused_on_its_field(editor, fields, sentence):
    editor.make("Main")
    answer = editor.browser.post("/ivr_menus/new", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert MenuRow.select().count() == 1


def test_the_list_says_how_deep_trees_are_and_who_has_them(site, editor):
    main = editor.make("Main")
    editor.below(main, "1", "Sales")
    editor.make("Other")
    line = LineRow.create(account=site.rossi, number="+390612345678")
    save_profile(line, "ivr", values={"menu": f"ivr:{main.id}"})
    rows = [shown(row) for row in editor.browser.get("/ivr_menus/").text.split("<tr>")[2:]]
    assert [row.split()[0] for row in rows] == ["Main", "Other"]
    assert "1 2 2 the account&#39;s language +39 06 1234 5678: Voice menu" in rows[0]
    assert "none yet 1 1" in rows[1]
    assert "nothing yet" in rows[1]


# --- Keys ---


def test_two_levels_from_nothing(site, editor):
    anna = EmployeeRow.create(account=site.rossi, name="Anna", extension="101", sip="a@b.example")
    main = editor.make("Main")
    sales = editor.below(main, "1", "Sales")
    assert editor.key(sales, "1", f"employee:{anna.id}").status_code == 302
    assert editor.key(main, "2", "number", number="06 8765 4321").status_code == 302
    assert editor.key(main, "3", "message", text="We are open.").status_code == 302
    assert editor.key(main, "*", "repeat", text="ignored").status_code == 302
    menus = editor.menus()
    assert stored(menus, "Main") == {
        "1": (f"ivr:{sales.id}", ""),
        "2": ("number", "+390687654321"),
        "3": ("message", "We are open."),
        "*": ("repeat", ""),
    }
    page = shown(editor.page(sales))
    for text in ("Main level 1", "Sales level 2", "Anna (101)", "+390687654321", "We are open."):
        assert text in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"to": "message"}, "Type the message that callers hear, or choose a sound."),
        ({"to": "number", "number": "abc"}, "“abc” is no complete phone number"),
        ({"to": "number", "number": "+12125550100"}, "this account dials IT only"),
        ({"to": "number", "number": "+390612345678"}, "is a number of this account"),
        ({"to": ""}, "Choose where this key leads."),
        ({"to": "ivr:99"}, "This menu does not exist any more; choose another."),
        ({"to": "queue:99"}, "does not exist any more, or is not in the plan"),
        ({"to": "nonsense"}, "does not exist any more, or is not in the plan"),
        ({"to": "repeat", "key": "A"}, "Choose a key: 0 to 9, * or #."),
        ({"to": "new", "name": "", "prompt": "Hi."}, "Give the menu a name."),
        ({"to": "new", "name": "Main", "prompt": "Hi."}, "There is another menu “Main”."),
        ({"to": "new", "name": "Sales", "prompt": ""}, "Type what callers hear"),
    ],
)
def test_a_key_that_cannot_work_is_refused_where_it_was_typed(site, editor, fields, sentence):
    LineRow.create(account=site.rossi, number="+390612345678")
    main = editor.make("Main")
    answer = editor.send(main, "add", **{"key": "1", **fields})
    assert answer.status_code == 422
    form = answer.text.split('id="ivr-form"', 1)[1].split("</form>", 1)[0]
    assert sentence in form
    assert KeyRow.select().count() == 0
    assert MenuRow.select().count() == 1


def test_a_taken_key_is_refused_and_named(editor):
    main = editor.make("Main")
    editor.key(main, "1", "repeat")
    answer = editor.key(main, "1", "exit")
    assert answer.status_code == 422
    assert "Key 1 of menu Main is taken." in answer.text
    assert stored(editor.menus(), "Main") == {"1": ("repeat", "")}


def test_a_key_changes_its_action_and_its_place(editor):
    main = editor.make("Main")
    editor.key(main, "1", "repeat")
    assert editor.send(main, "key", was="1", key="1", to="exit").status_code == 302
    assert editor.send(main, "key", was="1", key="5", to="exit").status_code == 302
    assert stored(editor.menus(), "Main") == {"5": ("exit", "")}


def test_a_key_moves_with_all_that_is_below(editor):
    main = editor.make("Main")
    sales = editor.below(main, "1", "Sales")
    office = editor.below(main, "2", "Office")
    answer = editor.send(main, "move", was="1", menu=office.id, key="")
    assert "key 1 of menu Main moved to key 1 of menu Office" in editor.alerts(answer)
    menus = editor.menus()
    assert stored(menus, "Main") == {"2": (f"ivr:{office.id}", "")}
    assert stored(menus, "Office") == {"1": (f"ivr:{sales.id}", "")}


def test_a_menu_does_not_move_below_itself(editor):
    main = editor.make("Main")
    sales = editor.below(main, "1", "Sales")
    offers = editor.below(sales, "1", "Offers")
    for home in (sales, offers):
        answer = editor.send(main, "move", was="1", menu=home.id, key="9")
        assert answer.status_code == 422
        assert "callers would go round in circles" in answer.text
    assert stored(editor.menus(), "Main") == {"1": (f"ivr:{sales.id}", "")}


def test_to_move_to_a_taken_key_is_refused_without_a_key_the_first_free_one_is_taken(editor):
    main = editor.make("Main")
    office = editor.below(main, "2", "Office")
    editor.key(main, "1", "exit")
    editor.key(office, "1", "back")
    answer = editor.send(main, "move", was="1", menu=office.id, key="1")
    assert "Key 1 of menu Office is taken." in answer.text
    editor.send(main, "move", was="1", menu=office.id, key="")
    assert stored(editor.menus(), "Office") == {"1": ("back", ""), "2": ("exit", "")}


# --- A menu's own fields, and its failures ---


def test_name_prompt_timers_and_extensions(editor):
    main = editor.make("Main")
    fields = {"name": "Front", "prompt": "Hello.", "sound": "", "language": "it",
              "extensions": "1", "first_seconds": "8", "between_seconds": "3"}  # fmt: skip
    answer = editor.send(main, "menu", **fields)
    assert "menu Main renamed to Front" in editor.alerts(answer)
    menu = editor.menus()["Front"]
    assert (menu.prompt, menu.language, menu.extensions) == ("Hello.", "it", True)
    assert (menu.first_seconds, menu.between_seconds) == (8, 3)
    wrong = {"first_seconds": "0", "between_seconds": "x", "name": "", "language": "xx"}
    page = editor.send(main, "menu", **{**fields, **wrong}).text
    for sentence in ("Enter 1 to 30 seconds.", "Enter 1 to 10 seconds.", "Give the menu a name."):
        assert sentence in page
    assert editor.menus() == {"Front": menu}


@pytest.mark.parametrize("name", ["no_input", "invalid", "no_answer"])
def test_each_way_to_fail_is_set_by_itself(editor, name):
    main = editor.make("Main")
    before = editor.menus()["Main"]
    fields = {"retries": "4", "prompt": "Again.", "sound": "", "to": "voicemail"}
    assert editor.send(main, name, **fields).status_code == 302
    after = editor.menus()["Main"]
    assert (getattr(after, name).retries, getattr(after, name).to) == (4, "voicemail")
    others = [one for one in ("no_input", "invalid", "no_answer") if one != name]
    assert all(getattr(after, one) == getattr(before, one) for one in others)
    assert "ask 4 more times, then Voicemail" in editor.page(main)
    answer = editor.send(main, name, **{**fields, "retries": "10"})
    assert "Enter 0 to 9." in answer.text


def test_a_failure_does_not_lead_to_its_own_menu(editor):
    """FreePBX/issue-tracker#79: a condition that points to itself takes the line out of service;
    the form does not even offer it."""
    main = editor.make("Main")
    sales = editor.below(main, "1", "Sales")
    form = editor.page(main, open="no_input", menu=main.id).split('id="ivr-form"')[1]
    offered = form.split("</form>")[0]
    assert f'value="ivr:{sales.id}"' in offered
    assert f'value="ivr:{main.id}"' not in offered
    fields = {"retries": "1", "prompt": "", "sound": ""}
    answer = editor.send(main, "no_input", **fields, to=f"ivr:{main.id}")
    assert "Main would lead to itself; to ask again, set how often." in answer.text
    assert editor.send(main, "no_input", **fields, to=f"ivr:{sales.id}").status_code == 302
    answer = editor.send(sales, "no_input", **fields, to=f"ivr:{main.id}")
    assert "After no input Main leads back to Sales" in answer.text
    assert editor.send(sales, "invalid", **fields, to=f"ivr:{main.id}").status_code == 302


# --- Deleting ---


def test_what_is_lost_is_named_before_it_is_deleted(editor):
    main = editor.make("Main")
    sales = editor.below(main, "1", "Sales")
    editor.below(sales, "1", "Offers")
    page = shown(editor.browser.get(f"/ivr_menus/menu/{main.id}/delete?key=1").text)
    assert "Delete key 1 of Main?" in page
    assert "Sales – keys 1" in page
    assert "Offers" in page
    editor.browser.post(f"/ivr_menus/menu/{main.id}/delete", key="1")
    assert list(editor.menus()) == ["Main"]
    assert stored(editor.menus(), "Main") == {}


def test_the_menus_below_can_be_kept_as_a_tree(editor):
    main = editor.make("Main")
    editor.below(main, "1", "Sales")
    editor.browser.post(f"/ivr_menus/menu/{main.id}/delete", key="1", below="keep")
    assert sorted(editor.menus()) == ["Main", "Sales"]
    assert stored(editor.menus(), "Main") == {}


def test_a_menu_in_use_is_not_deleted_and_its_numbers_and_menus_are_named(site, editor):
    main = editor.make("Main")
    sales = editor.below(main, "1", "Sales")
    other = editor.make("Other")
    line = LineRow.create(account=site.rossi, number="+390612345678")
    save_profile(line, "ivr", values={"menu": f"ivr:{main.id}"})
    fields = {"retries": "1", "prompt": "", "sound": "", "to": f"ivr:{sales.id}"}
    editor.send(other, "no_answer", **fields)
    for address, names in (
        (f"/ivr_menus/menu/{main.id}/delete", "+39\xa006\xa01234\xa05678: Voice menu"),
        (f"/ivr_menus/menu/{main.id}/delete?key=1", "menu Other, after no answer"),
    ):
        assert names in editor.browser.get(address).text
        answer = editor.browser.post(address)
        assert answer.status_code == 409
        assert "cannot be deleted: still used by" in answer.text
        assert names in answer.text
    assert sorted(editor.menus()) == ["Main", "Other", "Sales"]


# --- The plan ---


def test_a_menu_deeper_than_the_plan_is_refused_with_the_gates_words(site, editor):
    site.rossi.plan = "small"
    site.rossi.save()
    main = editor.make("Main")
    sales = editor.below(main, "1", "Sales")
    answer = editor.key(sales, "1", "new", name="Offers", prompt="Offers.")
    assert answer.status_code == 422
    assert "Offers is on level 3. Voice menu: levels: 2" in answer.text
    assert sorted(editor.menus()) == ["Main", "Sales"]


def test_what_is_deeper_than_the_plan_is_kept_after_a_downgrade_and_shown_locked(site, editor):
    main = editor.make("Main")
    sales = editor.below(main, "1", "Sales")
    editor.below(sales, "1", "Offers")
    site.rossi.plan = "small"
    site.rossi.save()
    page = shown(editor.page(main))
    assert "Offers is on level 3. Voice menu: levels: 2" in page
    assert "Included from plan Large. Calls leave the menus here." in page
    assert editor.key(main, "2", "exit").status_code == 302  # elsewhere editing goes on
    assert "deeper than the plan" in editor.browser.get("/ivr_menus/").text
    assert sorted(editor.menus()) == ["Main", "Offers", "Sales"]


# --- Undo, and two at once ---


def test_edits_are_undone_and_done_again(editor):
    main = editor.make("Main")
    editor.key(main, "1", "exit")
    editor.below(main, "2", "Sales")
    before = editor.menus()
    editor.browser.post(f"/ivr_menus/menu/{main.id}/delete", key="2")
    answer = editor.browser.post("/ivr_menus/undo", tree=main.id)
    assert "Undone: menu Sales deleted; key 2 of menu Main deleted" in editor.alerts(answer)
    assert editor.menus() == before
    editor.browser.post("/ivr_menus/undo", tree=main.id)
    assert list(editor.menus()) == ["Main"]
    editor.browser.post("/ivr_menus/undo", tree=main.id)
    assert stored(editor.menus(), "Main") == {}
    for _ in range(2):
        editor.browser.post("/ivr_menus/redo", tree=main.id)
    assert editor.menus() == before
    editor.key(main, "3", "exit")
    answer = editor.browser.post("/ivr_menus/redo", tree=main.id)
    assert "nothing to undo or to do again" in editor.alerts(answer)


def test_nobody_undoes_what_somebody_else_has_changed_since(site, editor):
    main = editor.make("Main")
    editor.key(main, "1", "exit")
    other = Editor(site, site.rossi)
    other.key(main, "2", "repeat")
    answer = editor.browser.post("/ivr_menus/undo", tree=main.id)
    assert "key 2 of menu Main added" in editor.alerts(answer)
    assert sorted(stored(editor.menus(), "Main")) == ["1", "2"]


def test_the_later_save_is_told_what_changed_and_nothing_is_overwritten(site, editor):
    main = editor.make("Main")
    editor.key(main, "1", "exit")
    other = Editor(site, site.rossi)
    mine, theirs = editor.seen(main), other.seen(main)
    assert mine == theirs
    assert other.send(main, "key", was="1", key="1", to="repeat", seen=theirs).status_code == 302
    answer = editor.send(main, "key", was="1", key="1", to="voicemail", seen=mine)
    assert answer.status_code == 409
    text = shown(answer.text)
    assert "was faster: key 1 of menu Main: Leave the menu → Hear this menu again" in text
    assert stored(editor.menus(), "Main") == {"1": ("repeat", "")}
    form = answer.text.split('id="ivr-form"')[1].split("</form>")[0]
    assert 'value="voicemail" selected' in form  # what was typed is kept, on the new version
    again = re.search(r'name="seen" value="([^"]*)"', form)[1]
    answer = editor.send(main, "key", was="1", key="1", to="voicemail", seen=again)
    assert answer.status_code == 302


def test_a_menu_that_somebody_deleted_meanwhile(site, editor):
    main = editor.make("Main")
    sales = editor.below(main, "1", "Sales")
    Editor(site, site.rossi).browser.post(f"/ivr_menus/menu/{main.id}/delete", key="1")
    answer = editor.send(main, "move", was="1", menu=sales.id, key="2")
    assert answer.status_code == 409
    assert "is gone" in answer.text or "deleted in the meantime" in answer.text


def test_edits_are_forgotten_after_some_time(editor):
    main = editor.make("Main")
    for number in range(60):
        editor.send(main, "menu", name=f"Main {number}", prompt="Hi.", first_seconds="5",
                    between_seconds="2")  # fmt: skip
    assert EditRow.select().count() == 50


# --- The wall ---


def test_the_menus_of_another_account_are_not_there(site, editor):
    other = Editor(site, site.account("Bianchi", "large"))
    theirs = other.make("Theirs")
    mine = editor.make("Mine")
    for address in ("/tree/{}", "/tree/{}/export", "/menu/{}/delete"):
        assert editor.browser.get("/ivr_menus" + address.format(theirs.id)).status_code == 404
    assert editor.send(theirs, "add", key="1", to="exit").status_code == 404
    assert editor.browser.post(f"/ivr_menus/tree/{theirs.id}/copy").status_code == 404
    assert "Theirs" not in editor.page(mine, open="add", menu=mine.id)
    answer = editor.key(mine, "1", f"ivr:{theirs.id}")
    assert "does not exist any more" in answer.text
    answer = editor.send(mine, "move", was="1", menu=theirs.id, key="")
    assert answer.status_code in (409, 422)
    assert other.menus() == {"Theirs": theirs}


@pytest.mark.parametrize("id", ["9" * 19, "9" * 5000])
def test_an_id_of_any_length_is_the_id_of_no_menu(editor, id):
    main = editor.make("Main")
    assert editor.browser.get(f"/ivr_menus/tree/{main.id}?menu={id}&open=add").status_code == 200
    assert editor.browser.post("/ivr_menus/undo", tree=id).status_code == 302
    assert editor.send(main, "move", was="1", menu=id, key="").status_code in (404, 409, 422)


# --- Files ---


@pytest.mark.parametrize(
    "text",
    ["[" * 3000, "menus: " + "[" * 3000, "a: &a [x]\nb: [*a, *a]", 'menus:\n- name: "\\ud800"\n'],
    ids=["deep", "deeper", "references", "half a sign"],
)
def test_a_file_that_is_made_to_do_harm_is_refused(editor, text):
    answer = editor.browser.post("/ivr_menus/import", text=text)
    assert (answer.status_code, editor.menus()) == (422, {})
    assert "This is no tree of menus." in answer.text


# --- Saved scenarios ---


def test_an_edit_that_changes_a_saved_scenario_is_asked_about_first(site, editor):
    main = editor.make("Main")
    editor.key(main, "1", "voicemail")
    about = {"kind": "test", "provider": "twilio", "name": "Main", "ref": "AC1", "secret": "s"}
    gateway = GatewayRow.create(account=site.rossi, public_url="https://pbx.example", **about)
    line = LineRow.create(account=site.rossi, number="+390612345678", gateway=gateway)
    save_profile(line, "ivr", values={"menu": f"ivr:{main.id}"})
    call = {"at": "monday 10:00"}
    caller = [{"press": "1"}, {"say": 10}]
    expect = {"outcome": "voicemail"}
    save_scenario(line, {"name": "By key", "call": call, "caller": caller, "expect": expect})
    change = {"was": "1", "key": "1", "to": "exit", "text": "", "sound": ""}
    answer = editor.send(main, "key", **change)
    assert "By key" in answer.text
    assert "Save anyway" in answer.text
    assert stored(editor.menus(), "Main") == {"1": ("voicemail", "")}
    token = answer.text.split('name="rehearsal" value="', 1)[1].split('"', 1)[0]
    again = editor.send(main, "key", **change, rehearsal="back")
    assert 'value="exit" selected' in again.text
    assert "Nothing is saved yet." in again.text
    assert editor.send(main, "key", **change, rehearsal=token).status_code == 302
    assert stored(editor.menus(), "Main") == {"1": ("exit", "")}
