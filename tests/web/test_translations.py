"""Every text of the admin has its Italian (S6)."""

from __future__ import annotations

import io
import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from core.web.language import compile_catalogues

WEB = Path(__file__).parents[2] / "core" / "web"
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def italian():
    source = WEB / "translations" / "it" / "LC_MESSAGES" / "messages.po"
    return read_po(io.BytesIO(source.read_bytes()), locale="it")


def used():
    found = extract_from_dir(WEB, METHODS, keywords=KEYWORDS)
    return {text[0] if isinstance(text, tuple) else text for _, _, text, _, _ in found}


def test_nothing_is_left_in_english():
    known = {one.id[0] if isinstance(one.id, tuple) else one.id for one in italian() if one.string}
    assert len(used()) > 250
    assert used() - known == set()


def test_placeholders_are_the_same():
    for one in italian():
        if not one.id:
            continue
        ids = one.id if isinstance(one.id, tuple) else (one.id,)
        strings = one.string if isinstance(one.string, tuple) else (one.string,)
        names = {name for text in ids for name in re.findall(r"%\(\w+\)s", text)}
        for text in strings:
            assert set(re.findall(r"%\(\w+\)s", text)) <= names, one.id
            assert names - {"%(num)s"} <= set(re.findall(r"%\(\w+\)s", text)), one.id


def test_catalogues_are_compiled_when_they_are_new(tmp_path):
    folder = tmp_path / "texts"
    source = folder / "it" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "a"\nmsgstr "b"\n'
    )
    compiled = compile_catalogues(folder, tmp_path / "cache") / "it/LC_MESSAGES/messages.mo"
    first = compiled.stat().st_mtime_ns
    compile_catalogues(folder, tmp_path / "cache")
    assert compiled.stat().st_mtime_ns == first
    assert b"b" in compiled.read_bytes()
