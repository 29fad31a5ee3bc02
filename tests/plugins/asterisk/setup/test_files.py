"""Files are written whole, for Asterisk's group only, and never over somebody else's."""

from __future__ import annotations

import errno
import os

import pytest

from core.api import BadInput, CentralinoError, Conflict
from plugins.asterisk.setup import files, options
from plugins.asterisk.setup.rendering import OURS

OLD, NEW = {"pjsip.conf": f"{OURS}\nold\n"}, {"pjsip.conf": f"{OURS}\nnew\n"}


def test_only_what_changed_is_written(tmp_path):
    assert files.write(tmp_path, OLD) == ["pjsip.conf"]
    assert files.write(tmp_path, OLD) == []
    assert files.write(tmp_path, NEW) == ["pjsip.conf"]
    assert (tmp_path / "pjsip.conf").read_text() == NEW["pjsip.conf"]
    assert [one.name for one in tmp_path.iterdir()] == ["pjsip.conf"]


def test_nobody_else_reads_passwords(tmp_path):
    files.write(tmp_path, OLD)
    assert (tmp_path / "pjsip.conf").stat().st_mode & 0o777 == 0o640


def test_a_file_of_somebody_else_is_left_alone(tmp_path):
    path = tmp_path / "pjsip.conf"
    path.write_text("theirs")
    with pytest.raises(Conflict, match=r"pjsip\.conf.*--force"):
        files.write(tmp_path, NEW)
    assert path.read_text() == "theirs"
    assert files.write(tmp_path, NEW, force=True) == ["pjsip.conf"]
    assert path.read_text() == NEW["pjsip.conf"]
    assert (tmp_path / "pjsip.conf.before-centralino").read_text() == "theirs"


def test_a_file_that_may_be_anybodys_stays_theirs(tmp_path):
    (tmp_path / "logger.conf").write_text("theirs")
    assert files.write(tmp_path, {"logger.conf": f"{OURS}\n"}, force=True) == []
    assert (tmp_path / "logger.conf").read_text() == "theirs"


def test_a_full_disk_leaves_whole_files_and_one_sentence(tmp_path, monkeypatch):
    files.write(tmp_path, OLD)

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CentralinoError, match=r"cannot be written: No space left on device\."):
        files.write(tmp_path, NEW)
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == list(OLD.items())


def test_options_are_kept_for_the_next_time(tmp_path):
    first = options.load(tmp_path, {"bind": "192.0.2.1", "rtp": None})
    files.write(tmp_path, {options.FILE: options.as_text(first)})
    assert options.load(tmp_path, {"bind": None, "rtp": "20000-20100"}) == options.Options(
        bind="192.0.2.1", rtp="20000-20100"
    )


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("bind", "here"), ("rtp", "5"), ("rtp", "20000-10000"), ("local_net", "192.0.2.0/99"),
        ("state", "/srv/a b"), ("public_address", "pbx.example\n"), ("ari_bind", "::1"),
    ],
)  # fmt: skip
def test_an_option_that_is_wrong_is_named(tmp_path, name, typed):
    with pytest.raises(BadInput) as refused:
        options.load(tmp_path, {name: typed})
    assert repr(typed) in refused.value.message


def test_ari_is_on_loopback_unless_the_server_says_an_address():
    none = options.Options()
    assert options.ari_address(none, "http://127.0.9.9:8099") == ("127.0.9.9", 8099)
    assert options.ari_address(none, "https://pbx.example.com") == ("127.0.0.1", 8088)
    assert options.ari_address(none, "http://10.0.0.5:8088") == ("10.0.0.5", 8088)
