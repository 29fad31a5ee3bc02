"""Trees of menus for programs, and as files: the same checks as at the page, all or nothing."""

import copy

import pytest

from core.api import LineRow, save_profile
from plugins.ivr.models import MenuRow
from tests.plugins.ivr.conftest import Editor

FAILURE = {"retries": 1, "prompt": "Again.", "sound": "", "to": ""}


def menu(name, *keys, **more):
    """A menu as a program sends it; keys are (key, to, text)."""
    said = [{"key": key, "to": to, "text": "".join(text)} for key, to, *text in keys]
    return {"name": name, "prompt": f"{name}.", "keys": said, **more}


TREE = {
    "menus": [
        menu("Main", ("1", "menu:Sales"), ("0", "voicemail"), ("3", "message", "Open all day.")),
        menu("Sales", ("*", "back"), ("2", "number", "06 8765 4321"), no_input=FAILURE),
    ]
}


class Program:
    """Sends JSON in the session of an admin."""

    def __init__(self, editor):
        self.browser, self.menus = editor.browser, editor.menus

    def send(self, method, address="", body=None):
        token = {"X-CSRFToken": self.browser._form_token}
        return self.browser.client.open(
            f"/api/ivr/trees{address}", method=method, json=body, headers=token
        )

    def make(self, tree=TREE):
        answer = self.send("POST", body=tree)
        assert answer.status_code == 201, answer.text
        return answer.json


@pytest.fixture
def program(editor):
    return Program(editor)


def top(tree):
    return f"/{tree['menus'][0]['id']}"


def test_a_tree_is_made_read_and_listed(program):
    made = program.make()
    assert program.send("GET", top(made)).json == made
    main, sales = made["menus"]
    assert [one["to"] for one in main["keys"]] == ["menu:Sales", "message", "voicemail"]
    assert sales["keys"][0]["text"] == "+390687654321"
    assert sales["no_input"] == FAILURE
    assert (main["first_seconds"], main["between_seconds"]) == (5, 2)
    assert main["no_input"]["prompt"] == "We have not heard a key."
    (listed,) = program.send("GET").json["trees"]
    assert listed == {"id": main["id"], "name": "Main", "menus": 2, "levels": 2, "used_by": []}


def test_a_tree_is_put_with_what_is_new_renamed_and_left_out(program):
    made = program.make()
    main = made["menus"][0]
    main["keys"][0]["to"] = "menu:Office"
    changed = {"version": made["version"], "menus": [{**main, "name": "Front"}, menu("Office")]}
    answer = program.send("PUT", top(made), changed)
    assert answer.status_code == 200, answer.text
    known = program.menus()
    assert sorted(known) == ["Front", "Office"]
    assert known["Front"].id == main["id"]
    assert known["Front"].keys["1"].target == f"ivr:{known['Office'].id}"


def test_two_menus_can_exchange_their_names(program):
    made = program.make()
    first, second = made["menus"]
    first["name"], second["name"] = "Sales", "Main"
    first["keys"][0]["to"] = "menu:Main"
    answer = program.send("PUT", top(made), made)
    assert answer.status_code == 200, answer.text
    assert program.menus()["Sales"].id == first["id"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda menus: menus[1].update(name="Main"), "There is another menu “Main”."),
        (lambda menus: menus[0]["keys"][0].update(to="menu:Gone"), "no menu “Gone” in this tree"),
        (lambda menus: menus[0]["keys"][0].update(key="3"), "Key 3 is there twice."),
        (lambda menus: menus[0]["keys"][0].update(to="queue:99"), "does not exist any more"),
        (lambda menus: menus[0]["keys"][2].update(text="abc"), "“abc” is no complete"),
        (lambda menus: menus[1]["keys"][0].update(to="menu:Main"), "go round in circles"),
        (lambda menus: menus[1].update(prompt=""), "Type what callers hear"),
        (lambda menus: menus[1].update(first_seconds=31), "Enter 1 to 30 seconds."),
        (lambda menus: menus[1].update(id=99), "There is no menu 99 in this tree."),
        (lambda menus: menus[0]["keys"][1].update(sound="other:1"), "sound does not exist"),
        (lambda menus: menus.append(menu("Menu", ("1", "menu:Sales"))), "is already below key"),
    ],
)
def test_a_tree_that_does_not_make_sense_changes_nothing(program, change, sentence):
    tree = copy.deepcopy(TREE)
    tree["menus"][0]["keys"][2:] = [
        {"key": "4", "to": "number", "text": "0687654321"},
        {"key": "3", "to": "message", "text": "Hello."},
    ]
    made = program.make(tree)
    before = program.menus()
    keys = {one["key"]: one for one in made["menus"][0]["keys"]}
    made["menus"][0]["keys"] = [keys[one] for one in "1340"]
    if sentence.startswith("“abc”"):
        made["menus"][0]["keys"] = [keys[one] for one in "1043"]
    elif "sound" in sentence:
        made["menus"][0]["keys"] = [keys[one] for one in "1304"]
    change(made["menus"])
    answer = program.send("PUT", top(made), made)
    assert answer.status_code == 422, answer.text
    assert sentence in answer.json["message"]
    assert answer.json["details"]["fields"]
    assert program.menus() == before


@pytest.mark.parametrize("version", ["", "abc", "1-000000000000"])
def test_nobody_writes_over_what_nobody_has_read(program, version):
    made = program.make()
    before = program.menus()
    answer = program.send("PUT", top(made), {**made, "version": version})
    assert answer.status_code == 409
    assert program.menus() == before


def test_the_later_program_is_told_what_changed(site, editor, program):
    made = program.make()
    editor.send(editor.menus()["Main"], "key", was="0", key="0", to="exit")
    answer = program.send("PUT", top(made), made)
    assert (answer.status_code, answer.json["error_id"]) == (409, "conflict")
    assert "key 0 of menu Main: Voicemail → Leave the menu" in answer.json["message"]


def test_a_tree_in_use_is_not_deleted(site, program):
    made = program.make()
    line = LineRow.create(account=site.rossi, number="+390612345678")
    save_profile(line, "ivr", values={"menu": f"ivr:{made['menus'][0]['id']}"})
    answer = program.send("DELETE", top(made))
    assert answer.status_code == 409
    assert "+39\xa006\xa01234\xa05678: Voice menu" in answer.json["message"]
    save_profile(line, "ivr", values={"menu": ""})
    assert program.send("DELETE", top(made)).status_code == 204
    assert MenuRow.select().count() == 0


def test_deeper_than_the_plan(site, program):
    site.rossi.plan = "small"
    site.rossi.save()
    tree = copy.deepcopy(TREE)
    tree["menus"][1]["keys"].append({"key": "1", "to": "menu:Offers"})
    tree["menus"].append(menu("Offers", ("*", "back")))
    answer = program.send("POST", body=tree)
    assert answer.status_code == 422
    assert "Offers is on level 3. Voice menu: levels: 2" in answer.json["message"]
    assert MenuRow.select().count() == 0


def test_without_the_plan_and_beyond_the_wall_there_is_nothing(site, program):
    made = program.make()
    none = Program(Editor(site, site.account("Verdi", "none")))
    answer = none.send("GET")
    assert (answer.status_code, answer.json["error_id"]) == (403, "feature-not-in-plan")
    other = Program(Editor(site, site.account("Bianchi", "large")))
    for method, body in (("GET", None), ("PUT", made), ("DELETE", None)):
        assert other.send(method, top(made), body).status_code == 404
    assert sorted(program.menus()) == ["Main", "Sales"]


# --- Files ---


def test_an_exported_tree_is_imported_again_under_free_names(editor, program):
    made = program.make()
    file = editor.browser.get(f"/ivr_menus/tree{top(made)}/export")
    assert file.mimetype == "application/yaml"
    assert "to: menu:Sales" in file.text
    answer = editor.browser.post("/ivr_menus/import", text=file.text)
    assert answer.status_code == 302, answer.text
    known = program.menus()
    assert sorted(known) == ["Main", "Main 2", "Sales", "Sales 2"]
    assert known["Main 2"].keys["1"].target == f"ivr:{known['Sales 2'].id}"
    assert known["Sales 2"].no_input == known["Sales"].no_input


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("menus: [", "This is no YAML: see line"),
        ("hello", "This is no tree of menus."),
        ("menus: &a [*a]", "This is no tree of menus."),
        ("menus: []", "menus: "),
        ("menus: [{name: Main, prompt: Hi, kees: []}]", "menus.0.kees: Unknown field."),
        ("menus: [{name: Main}]", "Type what callers hear"),
        ("menus: [{name: Main, prompt: Hi, keys: [{key: 1, to: 'queue:9'}]}]", "not exist any"),
        ("menus: [{name: Main, prompt: Hi, keys: [{key: x, to: exit}]}]", "Choose a key"),
    ],
)
def test_a_file_that_is_no_tree_changes_nothing(editor, text, sentence):
    answer = editor.browser.post("/ivr_menus/import", text=text)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert MenuRow.select().count() == 0


def test_a_copy_has_menus_of_its_own(editor, program):
    made = program.make()
    main = program.menus()["Main"]
    answer = editor.browser.post(f"/ivr_menus/tree{top(made)}/copy")
    assert answer.status_code == 302
    known = program.menus()
    assert sorted(known) == ["Copy of Main", "Main", "Sales", "Sales 2"]
    assert known["Copy of Main"].keys["1"].target == f"ivr:{known['Sales 2'].id}"
    assert known["Main"] == main
