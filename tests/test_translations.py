"""Every text that people read has its Italian, in core and in every plugin (S6)."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from core.api import EmployeeRow, LineRow
from core.contract.texts import N_
from tests.support.site import open_site

PROJECT = Path(__file__).parents[1]
PLUGINS = tuple(sorted(one.parent.name for one in (PROJECT / "plugins").glob("*/plugin.py")))
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+(?:!r)?\}")
OWN = PROJECT / "core" / "web"
PLANS = """
schema: 1
plans:
  all:
    title: All
    features: {crm: true, ivr: true, ivr.max_depth: unlimited, queue.max_groups: unlimited,
               queue.max_members: unlimited, quality_rating: true, recording: true,
               recording.monthly_calls: unlimited, workhours: true}
"""
ITALIAN = {"Accept-Language": "it"}


def catalogue(folder):
    """The translations of a folder, by message."""
    source = folder / "translations" / "it" / "LC_MESSAGES" / "messages.po"
    with source.open("rb") as file:
        return {one.id: one for one in read_po(file, locale="it") if one.id}


def used(folder):
    """The messages that a folder's code and templates ask for."""
    found = (text for _, _, text, _, _ in extract_from_dir(folder, METHODS, keywords=KEYWORDS))
    return {text for text in found if text}


def strings(text):
    return text if isinstance(text, tuple | list) else (text,)


def placeholders(text):
    return {one for part in strings(text) for one in PLACEHOLDER.findall(part)}


def places():
    """Where catalogues are, with the folder whose texts they hold."""
    folders = [PROJECT / "plugins" / name for name in PLUGINS]
    return [(PROJECT / "core", OWN), *((one, one) for one in folders)]


@pytest.mark.parametrize(("code", "texts"), places(), ids=lambda one: one.name)
def test_every_text_has_its_italian(code, texts):
    known = {strings(id)[0] for id in {**catalogue(OWN), **catalogue(texts)}}
    asked = {strings(id)[0] for id in used(code)}
    assert asked
    assert asked - known == set()


@pytest.mark.parametrize(("code", "texts"), places()[1:], ids=lambda one: one.name)
def test_a_plugins_catalogue_has_what_it_uses_and_nothing_else(code, texts):
    unused = {strings(id)[0] for id in catalogue(texts)} - {strings(id)[0] for id in used(code)}
    assert unused == set()


@pytest.mark.parametrize(("code", "texts"), places(), ids=lambda one: one.name)
def test_every_translation_is_finished_and_fits(code, texts):
    for id, one in catalogue(texts).items():
        assert all(strings(one.string)), id
        assert not one.fuzzy, id
        assert placeholders(one.string) == placeholders(id), id


def test_the_same_text_is_translated_the_same_everywhere():
    # All catalogues become one when the site starts: the last would silently win.
    found = {}
    for _, texts in places():
        for id, one in catalogue(texts).items():
            assert found.setdefault(id, one.string) == one.string, (texts.name, id)


def test_a_marked_text_stays_as_it_is():
    assert N_("Quality rating") == "Quality rating"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with open_site(tmp_path_factory.mktemp("site"), PLUGINS, PLANS) as site:
        site.rossi = site.account("Rossi", "all")
        site.line = LineRow.create(account=site.rossi, number="+390612345678")
        EmployeeRow.create(account=site.rossi, name="Anna")
        yield site


@pytest.fixture(scope="module")
def admin(site):
    return site.sign_in(site.rossi, "admin", may_listen=True, may_delete_recordings=True)


@pytest.mark.parametrize(
    ("address", "texts"),
    [
        ("/crm_contacts/", ["Contatti", "Ancora nessun contatto.", "Responsabile: tutti"]),
        ("/crm_deals/new/", ["Importo", "Valuta", "aperto", "Responsabile"]),
        ("/crm/card/", ["Trova un cliente", "Numero di telefono"]),
        ("/ivr_menus/new", ["Nuovo menu", "Crea e aggiungi i tasti"]),
        ("/quality_rating/", ["Valutazioni", "non è stato chiesto un voto"]),
        ("/queue_groups/new/", ["tutti insieme", "5 volte", "4 squilli, 20 secondi", "Membri"]),
        ("/recording/", ["Registrazioni", "si conservano per sempre", "Ancora nessuna"]),
        ("/voicemail_messages/", ["Segreteria", "Nessun messaggio."]),
        ("/workhours_schedules/new/", ["Lunedì", "Copia il lunedì", "Festività di"]),
        ("/gateways/new/", ["Webhook TwiML"]),
    ],
)
def test_a_plugins_page_is_shown_in_italian(admin, address, texts):
    page = admin.get(address, headers=ITALIAN)
    assert page.status_code == 200
    assert [text for text in texts if text not in page.text] == []


@pytest.mark.parametrize(
    "text",
    [
        "Benvenuto e interni",
        "Secondi di squillo per un numero esterno",
        "Lead per i chiamanti sconosciuti",
        "Crea automaticamente",
        "Prima della registrazione",
        "Non dopo conversazioni più brevi di (secondi)",
        "Segreteria di Anna",
    ],
)
def test_a_numbers_card_is_shown_in_italian(site, admin, text):
    page = admin.get(f"/lines/{site.line.id}/", headers=ITALIAN)
    assert page.status_code == 200
    assert text in page.text


def test_what_was_typed_wrong_is_said_in_italian(admin):
    typed = {"name": "Sales", "strategy": "evenly", "rings": "4", "rounds": "1",
             "wrap_up_seconds": "0", "no_answer": "phone", "extension": "abc",
             "wait_minutes": "10", "after_wait": "voicemail"}  # fmt: skip
    page = admin.client.post(
        "/queue_groups/new/",
        data={**typed, "csrf_token": admin._form_token},
        headers=ITALIAN,
    )
    assert "“abc” non è un interno: usate da 1 a 4 cifre." in page.text
    assert "Scegliete il dipendente di cui far squillare il telefono." in page.text


@pytest.mark.parametrize(
    ("address", "field", "typed", "told"),
    [
        ("/number-profile/{id}/", "text", "a: b: c", "Riga 1: questi due punti sono di troppo"),
        ("/number-profile/{id}/", "text", "a: 'b", "le virgolette aperte qui non sono chiuse"),
        ("/number-profile/{id}/", "text", "a: &b c", "ancore e alias non sono accettati"),
        ("/ivr_menus/import", "text", "menus:\n- nam: x", "menus.0.nam: Campo sconosciuto."),
        ("/ivr_menus/import", "text", "menus: []", "Un albero ha da 1 a 200 menu."),
        ("/employees/new/", "name", "", "Non è stato salvato nulla: correggete i campi segnati."),
    ],
)
def test_what_cannot_be_read_is_said_in_italian(site, admin, address, field, typed, told):
    page = admin.client.post(
        address.format(id=site.line.id),
        data={field: typed, "csrf_token": admin._form_token},
        headers=ITALIAN,
    )
    assert told in unescape(page.text)


def test_a_file_of_scenarios_that_is_no_yaml_is_said_in_italian(site, admin):
    address = f"/scenarios/number/{site.line.id}/import/"
    file = (io.BytesIO(b"scenarios:\n\t- a"), "giorni.yaml")
    data = {"file": file, "csrf_token": admin._form_token}
    page = admin.client.post(address, data=data, headers=ITALIAN, follow_redirects=True)
    assert "riga 2, colonna 1: qui c'è una tabulazione; usate spazi" in unescape(page.text)


def test_in_english_nothing_is_italian(admin):
    assert "No contacts yet." in admin.get("/crm_contacts/").text
